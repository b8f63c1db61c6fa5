// What the reader looks at, as text in the page's address: a link, Back and reload bring it back.
// Frames are named by a hash of the path that leads to them, so that a link outlives its report.

import { remembered } from './remembered.js';
import { CallTree } from './tree.js';
import { Frames } from './texts.js';

/**
 * @typedef {object} State
 * @property {string} process  its pid, PID.2 and so on where it had several programs; '': the one with the largest peak
 * @property {number | null} thread  its place in the process's list; null: all
 * @property {string} view  peak, end, rss, allocated, temporary, at:SECONDS or grown:SECONDS-SECONDS
 * @property {'bytes' | 'count'} metric
 * @property {string} zoom  hash of a path; '': the root
 * @property {number} from  part of the zoomed frame that is shown
 * @property {number} to
 * @property {string} above  HASH:FROM:TO of the upper half of a sandwich
 * @property {string} search
 * @property {'' | 'only'} towers  only: what does not match is left out
 * @property {'flame' | 'callers' | 'sandwich' | 'table'} form
 * @property {import('./labels.js').Grouping} grouping
 * @property {string} sort  the table's column, - before it: smallest first
 * @property {string} only  a function, or one of its lines (lineName()): only its towers
 * @property {string} hide  functions to take out, a line each
 * @property {'' | 'collapsed'} recursion
 * @property {'' | 'folded'} plumbing  frames of the standard library
 * @property {'' | 'only'} python  only: without frames of native code
 * @property {'' | 'folded'} imports  of Python: one box for each
 * @property {'down' | 'up'} grow
 * @property {'module' | 'own' | 'size'} color
 * @property {'' | 'open'} side  the panel of details
 */

/** @type {Readonly<State>} */
export const kInitialState = Object.freeze({
  process: '', thread: null, view: 'peak', metric: 'bytes', zoom: '', from: 0, to: 1, above: '',
  search: '', towers: '', form: 'flame', grouping: 'line', sort: 'self', only: '', hide: '', recursion: '',
  plumbing: '', python: '', imports: '', grow: 'down', color: 'module', side: '',
});

// What to change to see the whole again.
export const kUnzoomed = Object.freeze({ zoom: '', from: 0, to: 1, above: '' });

// What Escape changes: what is zoomed, else the moment that was picked.
/** @param {State} state @returns {Partial<State>} */
export function whole({ zoom, from, to, above, view }) {
  const isZoomed = zoom !== '' || above !== '' || from !== 0 || to !== 1;
  return isZoomed || !isPicked(view) ? kUnzoomed : { view: 'peak' };
}

// Whether a view is of moments that the reader picked from the curve.
/** @param {string} view */
export const isPicked = (view) => /^(at|grown):/.test(view);

// The state after a step, with all that belongs to it: a sandwich is of one function, threads stand in
// tables only, and where another tree comes of it the whole is shown.
/** @param {State} state @param {Partial<State>} changes @param {() => string} chosenFunction @returns {State} */
export function completed(state, changes, chosenFunction) {
  const next = { ...state, ...changes };
  if (changes.grouping === 'thread') next.form = 'table';
  else if (next.grouping === 'thread' && next.form !== 'table') next.grouping = 'line';
  if (next.form === 'sandwich') next.only ||= chosenFunction();
  else if (state.form === 'sandwich' && changes.only === undefined) next.only = '';
  return treeOf(next) === treeOf(state) ? next : { ...next, ...kUnzoomed };
}

// What tells one tree from another. A table is of the flamegraph's, whatever its rows are; and lines
// of one function are on one path (PathHashes).
/** @param {State} state */
const treeOf = ({ form, grouping, only, ...others }) => {
  const isTable = form === 'table';
  const merged = isTable || grouping === 'function' ? 'line' : grouping;
  return JSON.stringify([isTable ? 'flame' : form, merged, only, reshaping(others)]);
};

// What reshapes a tree of any form.
/** @param {Pick<State, 'hide' | 'recursion' | 'plumbing' | 'python' | 'imports'>} state */
export const reshaping = ({ hide, recursion, plumbing, python, imports }) => [hide, recursion, plumbing, python, imports].join('');

