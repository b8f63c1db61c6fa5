// The page itself: opens the profile, keeps the state, and shows it. Loaded last.

import { Card, detailsOf, spoken } from './details.js';
import { CurveView } from './curve_view.js';
import { find, findInput } from './dom.js';
import { describeTree, Flamegraph, nodeName } from './flamegraph.js';
import { groupFrames, tableRows } from './lines.js';
import { shortName } from './names.js';
import { ProcessPicker } from './processes.js';
import { Profile } from './profile.js';
import { heldBy, outermostMatches } from './search.js';
import { formatState, kInitialState, parseState } from './state.js';
import { Table } from './table.js';
import { colorFrames, Theme } from './theme.js';
import { formatBytes, formatSeconds, formatShare, plural } from './units.js';
import { showVerdict } from './verdict.js';

const kSearchPauseMs = 400;

class Page {
  constructor() {
    this.state = parseState(location.hash);
    this.profile = new Profile((id) => find(`#${id}`).textContent ?? '');
    /** @type {import('./profile.js').ProcessProfile | null} */ this.process = null;
    /** @type {import('./layout.js').Zoom} */ this.zoom = { node: 0, from: 0, to: 1 };
    /** @type {Uint8Array | null} */ this.matches = null;
    /** @type {number[]} */ this.matchNodes = [];
    this.shownAt = NaN;
  }

  async start() {
    await this.profile.open();
    const template = /** @type {HTMLTemplateElement} */ (find('#app'));
    document.body.prepend(template.content.cloneNode(true));
    this.card = new Card();
    this.flamegraph = new Flamegraph({
      onZoom: (zoom) => this.zoomTo(zoom),
      onReset: () => this.reset(),
      onPoint: (box, x, y) => this.#point(box, x, y),
      onSelect: (node) => this.#select(node),
    });
    this.curve = new CurveView((view) => this.change({ view, zoom: '', from: 0, to: 1 }));
    this.table = new Table((frame) => this.#findFrame(frame));
    if (this.profile.processes === undefined) return;
    this.picker = new ProcessPicker(this.profile.processes, (index) => this.#pickProcess(index));
    this.theme = new Theme(() => this.#show());
    this.#listen();
    await this.#restore();
    this.shownAt = performance.now();
  }

  #listen() {
    addEventListener('popstate', () => this.#followHash());
    addEventListener('hashchange', () => this.#followHash());
    addEventListener('keydown', (event) => this.#key(event));
    find('#theme').addEventListener('click', () => this.theme?.toggle());
    find('#back').addEventListener('click', () => this.reset());
    const search = findInput('#search');
    search.addEventListener('input', () => this.#search(search.value));
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#nextMatch(event.shiftKey ? -1 : 1);
    });
    for (const button of document.querySelectorAll('button[data-set]')) {
      button.addEventListener('click', () => {
        const [key, value] = (button.getAttribute('data-set') ?? '').split('=');
        this.change({ [key]: value });
      });
    }
    find('#grouping').addEventListener('change', () => this.#show());
  }

  // ---- state ----

  // A step that Back takes back.
  /** @param {Partial<import('./state.js').State>} changes */
  change(changes) {
    this.state = { ...this.state, ...changes };
    this.#remember(true);
    this.#apply();
  }

  /** @param {boolean} isStep */
  #remember(isStep) {
    const hash = `#${formatState(this.state)}`;
    if (hash === (location.hash || '#')) return;
    try {
      if (isStep) history.pushState(null, '', hash);
      else history.replaceState(null, '', hash);
    } catch {
      // A page inside a sandboxed srcdoc frame has no address of its own.
    }
  }

  #followHash() {
    const before = this.state.process;
    this.state = parseState(location.hash);
    if (this.state.process === before) this.#apply();
    else void this.#restore();
  }

  async #restore() {
    const pids = this.profile.processes?.pid ?? [];
    const wanted = this.state.process === null ? 0 : pids.indexOf(this.state.process);
    this.process = await this.profile.process(Math.max(0, wanted));
    this.colors = colorFrames(this.process.tree, this.process.frames);
    showVerdict(this.profile, this.process, (frame) => this.#findFrame(frame));
    this.picker?.show(this.process.index);
    this.#apply();
  }

  #apply() {
    const { process, state } = this;
    if (process === null) return;
    const node = process.hashes.find(state.zoom);
    this.zoom = { node: Math.max(0, node), from: state.from, to: state.to };
    if (process.totals(state.view).total(this.zoom.node).samples === 0) this.zoom = { node: 0, from: 0, to: 1 };
    const search = findInput('#search');
    if (document.activeElement !== search || search.value.trim() !== state.search) search.value = state.search;
    this.#match();
    this.#show();
  }

  /** @param {import('./layout.js').Zoom} zoom */
  zoomTo(zoom) {
    if (this.process === null) return;
    if (zoom.node === this.zoom.node && zoom.from === this.zoom.from && zoom.to === this.zoom.to) return;
    this.change({ zoom: this.process.hashes.of(zoom.node), from: zoom.from, to: zoom.to });
  }

  reset() {
    this.zoomTo({ node: 0, from: 0, to: 1 });
  }

  /** @param {number} index */
  #pickProcess(index) {
    const pid = this.profile.processes?.pid[index] ?? null;
    this.state = { ...kInitialState, process: index === 0 ? null : pid, metric: this.state.metric };
    this.#remember(true);
    void this.#restore();
  }

  // ---- search ----

  /** @param {string} text */
  #search(text) {
    this.state.search = text.trim();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.#remember(false), kSearchPauseMs);
    this.#match();
    this.#show();
  }

