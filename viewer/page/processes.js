// Which process to look at: a dialog with a filter, for two processes or a hundred thousand.

import { find, findInput, make } from './dom.js';
import { visible } from './names.js';
import { formatBytes, formatCount, formatSeconds } from './units.js';

const kMaxRows = 200;

export class ProcessPicker {
  /** @param {import('./profile.js').ProcessColumns} columns @param {(index: number) => void} onPick */
  constructor(columns, onPick) {
    this.columns = columns;
    this.onPick = onPick;
    this.button = find('#processes');
    this.dialog = /** @type {HTMLDialogElement} */ (find('#picker'));
    this.filter = findInput('#picker-filter');
    this.button.hidden = columns.pid.length < 2;
    this.button.addEventListener('click', () => this.open());
    this.filter.addEventListener('input', () => this.#fill());
    find('#picker-close').addEventListener('click', () => this.dialog.close());
  }

  /** @param {number} current */
  show(current) {
    this.current = current;
    const others = this.columns.pid.length - 1;
    this.button.textContent = `pid ${this.columns.pid[current]} · ${formatCount(others)} other ${others === 1 ? 'process' : 'processes'}`;
  }

  open() {
    this.filter.value = '';
    this.#fill();
    this.dialog.showModal();
  }

  #matching() {
    const { pid, command } = this.columns;
    const wanted = this.filter.value.trim().toLowerCase();
    const found = [];
    for (let i = 0; i < pid.length; ++i) {
      if (wanted === '' || String(pid[i]).includes(wanted) || command[i].toLowerCase().includes(wanted)) found.push(i);
    }
    return found;
  }

  #fill() {
    const found = this.#matching();
    find('#picker-rows').replaceChildren(...found.slice(0, kMaxRows).map((i) => this.#row(i)));
    const more = found.length - kMaxRows;
    find('#picker-more').textContent = found.length === 0 ? 'No process matches.'
      : more > 0 ? `and ${formatCount(more)} more with smaller peaks: type to find them` : '';
  }

  /** @param {number} i */
  #row(i) {
    const { pid, parent, command, start, atPeak } = this.columns;
    const pick = make('button', { type: 'button' }, make('bdi', {}, visible(command[i]) || '(unknown)'));
    pick.addEventListener('click', () => {
      this.dialog.close();
      this.onPick(i);
    });
    return make('tr', i === this.current ? { 'aria-current': 'true' } : {},
      make('td', {}, formatBytes(atPeak[i][0])), make('td', {}, String(pid[i])), make('td', {}, String(parent[i])),
      make('td', {}, formatSeconds(start[i])), make('td', {}, pick));
  }
}
