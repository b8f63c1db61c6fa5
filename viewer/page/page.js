// One opened page: keeps the state, and shows what it asks for.

import { Address } from './address.js';
import { Colors } from './colors.js';
import { CurveView } from './curve_view.js';
import { Card } from './details.js';
import { find, setProps } from './dom.js';
import { Finder } from './finder.js';
import { frameChoices, searchFor } from './frame_menu.js';
import { functionOf } from './lines.js';
import { Menu } from './menu.js';
import { Pane } from './pane.js';
import { ProcessPicker, ThreadPicker } from './pickers.js';
import { processName, processNamed, Profile } from './profile.js';
import { hasPython, lineName, shapeOf } from './shape.js';
import { showSide } from './side.js';
import { completed, isInitial, kInitialState, kUnzoomed, whole } from './state.js';
import { rootName, showFound, showLegend, showLimits, showStatus, showTrail } from './status.js';
import { Table } from './table.js';
import { Theme } from './theme.js';
import { Toolbar } from './toolbar.js';
import { showVerdict } from './verdict.js';

/** @typedef {import('./layout.js').Zoom} Zoom */
/** @typedef {Partial<import('./state.js').State>} Changes */

const kPaintMs = 40;  // what the browser takes to paint the first picture, or more

export class Page {
  /** @param {Profile} profile */
  constructor(profile) {
    this.profile = profile;
    this.isOpen = false;
    this.card = new Card();
    this.menu = new Menu();
    /** @type {Finder} */ this.finder = /** @type {never} */ (null);  // there with a process
    this.address = new Address(() => this.#open());
    this.curve = new CurveView((view) => this.change({ view }));
    this.table = new Table((row, grouping) => this.#pickRow(row, grouping), (sort) => this.change({ sort }));
    this.picker = new ProcessPicker((index) => this.#pickProcess(index));
    this.threads = new ThreadPicker((thread) => this.change({ thread }));
    this.toolbar = new Toolbar({
      onChange: (changes) => this.change(changes),
      onSearch: (text) => this.#search(text),
      onNext: (step) => this.#nextMatch(step),
      onEscape: () => {
        this.main.flamegraph.isUnfolded = false;
        this.change(whole(this.state));
      },
    });
    this.main = this.#pane('#flame', (zoom, isMoving) => this.zoomTo(zoom, isMoving));
    this.above = this.#pane('#flame-above', (zoom, isMoving) => this.#zoomAbove(zoom, isMoving));
    // There as soon as anything is to be seen.
    /** @type {import('./profile.js').ProcessProfile} */ this.process = /** @type {never} */ (null);
    /** @type {import('./shape.js').Shape | null} */ this.shape = null;
    /** @type {import('./flamegraph.js').Shown | null} */ this.shown = null;
    /** @type {Colors | undefined} */ this.colors = undefined;
    this.theme = new Theme(() => this.#show());
    /** @type {number | undefined} */ this.shownAt = undefined;
    setProps(find('#theme'), { click: () => this.theme.toggle() });
    setProps(find('#back'), { click: () => this.change(kUnzoomed) });
  }

  /** @param {string} area @param {(zoom: Zoom, isMoving: boolean) => void} onZoom */
  #pane(area, onZoom) {
    return new Pane(area, this.card, this.menu, {
      onZoom: (zoom, isMoving) => {
        this.card.hide();
        onZoom(zoom, isMoving);
      },
      onMenu: (pane, node, x, y) => this.#openMenu(pane, node, x, y),
      onSelect: () => this.#showSide(),
    });
  }

  get columns() { return /** @type {import('./profile.js').ProcessColumns} */ (this.profile.processes); }
  get state() { return this.address.state; }
  get flamegraph() { return this.main.flamegraph; }

  // ---- state ----

  // A step that Back takes back; one on the way to another is not.
  /** @param {Changes} changes @param {boolean} [isMoving] */
  change(changes, isMoving = false) {
    if (isMoving) this.address.pass(changes);
    else this.address.change(completed(this.state, changes, () => this.#chosenFunction()), true);
    this.#apply();
  }

  // The zoomed frame's, or that of the line that holds most; upside down, its callers would seem to.
  #chosenFunction() {
    const { process, shape, state } = this;
    const zoomed = shape?.totals.tree.frame[this.main.zoom.node] ?? -1;
    return functionOf(zoomed, process.totals(state.view, state.thread), process.frames);
  }

  // Brings the process that the state names, then everything else.
  async #open() {
    if (!this.isOpen) return;  // not there yet: a link was followed early
    const wanted = processNamed(this.columns, this.state.process);
    if (this.process.index === wanted) this.#apply();
    else this.#showProcess(await this.profile.process(wanted));
  }

  /** @param {import('./profile.js').ProcessProfile} process */
  #showProcess(process) {
    Object.assign(this, { process, shape: null, colors: undefined });
    find('#page').hidden = false;
    find('#python').hidden = !hasPython(process.frames);
    this.finder = new Finder(process.frames);
    showVerdict(this.profile, process, (frame) => this.#showCallers(frame, 'line'));
    this.picker.show(this.columns, process.index);
    find('#page main').hidden = false;  // what was measured above needed no layout of it
    this.#apply();
    this.shownAt ??= performance.now();
  }

  // First what is soon there, then the whole in its place.
  async open() {
    const preview = isInitial(this.state) ? await this.profile.preview() : null;
    if (preview !== null) {
      this.#showProcess(preview);
      await new Promise((resolve) => setTimeout(resolve, kPaintMs));
    }
    await this.profile.open();
    this.isOpen = true;
    this.#showProcess(await this.profile.process(processNamed(this.columns, this.state.process)));
  }

  #apply() {
    const { process, state } = this;
    if (this.colors?.mode !== state.color) this.colors = new Colors(process, state.color);
    if (state.form === 'sandwich' && state.only === '') this.address.pass({ only: this.#chosenFunction() });
    this.shape = shapeOf(process, this.state, this.shape);
    this.main.setZoom(this.shape, state.zoom, state.from, state.to);
    const [hash, from, to] = state.above.split(':');
    if (this.shape.above !== null) this.above.setZoom(this.shape.above, hash, Number(from ?? 0), Number(to ?? 1));
    this.finder.match(state.search, this.shape.totals.tree);
    this.#show();
  }

  /** @param {Zoom} zoom @param {boolean} [isMoving] */
  zoomTo(zoom, isMoving = false) {
    const { shape, main: { zoom: now } } = this;
    if (shape === null || (zoom.node === now.node && zoom.from === now.from && zoom.to === now.to)) return;
    this.change({ zoom: shape.hashes.of(zoom.node), from: zoom.from, to: zoom.to }, isMoving);
  }

  /** @param {Zoom} zoom @param {boolean} isMoving */
  #zoomAbove({ node, from, to }, isMoving) {
    const hashes = this.shape?.above?.hashes;
    if (hashes !== undefined) this.change({ above: `${hashes.of(node)}:${from}:${to}` }, isMoving);
  }

  /** @param {number} index */
  #pickProcess(index) {
    const process = processName(this.columns, index);
    const { metric, form, sort, color, grow, side } = this.state;
    this.address.change({ ...kInitialState, process, metric, form: form === 'sandwich' ? 'flame' : form, sort, color, grow, side }, true);
    void this.#open();
  }

  // ---- search ----

  /** @param {string} text */
  #search(text) {
    this.address.pass({ search: text.trim() });
    if (this.shape !== null) this.finder.match(this.state.search, this.shape.totals.tree);
    this.#show();
  }

  /** @param {number} step */
  #nextMatch(step) {
    const { shape, flamegraph } = this;
    const next = shape === null ? -1 : this.finder.next(shape.totals, flamegraph.selected, step);
    if (next < 0) return;
    if (flamegraph.layout?.boxOf(next) === -1) this.zoomTo({ node: next, from: 0, to: 1 });
    flamegraph.select(next);
    this.main.tell();
  }

