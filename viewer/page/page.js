// The page itself: opens the profile, keeps the state, and shows it. Loaded last.

import { Address } from './address.js';
import { Controls } from './controls.js';
import { CurveView } from './curve_view.js';
import { Card, detailsOf, spoken } from './details.js';
import { find, findInput } from './dom.js';
import { Finder } from './finder.js';
import { Flamegraph } from './flamegraph.js';
import { nodeName } from './labels.js';
import { groupFrames, tableRows } from './lines.js';
import { copyText, Menu } from './menu.js';
import { mergeDown, mergeUp } from './merge.js';
import { describeTree } from './outline.js';
import { ProcessPicker } from './processes.js';
import { Profile } from './profile.js';
import { Search } from './search.js';
import { stackText } from './stack_text.js';
import { kInitialState, PathHashes } from './state.js';
import { showFound, showLimits, showStatus } from './status.js';
import { Table } from './table.js';
import { colorFrames, Theme } from './theme.js';
import { showVerdict } from './verdict.js';

const kSearchPauseMs = 400;
const kWhole = { node: 0, from: 0, to: 1 };
const kUnzoomed = { zoom: '', from: 0, to: 1 };

// One process in one shape: what the flamegraph or the table works on.
/** @typedef {{name: string, totals: import('./totals.js').Totals, hashes: PathHashes}} Shape */

class Page {
  /** @param {Profile} profile  opened */
  constructor(profile) {
    this.profile = profile;
    this.card = new Card();
    this.menu = new Menu();
    this.flamegraph = new Flamegraph();
    this.finder = new Finder(profile.search ?? new Search(/** @type {never} */ (profile.frames)));
    this.address = new Address(() => this.#open());
    this.curve = new CurveView((view) => this.change({ view, ...kUnzoomed }));
    this.table = new Table((frame) => this.#findFrame(frame));
    this.picker = new ProcessPicker(this.columns, (index) => this.#pickProcess(index));
    this.controls = new Controls(this.flamegraph, {
      onZoom: (zoom) => this.zoomTo(zoom),
      onPoint: (box, x, y) => this.#point(box, x, y),
      onSelect: () => this.#tell(),
      onMenu: (node, x, y) => this.#openMenu(node, x, y),
    });
    /** @type {import('./profile.js').ProcessProfile | null} */ this.process = null;
    /** @type {Shape | null} */ this.shape = null;
    this.theme = new Theme(() => this.#show());
    this.#listen();
  }

  get columns() {
    if (this.profile.processes === undefined) throw new Error('the profile is not open');
    return this.profile.processes;
  }

  get state() { return this.address.state; }

  #listen() {
    addEventListener('keydown', (event) => this.#key(event));
    find('#theme').addEventListener('click', () => this.theme.toggle());
    find('#back').addEventListener('click', () => this.zoomTo(kWhole));
    const search = findInput('#search');
    search.addEventListener('input', () => this.#search(search.value));
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#nextMatch(event.shiftKey ? -1 : 1);
    });
    for (const button of document.querySelectorAll('button[data-set]')) {
      const [key, value] = (button.getAttribute('data-set') ?? '').split('=');
      button.addEventListener('click', () => this.change({ [key]: value, ...(key === 'form' ? kUnzoomed : {}) }));
    }
    const grouping = /** @type {HTMLSelectElement} */ (find('#grouping'));
    grouping.addEventListener('change', () => this.change({
      grouping: /** @type {import('./labels.js').Grouping} */ (grouping.value), ...kUnzoomed,
    }));
  }

  // ---- state ----

  // A step that Back takes back.
  /** @param {Partial<import('./state.js').State>} changes */
  change(changes) {
    this.address.change(changes, true);
    this.#apply();
  }

  // Brings the process that the state names, then everything else.
  async #open() {
    const wanted = this.state.process === null ? 0 : Math.max(0, this.columns.pid.indexOf(this.state.process));
    if (this.process?.index !== wanted) {
      this.process = await this.profile.process(wanted);
      this.shape = null;
      this.colors = colorFrames(this.process.tree, this.process.frames);
      showVerdict(this.profile, this.process, (frame) => this.#findFrame(frame));
      this.picker.show(this.process.index);
    }
    this.#apply();
  }

  async open() {
    await this.#open();
    this.shownAt = performance.now();
  }

  #apply() {
    const { process, state } = this;
    if (process === null) return;
    this.shape = this.#shaped(process);
    const node = Math.max(0, this.shape.hashes.find(state.zoom));
    const isEmpty = this.shape.totals.total(node).samples === 0;
    this.zoom = isEmpty ? kWhole : { node, from: state.from, to: state.to };
    const search = findInput('#search');
    if (document.activeElement !== search || search.value.trim() !== state.search) search.value = state.search;
    this.finder.match(state.search, this.shape.totals.tree);
    this.#show();
  }

  // The tree in the shape that the state asks for; the plain one costs nothing.
  /** @param {import('./profile.js').ProcessProfile} process @returns {Shape} */
  #shaped(process) {
    const { view, form, grouping, only, hide, recursion } = this.state;
    const isPlain = hasPlainShape(this.state);
    const name = JSON.stringify(isPlain ? [process.index, view] : [process.index, view, form, grouping, only, hide, recursion]);
    if (this.shape?.name === name) return this.shape;
    const totals = process.totals(view);
    if (isPlain && this.shape?.totals.tree === process.tree) return { ...this.shape, name, totals };
    const flags = (/** @type {string[]} */ names) => this.#framesNamed(names);
    const wish = {
      keys: groupFrames(process.frames, form === 'table' ? 'line' : grouping).of,
      collapse: recursion !== '',
      only: only === '' ? null : flags([only]),
      hidden: hide === '' ? null : flags(hide.split('\n')),
    };
    const shaped = isPlain ? totals : form === 'callers' ? mergeUp(totals, wish) : mergeDown(totals, wish);
    return { name, totals: shaped, hashes: new PathHashes(shaped.tree, process.frames) };
  }

  /** @param {string[]} names @returns {Uint8Array} */
  #framesNamed(names) {
    const frames = this.profile.frames;
    const wanted = new Set(names);
    const flags = new Uint8Array(frames?.size ?? 0);
    for (let i = 0; frames !== undefined && i < flags.length; ++i) {
      flags[i] = wanted.has(frames.texts.at(frames.functions[i])) ? 1 : 0;
    }
    return flags;
  }