  #match() {
    this.matches = null;
    this.matchNodes = [];
    findInput('#search').setCustomValidity('');
    if (this.process === null) return;
    try {
      this.matches = this.profile.search?.matchingFrames(this.state.search) ?? null;
    } catch (error) {
      findInput('#search').setCustomValidity(String(error));
    }
    if (this.matches !== null) this.matchNodes = outermostMatches(this.process.tree, this.matches);
  }

  /** @param {number} step */
  #nextMatch(step) {
    const { process, flamegraph } = this;
    if (process === null || flamegraph === undefined) return;
    const totals = process.totals(this.state.view);
    const held = this.matchNodes.filter((node) => totals.total(node).samples > 0);
    if (held.length === 0) return;
    held.sort((a, b) => totals.total(b).bytes - totals.total(a).bytes || a - b);
    const at = held.indexOf(flamegraph.selected);
    const next = held[(at < 0 ? (step > 0 ? 0 : held.length - 1) : at + step + held.length) % held.length];
    if (flamegraph.layout?.boxOf(next) === -1) this.zoomTo({ node: next, from: 0, to: 1 });
    flamegraph.select(next);
  }

  /** @param {number} frame */
  #findFrame(frame) {
    const { process } = this;
    if (process === null || frame < 0) return;
    const name = process.frames.at(frame).function;
    this.change({ search: name.trim().slice(0, 2000), tab: 'flame', zoom: '', from: 0, to: 1 });
    this.#nextMatch(1);
  }

  // ---- showing ----

  #show() {
    const { process, state, flamegraph, colors, theme } = this;
    if (process === null || flamegraph === undefined || colors === undefined || theme === undefined) return;
    const totals = process.totals(state.view);
    for (const button of document.querySelectorAll('button[data-set]')) {
      const [key, value] = (button.getAttribute('data-set') ?? '').split('=');
      button.setAttribute('aria-pressed', String(/** @type {Record<string, unknown>} */ ({ ...state })[key] === value));
    }
    find('#flame').hidden = state.tab !== 'flame';
    find('#table').hidden = state.tab === 'flame';
    if (state.tab === 'flame') {
      flamegraph.show({ profile: process, totals, metric: state.metric, zoom: this.zoom, matches: this.matches, colors, dark: theme.dark });
    } else {
      this.#showTable(totals);
    }
    this.curve?.show(process, state.view);
    this.#showStatus(totals);
  }

  /** @param {import('./totals.js').Totals} totals */
  #showTable(totals) {
    const { process, matches } = this;
    if (process === null) return;
    const select = /** @type {HTMLSelectElement} */ (find('#grouping'));
    const grouping = /** @type {import('./lines.js').Grouping} */ (select.value);
    const rows = tableRows(process.tree, totals, groupFrames(process.frames, grouping), this.zoom.node);
    const wanted = matches === null ? rows : rows.filter((row) => matches[row.frame] === 1);
    this.table?.show(wanted, process, totals.total(0).bytes, grouping);
  }

  /** @param {import('./totals.js').Totals} totals */
  #showStatus(totals) {
    const { process, state, zoom } = this;
    if (process === null) return;
    const all = totals.total(0);
    const amount = (/** @type {import('./totals.js').Amount} */ a) =>
      (state.metric === 'bytes' ? formatBytes(a.bytes) : plural(a.count, 'block'));
    const isZoomed = zoom.node !== 0 || zoom.from > 0 || zoom.to < 1;
    let text = `${amount(all)} ${viewText(process, state.view)}`;
    if (isZoomed) {
      const held = totals.total(zoom.node);
      text += ` · zoomed on ${shortName(nodeName(process, zoom.node))}: ${amount(held)}, ${formatShare(held.bytes, all.bytes)}`;
    }
    find('#status').textContent = text;
    find('#back').hidden = !isZoomed;
    const found = this.#found(totals);
    find('#found').textContent = found === null ? '' : found.towers === 0 ? 'nothing matches'
      : `${state.metric === 'bytes' ? formatBytes(found.bytes) : plural(found.count, 'block')} match, ` +
        `${formatShare(found.share, 1)} in ${plural(found.towers, 'tower')}`;
  }

  // What the search's matches hold.
  /** @param {import('./totals.js').Totals} totals */
  #found(totals) {
    const { process, state, matchNodes } = this;
    if (process === null || this.matches === null) return null;
    const bytes = heldBy(process.tree, matchNodes, totals.bytes);
    const count = Math.round(heldBy(process.tree, matchNodes, totals.counts) / 65536);
    const towers = matchNodes.filter((node) => totals.total(node).samples > 0).length;
    const all = totals.total(0);
    const share = state.metric === 'bytes' ? bytes / (all.bytes || 1) : count / (all.count || 1);
    return { bytes, count, towers, share };
  }

  /** @param {number} box @param {number} x @param {number} y */
  #point(box, x, y) {
    if (this.flamegraph === undefined) return;
    const details = detailsOf(this.flamegraph, box);
    if (details === null) return this.card?.hide();
    this.card?.fill(details, this.zoom.node !== 0);
    this.card?.place(x, y);
  }

  // A frame chosen by keys: its card under its box, its words for those who listen.
  /** @param {number} node */
  #select(node) {
    const { flamegraph, card } = this;
    if (flamegraph === undefined) return;
    describeTree(find('#outline'), flamegraph);
    const details = detailsOf(flamegraph, flamegraph.hovered);
    if (details === null || node < 0) return;
    find('#live').textContent = spoken(details);
    const at = find('#ring').getBoundingClientRect();
    card?.fill(details, this.zoom.node !== 0);
    card?.place(at.left, at.bottom - 12);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      findInput('#search').select();
      findInput('#search').focus();
    } else if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) {
      this.card?.hide();
      if (event.target instanceof HTMLInputElement && event.target.value !== '') {
        event.target.value = '';
        this.#search('');
      } else {
        if (isTyping) find('#flame').focus();
        this.reset();
      }
    }
  }

  // ---- for tests (docs: window.heapcrest) ----

  describe() {
    const { process, state } = this;
    if (process === null || this.profile.processes === undefined) return null;
    const totals = process.totals(state.view);
    const all = totals.total(0);
    return {
      ...state,
      process: this.profile.processes.pid[process.index],
      processes: this.profile.processes.pid.length,
      command: this.profile.processes.command[process.index],
      zoomed: nodeName(process, this.zoom.node),
      total_bytes: all.bytes,
      count: all.count,
      nodes: process.tree.size,
      matched: this.#found(totals),
      theme: this.theme?.dark ? 'dark' : 'light',
    };
  }
}