  // Who called a line, or a function: what is under it, and nothing else.
  /** @param {number} frame @param {'line' | 'function'} grouping */
  #showCallers(frame, grouping) {
    if (frame < 0) return;
    const named = this.process.frames.at(frame);
    const only = grouping === 'line' ? lineName(named) : named.function;
    this.change({ only, form: 'callers', grouping, search: '' });
  }

  // From a row of a table to its boxes.
  /** @param {number} row @param {import('./labels.js').Grouping} grouping */
  #pickRow(row, grouping) {
    if (grouping === 'thread') return this.change({ thread: row, form: 'flame' });
    if (grouping === 'line' || grouping === 'function') return this.#showCallers(row, grouping);
    if (row < 0) return undefined;
    const frame = this.process.frames.at(row);
    const search = grouping === 'name' ? searchFor(frame.function) : `${grouping}:${searchFor(frame[grouping])}`;
    this.change({ search, form: 'flame', ...kUnzoomed });
    return this.#nextMatch(1);
  }

  // ---- showing ----

  #show() {
    const { process, state, colors, shape } = this;
    if (colors === undefined || shape === null) return;
    this.toolbar.show(state);
    find('.graphs').hidden = state.form === 'table';
    for (const part of document.querySelectorAll('#flame-above, .half')) setProps(part, { hidden: state.form !== 'sandwich' });
    find('#nothing').hidden = shape.totals.total(0).count > 0;
    find('#table').hidden = state.form !== 'table';
    find('#side').hidden = state.side === '';
    this.card.hide();
    const { finder: { matches, towers }, state: { metric, grouping } } = this;
    const totals = this.finder.narrowed(shape.totals, state);
    const common = { profile: process, precision: process.precision(state), root: rootName(state.view), metric, grouping, matches, colors, dark: this.theme.dark };
    const isSandwich = state.form === 'sandwich';
    const shown = { ...common, totals, zoom: this.main.zoom, isUp: state.grow === 'up' && !isSandwich, firstRow: isSandwich ? 1 : 0, folds: state.form === 'flame' };
    this.shown = shown;
    this.threads.show(process, state);
    showStatus(shown, state);
    showTrail(shown, (node) => this.zoomTo({ node, from: 0, to: 1 }));
    showFound(this.finder.held(shape.totals, metric), this.finder.trouble, metric);
    showLimits(process, state, (changes) => this.change(changes));
    showLegend(colors, this.theme.dark);
    // What measures its room comes last, when all else has its own.
    this.curve.show(process, state.view);
    if (state.form === 'table') this.table.show(shown, state, shape.place, towers);
    else this.flamegraph.show(shown);
    if (isSandwich && shape.above !== null) {
      this.above.flamegraph.show({ ...common, totals: shape.above.totals, zoom: this.above.zoom, isUp: true, firstRow: 2 });
    }
    this.#showSide();
  }

  #showSide() {
    const { shape, shown, main: { zoom }, flamegraph: { selected, layout }, state } = this;
    if (state.side === '' || shape === null || shown === null) return;
    const isSelected = state.form !== 'table' && selected > 0 && (layout?.boxOf(selected) ?? -1) >= 0;
    showSide(shown, isSelected ? selected : zoom.node, shape, state);
  }

  /** @param {Pane} pane @param {number} node @param {number} x @param {number} y */
  #openMenu(pane, node, x, y) {
    const { shown } = pane.flamegraph;
    this.card.hide();
    this.menu.open(frameChoices(this, shown, node, () => pane.listener.onZoom({ node, from: 0, to: 1 }, false)), x, y);
  }
}