  /** @param {import('./layout.js').Zoom} zoom */
  zoomTo(zoom) {
    const { shape, zoom: now = kWhole } = this;
    if (shape === null || (zoom.node === now.node && zoom.from === now.from && zoom.to === now.to)) return;
    this.change({ zoom: shape.hashes.of(zoom.node), from: zoom.from, to: zoom.to });
  }

  /** @param {number} index */
  #pickProcess(index) {
    const process = index === 0 ? null : this.columns.pid[index];
    this.address.change({ ...kInitialState, process, metric: this.state.metric }, true);
    void this.#open();
  }

  // ---- search ----

  /** @param {string} text */
  #search(text) {
    this.address.state = { ...this.state, search: text.trim() };
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.address.change({}, false), kSearchPauseMs);
    if (this.shape !== null) this.finder.match(this.state.search, this.shape.totals.tree);
    this.#show();
  }

  /** @param {number} step */
  #nextMatch(step) {
    const { shape, flamegraph } = this;
    if (shape === null) return;
    const next = this.finder.next(shape.totals, flamegraph.selected, step);
    if (next < 0) return;
    if (flamegraph.layout?.boxOf(next) === -1) this.zoomTo({ node: next, from: 0, to: 1 });
    flamegraph.select(next);
    this.#tell();
  }

  /** @param {number} frame */
  #findFrame(frame) {
    if (this.process === null || frame < 0) return;
    const name = this.process.frames.at(frame).function;
    this.change({ search: name.trim().slice(0, 2000), form: 'flame', ...kUnzoomed });
    this.#nextMatch(1);
  }

  // ---- showing ----

  #show() {
    const { process, state, flamegraph, colors, shape, zoom = kWhole } = this;
    if (process === null || colors === undefined || shape === null) return;
    for (const button of document.querySelectorAll('button[data-set]')) {
      const [key, value] = (button.getAttribute('data-set') ?? '').split('=');
      button.setAttribute('aria-pressed', String(/** @type {Record<string, unknown>} */ ({ ...state })[key] === value));
    }
    /** @type {HTMLSelectElement} */ (find('#grouping')).value = state.grouping;
    const isTable = state.form === 'table';
    find('#flame').hidden = isTable;
    find('#table').hidden = !isTable;
    this.card.hide();
    const { matches } = this.finder;
    const { metric, grouping } = state;
    const shown = { profile: process, totals: shape.totals, metric, grouping, zoom, matches, colors, dark: this.theme.dark };
    if (isTable) this.#showTable(shape.totals);
    else flamegraph.show(shown);
    this.curve.show(process, state.view);
    showStatus(shown, state.view);
    showFound(this.finder.held(shape.totals, metric), metric);
    this.#showLimits();
  }

  #showLimits() {
    const { only, hide, recursion } = this.state;
    const limits = only === '' ? [] : [{ text: 'only', name: only, clear: () => this.change({ only: '', ...kUnzoomed }) }];
    const hidden = hide === '' ? [] : hide.split('\n');
    for (const name of hidden) {
      const others = hidden.filter((other) => other !== name).join('\n');
      limits.push({ text: 'without', name, clear: () => this.change({ hide: others, ...kUnzoomed }) });
    }
    if (recursion !== '') limits.push({ text: 'recursion collapsed', name: '', clear: () => this.change({ recursion: '', ...kUnzoomed }) });
    showLimits(limits);
  }

  /** @param {import('./totals.js').Totals} totals */
  #showTable(totals) {
    const { process, state, zoom = kWhole } = this;
    if (process === null) return;
    const { matches } = this.finder;
    const rows = tableRows(totals, process.frames, state.grouping, zoom.node);
    const wanted = matches === null ? rows : rows.filter((row) => row.frame >= 0 && matches[row.frame] === 1);
    this.table.show(wanted, process, totals.total(0).bytes, state.grouping);
  }

  /** @param {number} box @param {number} x @param {number} y */
  #point(box, x, y) {
    const details = this.menu.isOpen ? null : detailsOf(this.flamegraph, box);
    if (details === null) return this.card.hide();
    this.card.fill(details, this.zoom !== undefined && this.zoom.node !== 0);
    this.card.place(x, y);
  }

  // A frame chosen by keys: its card under its box, its words for those who listen.
  #tell() {
    const { flamegraph, card } = this;
    describeTree(find('#outline'), flamegraph);
    const details = detailsOf(flamegraph, flamegraph.hovered);
    if (details === null) return;
    find('#live').textContent = spoken(details);
    const at = find('#ring').getBoundingClientRect();
    card.fill(details, this.zoom !== undefined && this.zoom.node !== 0);
    card.place(at.left, at.bottom - 12);
  }

  /** @param {number} node @param {number} x @param {number} y */
  #openMenu(node, x, y) {
    const { shown } = this.flamegraph;
    const frame = shown?.totals.tree.frame[node] ?? -1;
    this.card.hide();
    if (shown === null) return;
    const choices = [
      { text: 'Zoom in', act: () => this.zoomTo({ node, from: 0, to: 1 }) },
      { text: 'Copy stack as text', act: () => void copyText(stackText(shown, node, false)) },
      { text: 'Copy stack as Markdown', act: () => void copyText(stackText(shown, node, true)) },
      this.state.recursion === ''
        ? { text: 'Collapse recursion', act: () => this.change({ recursion: 'collapsed', ...kUnzoomed }) }
        : { text: 'Show recursion', act: () => this.change({ recursion: '', ...kUnzoomed }) },
    ];
    if (frame >= 0) {
      const name = shown.profile.frames.at(frame).function;
      const hide = [this.state.hide, name].filter((part) => part !== '').join('\n');
      choices.splice(1, 0,
        { text: 'Only this function, everywhere', act: () => this.change({ only: name, form: 'flame', ...kUnzoomed }) },
        { text: 'Its callers, everywhere', act: () => this.change({ only: name, form: 'callers', ...kUnzoomed }) },
        { text: 'Hide this function', act: () => this.change({ hide, ...kUnzoomed }) },
        { text: 'Find it everywhere', act: () => this.change({ search: name.trim().slice(0, 2000) }) });
    }
    this.menu.open(choices, x, y);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      findInput('#search').select();
      findInput('#search').focus();
    } else if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      this.card.hide();
      if (event.target instanceof HTMLInputElement && event.target.value !== '') {
        event.target.value = '';
        this.#search('');
      } else {
        if (isTyping) find('#flame').focus();
        this.zoomTo(kWhole);
      }
    }
  }

  // What the page shows, for tests.
  describe() {
    const { process, state, shape, zoom = kWhole } = this;
    if (process === null || shape === null) return null;
    const all = shape.totals.total(0);
    const named = { profile: process, totals: shape.totals, grouping: state.grouping };
    return {
      ...state,
      process: this.columns.pid[process.index],
      processes: this.columns.pid.length,
      command: this.columns.command[process.index],
      zoomed: nodeName(/** @type {import('./flamegraph.js').Shown} */ (named), zoom.node),
      total_bytes: all.bytes,
      count: all.count,
      nodes: shape.totals.tree.size,
      matched: this.finder.held(shape.totals, state.metric),
      theme: this.theme.dark ? 'dark' : 'light',
    };
  }
}