/** @param {import('./profile.js').ProcessProfile} process @param {string} view */
function viewText(process, view) {
  const { moments } = process.samples;
  const at = (/** @type {number} */ moment) => formatSeconds(moments[moment] * 1e-9);
  const selection = process.selection(view);
  if (view === 'end') return 'live at the end';
  switch (selection.kind) {
    case 'allocated': return 'allocated in total';
    case 'temporary': return 'allocated and soon freed';
    case 'grown': return `allocated from ${at(selection.from)} to ${at(selection.to)} and still live then`;
    default: return view === 'peak' ? `live at the peak, ${at(selection.moment)}` : `live at ${at(selection.moment)}`;
  }
}

const page = new Page();
document.documentElement.classList.add('scripted');

async function begin() {
  try {
    if (typeof DecompressionStream === 'undefined') throw new Error('this browser cannot inflate data');
    await page.start();
  } catch (error) {
    // The plain page says the same, only not as well.
    document.documentElement.classList.remove('scripted');
    throw error;
  }
}

const ready = document.readyState === 'loading'
  ? new Promise((resolve) => { document.addEventListener('DOMContentLoaded', resolve); }).then(begin)
  : begin();

Object.defineProperty(window, 'heapcrest', {
  value: Object.freeze({
    ready,
    boxes: () => page.flamegraph?.drawn() ?? [],
    state: () => page.describe(),
    get shownAt() { return page.shownAt; },  // ms from navigation to the first picture
    details: () => (page.flamegraph === undefined ? null : detailsOf(page.flamegraph, page.flamegraph.hovered)),
  }),
});
