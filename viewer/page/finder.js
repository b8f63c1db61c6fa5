// The search field: which frames match, what their towers hold, the next of them.

import { find, setProps } from './dom.js';
import { heldBy, outermostMatches, Search } from './search.js';
import { within } from './totals.js';

export class Finder {
  /** @param {import('./texts.js').Frames} frames */
  constructor(frames) {
    this.search = new Search(frames);
    this.input = find('#search');
    this.text = '';
    this.trouble = '';  // what is wrong with it
    /** @type {Uint8Array | null} */ this.matches = null;  // by frame
    /** @type {number[]} */ this.towers = [];  // outermost matching nodes
  }

  // A broken /regex/ matches nothing and says so.
  /** @param {string} text @param {import('./tree.js').CallTree} tree */
  match(text, tree) {
    if (text !== this.text) {
      this.text = text;
      this.matches = null;
      this.trouble = '';
      try {
        this.matches = this.search.matchingFrames(text);
      } catch (error) {
        this.trouble = `not a regular expression: ${String(error).split(': ').pop()}`;
      }
      setProps(this.input, { 'aria-invalid': this.trouble === '' ? false : 'true' });
    }
    this.towers = this.matches === null ? [] : outermostMatches(tree, this.matches);
  }

  // Without what does not match, where the reader wants that.
  /** @param {import('./totals.js').Totals} totals @param {import('./state.js').State} state */
  narrowed(totals, state) {
    return state.towers === 'only' && this.towers.length > 0 ? within(totals, this.towers) : totals;
  }

  // What the matches hold together; null without a search.
  /** @param {import('./totals.js').Totals} totals @param {'bytes' | 'count'} metric */
  held(totals, metric) {
    if (this.matches === null) return null;
    const bytes = heldBy(totals.tree, this.towers, totals.sums.bytes);
    const count = Math.round(heldBy(totals.tree, this.towers, totals.sums.count) / 65536);
    const all = totals.total(0);
    const share = metric === 'bytes' ? bytes / (all.bytes || 1) : count / (all.count || 1);
    return { bytes, count, towers: this.#present(totals).length, share };
  }

  // The tower behind or before a node, heaviest first, around the corner; -1 if there is none.
  /** @param {import('./totals.js').Totals} totals @param {number} from @param {number} step @returns {number} */
  next(totals, from, step) {
    const { tree, sums: { bytes } } = totals;
    const held = (/** @type {number} */ node) => bytes[tree.end[node]] - bytes[node];
    const towers = this.#present(totals).sort((a, b) => held(b) - held(a) || a - b);
    const at = towers.indexOf(from);
    if (towers.length === 0) return -1;
    if (at < 0) return towers[step > 0 ? 0 : towers.length - 1];
    return towers[(at + step + towers.length) % towers.length];
  }

  /** @param {import('./totals.js').Totals} totals */
  #present({ tree, sums: { samples } }) {
    return this.towers.filter((node) => samples[tree.end[node]] > samples[node]);
  }
}
