// The table of lines, functions, files or modules. Only as many rows are made as a reader looks at.

import { find, make, setAttributes } from './dom.js';
import { placeOf, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { errorOf } from './totals.js';
import { formatBytes, formatCount, formatShare } from './units.js';

/** @typedef {import('./lines.js').Row} Row */

const kPageRows = 100;

/** @type {Record<string, (row: Row) => number>} */
const kKeys = {
  self: (row) => row.self.bytes,
  total: (row) => row.total.bytes,
  count: (row) => row.self.count,
  mean: (row) => (row.self.count > 0 ? row.self.bytes / row.self.count : 0),
  error: (row) => errorOf(row.self),
};

export class Table {
  /** @param {(frame: number) => void} onPick */
  constructor(onPick) {
    this.onPick = onPick;
    this.key = 'self';
    this.limit = kPageRows;
    /** @type {Row[]} */ this.rows = [];
    for (const head of document.querySelectorAll('#table th[data-key]')) {
      head.querySelector('button')?.addEventListener('click', () => this.#sortBy(head.getAttribute('data-key') ?? 'self'));
    }
    find('#table-more').addEventListener('click', () => {
      this.limit *= 4;
      this.#fill();
    });
  }

  /**
   * @param {Row[]} rows @param {import('./profile.js').ProcessProfile} profile @param {number} all
   * @param {import('./labels.js').Grouping} grouping
   */
  show(rows, profile, all, grouping) {
    this.rows = rows;
    this.profile = profile;
    this.all = all;
    this.grouping = grouping;
    this.limit = kPageRows;
    this.#fill();
  }

  /** @param {string} key */
  #sortBy(key) {
    this.key = key;
    this.#fill();
  }

  #fill() {
    const value = kKeys[this.key];
    const sorted = [...this.rows].sort((a, b) => value(b) - value(a) || a.frame - b.frame);
    find('#table-rows').replaceChildren(...sorted.slice(0, this.limit).map((row) => this.#row(row)));
    const more = sorted.length - this.limit;
    const button = find('#table-more');
    button.hidden = more <= 0;
    button.textContent = `${formatCount(more)} more`;
    find('#table-none').hidden = sorted.length > 0;
    for (const head of document.querySelectorAll('#table th[data-key]')) {
      setAttributes(head, { 'aria-sort': head.getAttribute('data-key') === this.key ? 'descending' : 'none' });
    }
  }

  /** @param {Row} row */
  #row(row) {
    const { profile, all = 0, grouping } = this;
    if (profile === undefined) throw new Error('nothing is shown');
    const frame = profile.frames.at(row.frame);
    const names = {
      line: [shortName(frame.function) || kUnknown, placeOf(frame.file, frame.line) || frame.module],
      function: [shortName(frame.function) || kUnknown, frame.file || frame.module],
      file: [frame.file || '(unknown file)', ''],
      module: [frame.module || '(unknown module)', ''],
    }[grouping ?? 'line'];
    const pick = make('button', { type: 'button', title: visible(frame.function).slice(0, 1000) },
      make('bdi', { class: 'function' }, visible(names[0])));
    pick.addEventListener('click', () => this.onPick(row.frame));
    const error = errorOf(row.self);
    const cell = (/** @type {string} */ text) => make('td', {}, text);
    return make('tr', {}, cell(formatShare(row.self.bytes, all)), cell(formatBytes(row.self.bytes)),
      cell(row.self.bytes === 0 ? '' : error === 0 ? 'exact' : `± ${formatBytes(error)}`),
      cell(formatBytes(row.total.bytes)), cell(formatCount(row.self.count)),
      cell(row.self.count > 0 ? formatBytes(row.self.bytes / row.self.count) : ''),
      make('td', {}, pick, ...(names[1] === '' ? [] : [make('bdi', { class: 'place' }, visible(names[1]))])));
  }
}
