// A dialog that lists things to pick from, with a filter: for two of them or a hundred thousand.

import { fill, findIn, isolated, make } from './dom.js';
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
  /** @param {HTMLDialogElement} dialog @param {(item: number) => void} onPick */
  constructor(dialog, onPick) {
    this.dialog = dialog;
    this.onPick = onPick;
    this.filter = /** @type {HTMLInputElement} */ (findIn(dialog, 'input'));
    this.filter.addEventListener('input', () => this.#fill());
    findIn(dialog, '.picker-head button').addEventListener('click', () => dialog.close());
    /** @type {Choices} */ this.choices = { order: [], matches: () => false, cells: () => [], current: -1 };
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
      : more > 0 ? `and ${formatCount(more)} more that hold less: type to find them` : '';
  }

  /** @param {number} item */
  #row(item) {
    const cells = this.choices.cells(item);
    const pick = make('button', { type: 'button' }, isolated(visible(cells.pop() ?? '') || '(unknown)'));
    pick.addEventListener('click', () => {
      this.dialog.close();
      this.onPick(item);
    });
    return make('tr', item === this.choices.current ? { 'aria-current': 'true' } : {},
      ...cells.map((text) => make('td', {}, text)), make('td', {}, pick));
  }
}
