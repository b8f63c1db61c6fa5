// Which process and which thread to look at.

import { find, setProps } from './dom.js';
import { Picker } from './picker.js';
import { threadName, threadRows } from './threads.js';
import { errorBar, formatBytes, formatCount, formatSeconds, plural } from './units.js';

const kAllThreads = -1;

export class ProcessPicker {
  /** @param {(index: number) => void} onPick */
  constructor(onPick) {
    this.picker = new Picker('#picker', onPick);
    this.button = find('#processes');
    setProps(this.button, { click: () => this.#open() });
  }

  /** @param {import('./profile.js').ProcessColumns} columns @param {number} current */
  show(columns, current) {
    this.columns = columns;
    this.current = current;
    const others = columns.pid.length - 1;
    this.button.hidden = others === 0;
    this.button.textContent = `pid ${columns.pid[current]} · ${plural(others, 'other process', 'other processes')}`;
  }

  #open() {
    if (this.columns === undefined) return;
    const { pid, parent, command, start, atPeak } = this.columns;
    this.picker.open({
      order: [...pid.keys()],
      matches: (i, wanted) => String(pid[i]).includes(wanted) || command[i].toLowerCase().includes(wanted),
      cells: (i) => [formatBytes(atPeak[i][0]) + errorBar(atPeak[i][3]), String(pid[i]), String(parent[i]), formatSeconds(start[i]), command[i]],
      current: this.current ?? 0,
    });
  }
}

export class ThreadPicker {
  /** @param {(thread: number | null) => void} onPick */
  constructor(onPick) {
    this.picker = new Picker('#thread-picker', (item) => onPick(item === kAllThreads ? null : item));
    this.button = find('#threads');
    setProps(this.button, { click: () => this.#open() });
  }

  /** @param {import('./profile.js').ProcessProfile} process @param {import('./state.js').State} state */
  show(process, { view, thread }) {
    this.process = process;
    this.view = view;
    this.thread = thread;
    const count = process.threads.length;
    this.button.hidden = count < 2;
    this.button.textContent = thread === null ? `${formatCount(count)} threads` : threadName(process.threads[thread], thread);
  }

  #open() {
    const { process, view = 'peak' } = this;
    if (process === undefined) return;
    const bytes = new Float64Array(process.threads.length);
    for (const row of threadRows(process, { view, thread: null })) bytes[row.frame] = row.self.bytes;
    const order = [...bytes.keys()].sort((a, b) => bytes[b] - bytes[a] || a - b);
    const nameOf = (/** @type {number} */ i) => (i === kAllThreads ? 'all threads' : threadName(process.threads[i], i));
    this.picker.open({
      order: [kAllThreads, ...order],
      matches: (i, wanted) => nameOf(i).toLowerCase().includes(wanted),
      cells: (i) => [formatBytes(i === kAllThreads ? process.totals(view).total(0).bytes : bytes[i]), nameOf(i)],
      current: this.thread ?? kAllThreads,
    });
  }
}
