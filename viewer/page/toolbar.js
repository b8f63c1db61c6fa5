// The bar of buttons and the search field, and the keys that work everywhere.

import { find, setProps } from './dom.js';

/**
 * @typedef {object} ToolbarListener
 * @property {(changes: Partial<import('./state.js').State>) => void} onChange
 * @property {(text: string) => void} onSearch  each key of it
 * @property {(step: number) => void} onNext  to the next match, or back
 * @property {() => void} onEscape
 */

// `key=value`, or `key=value|other` for a switch.
/** @param {Element} button @returns {string[]} */
const settingOf = (button) => (button.getAttribute('data-set') ?? '').split(/[=|]/);

export class Toolbar {
  /** @param {ToolbarListener} listener */
  constructor(listener) {
    this.listener = listener;
    this.search = /** @type {HTMLInputElement} */ (find('#search'));
    this.lists = /** @type {HTMLSelectElement[]} */ ([...document.querySelectorAll('select[data-choose]')]);
    this.buttons = [...document.querySelectorAll('button[data-set]')];
    for (const button of this.buttons) {
      const [key, value, other] = settingOf(button);
      setProps(button, { click: () => {
        const isOn = button.getAttribute('aria-pressed') === 'true';
        listener.onChange({ [key]: isOn ? other ?? value : value });
      } });
    }
    for (const list of this.lists) {
      const key = list.getAttribute('data-choose') ?? '';
      setProps(list, { change: () => listener.onChange({ [key]: list.value }) });
    }
    setProps(find('#next'), { click: () => listener.onNext(1) });
    setProps(find('#previous'), { click: () => listener.onNext(-1) });
    setProps(this.search, {
      input: () => listener.onSearch(this.search.value),
      keydown: (event) => { if (event.key === 'Enter') listener.onNext(event.shiftKey ? -1 : 1); },
    });
    this.options = /** @type {HTMLDetailsElement} */ (find('.more'));
    setProps(window, {
      pointerdown: (event) => { if (!this.options.contains(event.target)) this.options.open = false; },
      keydown: (event) => this.#key(event),
    });
  }

  /** @param {import('./state.js').State} state */
  show(state) {
    /** @type {Record<string, unknown>} */
    const values = { ...state };
    for (const button of this.buttons) {
      const [key, value] = settingOf(button);
      button.setAttribute('aria-pressed', String(values[key] === value));
    }
    for (const list of this.lists) list.value = String(values[list.getAttribute('data-choose') ?? '']);
    // What is being typed stays as it is typed.
    if (document.activeElement !== this.search || this.search.value.trim() !== state.search) this.search.value = state.search;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.search.select();
      this.search.focus();
    } else if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      if (this.options.open) {
        this.options.open = false;
      } else if (event.target instanceof HTMLInputElement && event.target.value !== '') {
        event.target.value = '';
        this.listener.onSearch('');
      } else {
        if (isTyping) find('#flame').focus();
        this.listener.onEscape();
      }
    }
  }
}
