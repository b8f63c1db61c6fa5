// What can be done with a frame: a small menu at the pointer or, by keys, at the selected frame.

import { fill, find, make, moveTo, setProps } from './dom.js';

/** @typedef {{text: string, act: () => void}} Choice */

export class Menu {
  constructor() {
    this.element = find('#menu');
    setProps(this.element, { keydown: (event) => this.#key(event) });
    setProps(window, {
      pointerdown: (event) => { if (!this.element.contains(event.target)) this.close(); },
      blur: () => this.close(),
    });
  }

  get isOpen() { return !this.element.hidden; }

  /** @param {Choice[]} choices @param {number} x @param {number} y */
  open(choices, x, y) {
    this.before = document.activeElement;
    fill(this.element, ...choices.map(({ text, act }) => make('button', { type: 'button', role: 'menuitem', tabindex: -1, click: () => {
      this.close();
      act();
    } }, text)));
    this.element.hidden = false;
    moveTo(this.element, x, y);
    this.#focus(0);
  }

  close() {
    if (!this.isOpen) return;
    this.element.hidden = true;
    if (this.before instanceof HTMLElement) this.before.focus();
  }

  /** @param {number} index */
  #focus(index) {
    const { children } = this.element;
    const item = children[(index + children.length) % children.length];
    if (item instanceof HTMLElement) item.focus();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const at = [...this.element.children].indexOf(/** @type {Element} */ (document.activeElement));
    if (event.key === 'ArrowDown') this.#focus(at + 1);
    else if (event.key === 'ArrowUp') this.#focus(at - 1);
    else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

// Into the clipboard; where the browser forbids it, by the old way.
/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', {}, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  find('#status').textContent = 'Copied';
}
