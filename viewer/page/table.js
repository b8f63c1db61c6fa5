// The table of lines, functions, files or modules. Only as many rows are made as a reader looks at.

import { find, make, setAttributes } from './dom.js';
import { tableRows } from './lines.js';
import { placeBeside, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { threadName, threadRows } from './threads.js';
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
  overhead: (row) => row.self.overhead,
};

export class Table {
  /** @param {(row: number, grouping: import('./labels.js').Grouping) => void} onPick */
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
   * @param {import('./flamegraph.js').Shown} shown @param {import('./state.js').State} state
   * @param {Int32Array | null} place  View.place of the shape
   */
  show({ totals, profile, precision, grouping, zoom, matches }, state, place) {
    const isWanted = (/** @type {Row} */ row) => matches === null || (row.frame >= 0 && matches[row.frame] === 1);
    const isInZoom = (/** @type {number} */ node) => {
      const at = place === null ? node : place[node];
      return at >= zoom.node && at < totals.tree.end[zoom.node];
    };
    this.rows = grouping === 'thread' ? threadRows(profile, state, isInZoom)
      : tableRows(totals, profile.frames, grouping, zoom.node).filter(isWanted);
    this.profile = profile;
    this.precision = precision;
    this.all = totals.total(0).bytes;
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
    const value = this.key === 'error' ? (/** @type {Row} */ row) => this.#errorOf(row) : kKeys[this.key];
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
  #errorOf(row) {
    return this.precision === undefined ? 0 : errorOf(row.self, this.precision);
  }

  // What a row is called: its name, and what is said below it.
  /** @param {number} index @returns {[string, string]} */
  #namesOf(index) {
    const { grouping = 'line' } = this;
    const profile = /** @type {import('./profile.js').ProcessProfile} */ (this.profile);
    if (grouping === 'thread') return [threadName(profile.threads[index], index), ''];
    const frame = profile.frames.at(index);
    switch (grouping) {
      case 'file': return [frame.file || '(unknown file)', ''];
      case 'module': return [frame.module || '(unknown module)', ''];
      case 'line': return [shortName(frame.function) || kUnknown, placeBeside(frame)];
      default: return [shortName(frame.function) || kUnknown, placeBeside({ ...frame, line: 0 })];
    }
  }

  /** @param {Row} row */
  #row(row) {
    const { all = 0, grouping = 'line' } = this;
    const profile = /** @type {import('./profile.js').ProcessProfile} */ (this.profile);
    const names = this.#namesOf(row.frame);
    const full = grouping === 'thread' ? '' : profile.frames.at(row.frame).function;
    const source = grouping === 'line' ? profile.frames.sourceOf(row.frame) : '';
    const pick = make('button', { type: 'button', title: visible(full).slice(0, 1000) },
      make('bdi', { class: 'function' }, visible(names[0])));
    pick.addEventListener('click', () => this.onPick(row.frame, grouping));
    const error = this.#errorOf(row);
    const cell = (/** @type {string} */ text) => make('td', {}, text);
    return make('tr', {}, cell(formatShare(row.self.bytes, all)), cell(formatBytes(row.self.bytes)),
      cell(row.self.bytes === 0 ? '' : error === 0 ? (this.precision?.ofSum === null ? 'exact' : 'none seen') : `± ${formatBytes(error)}`),
      cell(formatBytes(row.total.bytes)), cell(formatCount(row.self.count)),
      cell(row.self.count > 0 ? formatBytes(row.self.bytes / row.self.count) : ''),
      cell(row.self.overhead > 0 ? formatBytes(row.self.overhead) : ''),
      make('td', {}, pick, ...(names[1] === '' ? [] : [make('bdi', { class: 'place' }, visible(names[1]))]),
        ...(source === '' ? [] : [make('bdi', { class: 'source' }, visible(source))])));
  }
}
