// Search by text: which frames match, and how many bytes their towers hold. A match inside a match
// is not counted again.
//
// Literal and case-blind by default, so that `operator()(int*)` can be typed; `/regex/` when asked;
// `file:`, `module:` and `source:` look at those instead of the function.

import { isPython } from './names.js';
import { Frames } from './texts.js';
import { CallTree } from './tree.js';

/** @typedef {{field: 'function' | 'file' | 'module' | 'source', isRegex: boolean, matches: (text: string) => boolean}} Query */

// Null for an empty query; throws SyntaxError for a broken /regex/.
/** @param {string} text @returns {Query | null} */
export function parseQuery(text) {
  const [, prefix, wanted] = /^(?:(file|module|source):)?(.*)$/s.exec(text.trim()) ?? [];
  if (!wanted) return null;
  const field = /** @type {Query['field']} */ (prefix ?? 'function');
  const regex = /^\/(.+)\/(i?)$/s.exec(wanted);
  if (regex) {
    const pattern = new RegExp(regex[1], regex[2]);
    return { field, isRegex: true, matches: (name) => pattern.test(name) };
  }
  const needle = wanted.toLowerCase();
  return { field, isRegex: false, matches: (name) => name.includes(needle) };  // of a name in lower case
}

export class Search {
  /** @param {Frames} frames */
  constructor(frames) {
    this.frames = frames;
    /** @type {(string | undefined)[]} */
    this.lowered = [];
  }

  // One byte a frame: 1 where it matches.
  /** @param {string} text @returns {Uint8Array | null} */
  matchingFrames(text) {
    const query = parseQuery(text);
    if (query === null) return null;
    const { frames } = this;
    const ids = { function: frames.functions, file: frames.files, module: frames.modules, source: frames.sources }[query.field];
    /** @type {boolean[]} */ const known = [];  // by text
    const isMatch = (/** @type {number} */ id) =>
      known[id] ??= query.matches(query.isRegex ? frames.texts.at(id) : this.#loweredText(id));
    // Of Python its source, which is what boxes show.
    return Uint8Array.from(ids, (id, frame) => +(isMatch(id) ||
      query.field === 'function' && isMatch(frames.sources[frame]) && isPython(frames.at(frame))));
  }

  /** @param {number} id */
  #loweredText(id) {
    return this.lowered[id] ??= this.frames.texts.at(id).toLowerCase();
  }
}

// The outermost matching nodes under `root`: their subtrees do not overlap.
/** @param {CallTree} tree @param {Uint8Array} flags @param {number} [root] @returns {number[]} */
export function outermostMatches(tree, flags, root = 0) {
  const found = [];
  for (let node = root; node < tree.end[root];) {
    if (tree.frame[node] >= 0 && flags[tree.frame[node]] === 1) {
      found.push(node);
      node = tree.end[node];
    } else {
      ++node;
    }
  }
  return found;
}

// What the matches hold together under running sums.
/** @param {CallTree} tree @param {number[]} nodes @param {Float64Array} sums */
export function heldBy(tree, nodes, sums) {
  let held = 0;
  for (const node of nodes) held += sums[tree.end[node]] - sums[node];
  return held;
}
