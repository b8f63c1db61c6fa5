// A dialog that lists things to pick from, with a filter: for two of them or a hundred thousand.

import { fill, find, findIn, isolated, make, setProps } from './dom.js';
import { visible } from './names.js';
import { formatCount } from './units.js';

const kMaxRows = 200;

/**
 * @typedef {object} Choices
 * @property {number[]} order  all that can be picked, the most important first
 * @property {(item: number, wanted: string) => boolean} matches  `wanted` is lower case, never empty
 * @property {(item: number) => string[]} cells  of its row; the last one is its name
 * @property {number} current
 */

export class Picker {
  /** @param {string} selector  of a dialog @param {(item: number) => void} onPick */
  constructor(selector, onPick) {
    const dialog = this.dialog = /** @type {HTMLDialogElement} */ (find(selector));
    this.onPick = onPick;
    this.filter = /** @type {HTMLInputElement} */ (findIn(dialog, 'input'));
    setProps(this.filter, { input: () => this.#fill() });
    setProps(findIn(dialog, '.picker-head button'), { click: () => dialog.close() });
    /** @type {Choices} */ this.choices = /** @type {never} */ (null);  // there once it is open
  }

  /** @param {Choices} choices */
  open(choices) {
    this.choices = choices;
    this.filter.value = '';
    this.#fill();
    this.dialog.showModal();
  }

  #fill() {
    const { order, matches } = this.choices;
    const wanted = this.filter.value.trim().toLowerCase();
    const found = wanted === '' ? order : order.filter((item) => matches(item, wanted));
    fill(findIn(this.dialog, 'tbody'), ...found.slice(0, kMaxRows).map((item) => this.#row(item)));
    const more = found.length - kMaxRows;
    findIn(this.dialog, '.picker-more').textContent = found.length === 0 ? 'Nothing matches.'
      : more > 0 ? `and ${formatCount(more)} more: type to find them` : '';
  }

  /** @param {number} item */
  #row(item) {
    const cells = this.choices.cells(item);
    const pick = make('button', { type: 'button', click: () => {
      this.dialog.close();
      this.onPick(item);
    } }, isolated(visible(cells.pop() ?? '') || '(unknown)'));
    return make('tr', item === this.choices.current ? { 'aria-current': 'true' } : {},
      ...cells.map((text) => make('td', {}, text)), make('td', {}, pick));
  }
}
