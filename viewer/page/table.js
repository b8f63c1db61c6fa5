// The table of lines, functions, files or modules. Only as many rows are made as a reader looks at.

import { fill, find, isolated, make, setProps } from './dom.js';
import { tableRows } from './lines.js';
import { placeBeside, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { threadName, threadRows } from './threads.js';
import { errorOf } from './totals.js';
import { formatBytes, formatCount, formatError, formatShare } from './units.js';

/** @typedef {import('./lines.js').Row} Row */

const kPageRows = 100;

/** @type {Record<string, (row: Row, table: Table) => number | string>} */
const kKeys = {
  self: (row) => row.self.bytes,
  error: (row, table) => table.errorOf(row),
  total: (row) => row.total.bytes,
  count: (row) => row.self.count,
  mean: (row) => (row.self.count > 0 ? row.self.bytes / row.self.count : 0),
  overhead: (row) => row.self.overhead,
  name: (row, table) => table.namesOf(row.frame).join('\n').toLowerCase(),
};

export class Table {
  /** @param {(row: number, grouping: import('./labels.js').Grouping) => void} onPick @param {(sort: string) => void} onSort */
  constructor(onPick, onSort) {
    this.onPick = onPick;
    this.sort = '';
    /** @type {Row[]} */ this.rows = [];
    // There as soon as it is shown.
    /** @type {import('./profile.js').ProcessProfile} */ this.profile = /** @type {never} */ (null);
    /** @type {import('./totals.js').Precision} */ this.precision = /** @type {never} */ (null);
    /** @type {import('./labels.js').Grouping} */ this.grouping = 'line';
    this.all = 0;
    this.limit = 0;
    this.heads = document.querySelectorAll('#table th[data-key]');
    for (const head of this.heads) {
      const key = head.getAttribute('data-key') ?? '';
      setProps(head, { click: () => onSort(this.sort === key ? `-${key}` : key) });
    }
    setProps(find('#table-more'), { click: () => {
      this.limit *= 4;
      this.#fill();
    } });
  }

  /**
   * @param {import('./flamegraph.js').Shown} shown @param {import('./state.js').State} state
   * @param {Int32Array | null} place  View.place of the shape @param {number[]} towers  what matches the search
   */
  show({ totals, profile, precision, grouping, zoom, matches }, state, place, towers) {
    const { end, size } = totals.tree;
    const isIn = new Uint8Array(size).fill(matches === null ? 1 : 0);
    for (const tower of towers) isIn.fill(1, tower, end[tower]);
    const isShown = (/** @type {number} */ node) => {
      const at = place === null ? node : place[node];
      return at >= zoom.node && at < end[zoom.node] && isIn[at] === 1;
    };
    const rows = grouping === 'thread' ? threadRows(profile, state, isShown)
      : tableRows(totals, profile.frames, grouping, zoom.node, matches);
    Object.assign(this, { rows, profile, precision, all: totals.total(0).bytes, grouping, sort: state.sort, limit: kPageRows });
    this.#fill();
  }

  #fill() {
    const key = this.sort.replace('-', '');
    const isRising = this.sort.startsWith('-') !== (key === 'name');
    const keyed = this.rows.map((row) => ({ row, at: kKeys[key](row, this) }));
    keyed.sort((a, b) => (a.at === b.at ? a.row.frame - b.row.frame : a.at < b.at === isRising ? -1 : 1));
    fill(find('#table-rows'), ...keyed.slice(0, this.limit).map(({ row }) => this.#row(row)));
    const more = keyed.length - this.limit;
    const button = find('#table-more');
    button.hidden = more <= 0;
    button.textContent = `${formatCount(more)} more`;
    find('#table-none').hidden = keyed.length > 0;
    for (const head of this.heads) {
      const isKey = head.getAttribute('data-key') === key;
      setProps(head, { 'aria-sort': isKey ? (isRising ? 'ascending' : 'descending') : 'none' });
    }
  }

  /** @param {Row} row */
  errorOf(row) {
    return errorOf(row.self, this.precision);
  }

  // What a row is called: its name, and what is said below it.
  /** @param {number} index @returns {[string, string]} */
  namesOf(index) {
    const { grouping, profile } = this;
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
    const { all, grouping, profile } = this;
    const names = this.namesOf(row.frame);
    const full = grouping === 'thread' ? '' : profile.frames.at(row.frame).function;
    const source = grouping === 'line' ? profile.frames.sourceOf(row.frame) : '';
    const pick = make('button', { type: 'button', title: visible(full).slice(0, 1000), click: () => this.onPick(row.frame, grouping) },
      isolated(visible(names[0]), 'function'));
    const cell = (/** @type {string} */ text) => make('td', {}, text);
    return make('tr', {}, cell(formatShare(row.self.bytes, all)), cell(formatBytes(row.self.bytes)),
      cell(row.self.bytes === 0 ? '' : formatError(this.errorOf(row), this.precision.exact)),
      cell(formatBytes(row.total.bytes)), cell(formatCount(row.self.count)),
      cell(row.self.count > 0 ? formatBytes(row.self.bytes / row.self.count) : ''),
      cell(row.self.overhead > 0 ? formatBytes(row.self.overhead) : ''),
      make('td', {}, pick, names[1] !== '' && isolated(visible(names[1]), 'place'),
        source !== '' && isolated(visible(source), 'source')));
  }
}
