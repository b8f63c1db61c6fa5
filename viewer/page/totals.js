// What each node holds under a selection.

import { remembered } from './remembered.js';
import { correctionsOf, groupsOf, kNoCorrections, kNoScale, Samples, scaleOf } from './samples.js';
import { addUp, emptySums, forSums, kSums, rounded, SelectedSums } from './sums.js';
import { Weights } from './texts.js';
import { CallTree } from './tree.js';

/**
 * @typedef {import('./sums.js').Amount} Amount
 * @typedef {import('./sums.js').Sums} Sums
 * @typedef {import('./samples.js').Selection} Selection
 */

// Of one thread only, or of all (null).
/**
 * @param {CallTree} tree @param {Samples} samples @param {Weights} weights
 * @param {Selection} selection @param {number | null} [thread]
 */
export function select(tree, samples, weights, selection, thread = null) {
  const corrections = thread === null ? correctionsOf(samples, selection) : kNoCorrections;
  const scale = corrections.size > 0 ? kNoScale : scaleOf(samples, selection);
  return new Totals(tree, new SelectedSums(tree, samples, weights.by(scale), groupsOf(samples, selection, thread), corrections));
}

// The same tree, holding only what the subtrees of some nodes hold. REQUIRES: these do not overlap
// and stand in order.
/** @param {Totals} totals @param {number[]} nodes */
export function within({ tree, sums }, nodes) {
  const kept = emptySums(tree.size);
  for (const name of kSums) {
    const [from, to] = [sums[name], kept[name]];
    for (const node of nodes) {
      for (let i = node; i < tree.end[node]; ++i) to[i + 1] = from[i + 1] - from[i];
    }
  }
  return new Totals(tree, addUp(kept));
}

export class Totals {
  /** @param {CallTree} tree @param {Sums} sums */
  constructor(tree, sums) {
    this.tree = tree;
    this.sums = sums;
    /** @type {Uint32Array | undefined} */
    this.presence = undefined;
    /** @type {Map<number, Amount>} */
    this.known = new Map();  // totals that were asked for
  }

  // How many of the nodes before each hold anything, as a running count.
  get present() {
    return this.presence ??= countPresent(this.tree, this.sums.count);
  }

  /** @param {number} node @returns {Amount} */
  total(node) {
    return remembered(this.known, node, () => this.#between(node, this.tree.end[node]));
  }

  /** @param {number} node @returns {Amount} */
  self(node) {
    return this.#between(node, node + 1);
  }

  /** @param {number} from @param {number} to @returns {Amount} */
  #between(from, to) {
    if (this.sums.between !== undefined) return this.sums.between(from, to);
    return rounded(forSums((name) => this.sums[name][to] - this.sums[name][from]));
  }
}

/** @param {CallTree} tree @param {Float64Array} sums */
function countPresent(tree, sums) {
  const { size, end } = tree;
  const present = new Uint32Array(size + 1);
  for (let node = 0, count = 0; node < size; ++node) {
    if (sums[end[node]] > sums[node]) ++count;
    present[node + 1] = count;
  }
  return present;
}

// How sure the figures of a selection are. `whole` is all that it holds, without a choice of threads;
// `ofSum` the relative standard deviation of its exact sum, null where samples are not scaled to one.
/** @typedef {{whole: Amount, ofSum: number | null, exact: string}} Precision  exact: what to say of an error of 0; '': errors are not known */

// Half the width of the 95 % interval. docs/sampling.md derives it.
/** @param {Amount} part @param {Precision} precision */
export function errorOf(part, { whole, ofSum, exact }) {
  if (!exact) return 0;
  if (ofSum === null || whole.scaled === 0) return 1.96 * Math.sqrt(part.variance);
  const share = part.scaled / whole.scaled;
  const variance = (1 - 2 * share) * part.variance + share ** 2 * (whole.variance + (ofSum * whole.scaled) ** 2);
  return 1.96 * Math.sqrt(Math.max(0, variance));
}