/** @param {import('./state.js').State} state */
function hasPlainShape({ form, grouping, only, hide, recursion }) {
  const isMerged = form === 'flame' && grouping !== 'line';
  return form !== 'callers' && !isMerged && only + hide + recursion === '';
}

/** @type {Page | undefined} */
let page;
document.documentElement.classList.add('scripted');

async function begin() {
  try {
    const profile = await new Profile((id) => find(`#${id}`).textContent ?? '').open();
    const template = /** @type {HTMLTemplateElement} */ (find('#app'));
    document.body.prepend(template.content.cloneNode(true));
    page = new Page(profile);
    await page.open();
  } catch (error) {
    // The plain page says the same, only not as well. Nor can old browsers inflate.
    document.documentElement.classList.remove('scripted');
    throw error;
  }
}

const ready = document.readyState === 'loading'
  ? new Promise((resolve) => { document.addEventListener('DOMContentLoaded', resolve); }).then(begin)
  : begin();

// docs: tests drive the page through this.
Object.defineProperty(window, 'heapcrest', {
  value: Object.freeze({
    ready,
    boxes: () => page?.flamegraph.drawn() ?? [],
    state: () => page?.describe() ?? null,
    details: () => (page === undefined ? null : detailsOf(page.flamegraph, page.flamegraph.hovered)),
    get shownAt() { return page?.shownAt; },  // ms from navigation to the first picture
  }),
});