// The fields that are one of few words, the initial one first; text of any kind; and numbers.
/** @type {Record<string, string[]>} */
const kWords = {
  metric: ['bytes', 'count'],
  towers: ['', 'only'],
  form: ['flame', 'callers', 'sandwich', 'table'],
  grouping: ['line', 'function', 'name', 'file', 'module', 'thread'],
  recursion: ['', 'collapsed'],
  plumbing: ['', 'folded'],
  python: ['', 'only'],
  imports: ['', 'folded'],
  grow: ['down', 'up'],
  color: ['module', 'own', 'size'],
  side: ['', 'open'],
};
const kPatterns = Object.entries({
  view: /^(peak|end|rss|allocated|temporary|at:[\d.]+|grown:[\d.]+-[\d.]+)$/,
  zoom: /^[0-9a-f]{16}$/,
  process: /^\d{1,10}(\.\d{1,6})?$/,
  sort: /^-?(self|error|total|count|mean|overhead|name)$/,
  above: /^([0-9a-f]{16})?:[\d.]+:[\d.]+$/,
  search: /^/,
  only: /^/,
  hide: /^/,
});

/** @param {State} state @returns {string} */
export function formatState(state) {
  const fields = new URLSearchParams();
  for (const [key, value] of Object.entries(state)) {
    if (value !== /** @type {Record<string, unknown>} */ (kInitialState)[key]) fields.set(key, String(value));
  }
  return fields.toString();
}

/** @param {State} state */
export const isInitial = (state) => formatState(state) === '';

// Whatever is not understood keeps its initial value.
/** @param {string} text @returns {State} */
export function parseState(text) {
  const fields = new URLSearchParams(text.replace(/^#/, ''));
  /** @type {Record<string, unknown>} */
  const state = { ...kInitialState };
  for (const [key, words] of Object.entries(kWords)) {
    state[key] = words.find((word) => word === fields.get(key)) ?? words[0];
  }
  for (const [key, pattern] of kPatterns) {
    const value = fields.get(key);
    if (value !== null && pattern.test(value)) state[key] = value;
  }
  const thread = fields.get('thread') ?? '';
  if (/^\d{1,10}$/.test(thread)) state.thread = Number(thread);
  const from = Number(fields.get('from') ?? 0);
  const to = Number(fields.get('to') ?? 1);
  if (from >= 0 && to <= 1 && from < to) Object.assign(state, { from, to });
  return /** @type {State} */ (/** @type {unknown} */ (state));
}

/** @param {number} hash @param {number} value */
const mix = (hash, value) => Math.imul(hash ^ value, 0x01000193) + (hash >>> 15) | 0;

/** @param {number} seed @param {string} text */
function hashText(seed, text) {
  let hash = seed;
  for (let i = 0; i < text.length; ++i) hash = mix(hash, text.charCodeAt(i));
  return hash;
}

// Names nodes by function and module along their path: lines move from version to version.
export class PathHashes {
  /** @param {CallTree} tree @param {Frames} frames */
  constructor(tree, frames) {
    this.tree = tree;
    this.frames = frames;
    /** @type {Map<number, [number, number]>} */
    this.ofFrame = new Map();
    /** @type {Map<string, number>} */
    this.known = new Map([['', 0]]);  // those that were asked for
  }

  /** @param {number} node @returns {string} */
  of(node) {
    if (node === 0) return '';
    const name = this.#nameOf(node);
    remembered(this.known, name, () => node);
    return name;
  }

  /** @param {number} node */
  #nameOf(node) {
    let low = 1;
    let high = 2;
    for (const at of this.tree.path(node).slice(1)) {
      const [a, b] = this.#frameHash(this.tree.frame[at]);
      low = mix(low, a);
      high = mix(high, b);
    }
    return hex(high) + hex(low);
  }

  // The node of that name, or -1. Of several (lines apart) the first.
  /** @param {string} hash */
  find(hash) {
    return remembered(this.known, hash, () => this.#search(hash));
  }

  /** @param {string} hash */
  #search(hash) {
    const { tree } = this;
    const lows = new Int32Array(tree.size);
    const highs = new Int32Array(tree.size);
    lows[0] = 1;
    highs[0] = 2;
    const wanted = [parseInt(hash.slice(0, 8), 16) | 0, parseInt(hash.slice(8), 16) | 0];
    for (let node = 1; node < tree.size; ++node) {
      const [a, b] = this.#frameHash(tree.frame[node]);
      lows[node] = mix(lows[tree.parent[node]], a);
      highs[node] = mix(highs[tree.parent[node]], b);
      if (highs[node] === wanted[0] && lows[node] === wanted[1]) return node;
    }
    return -1;
  }

  /** @param {number} frame @returns {[number, number]} */
  #frameHash(frame) {
    return remembered(this.ofFrame, frame, () => {
      const { function: name, module } = frame < 0 ? { function: '', module: '' } : this.frames.at(frame);
      return [hashText(hashText(17, name), module), hashText(hashText(40503, module), name)];
    });
  }
}

/** @param {number} value */
const hex = (value) => (value >>> 0).toString(16).padStart(8, '0');
