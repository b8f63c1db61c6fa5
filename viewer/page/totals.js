// What each node holds under a selection.

import { correctionApplies, groupsOf, Samples } from './samples.js';
import { addUp, emptySums, kSums, SelectedSums } from './sums.js';
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
  const corrections = thread !== null ? []
    : samples.corrections.filter((c) => correctionApplies(c.view, selection, samples));
  return new Totals(tree, new SelectedSums(tree, samples, weights, groupsOf(samples, selection, thread), corrections));
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
    return this.presence ??= countPresent(this.tree, this.sums.samples);
  }

  /** @param {number} node @returns {Amount} */
  total(node) {
    let amount = this.known.get(node);
    if (amount === undefined) this.known.set(node, amount = this.#between(node, this.tree.end[node]));
    return amount;
  }

  /** @param {number} node @returns {Amount} */
  self(node) {
    return this.#between(node, node + 1);
  }

  /** @param {number} from @param {number} to @returns {Amount} */
  #between(from, to) {
    if (this.sums.between !== undefined) return this.sums.between(from, to);
    const { bytes, counts, samples, variances, overheads } = this.sums;
    return {
      bytes: bytes[to] - bytes[from],
      count: Math.floor((counts[to] - counts[from] + 32768) / 65536),
      samples: samples[to] - samples[from],
      variance: Math.max(0, variances[to] - variances[from]),
      overhead: overheads[to] - overheads[from],
    };
  }
}

/** @param {CallTree} tree @param {Float64Array} sums */
function countPresent(tree, sums) {
  const present = new Uint32Array(tree.size + 1);
  for (let node = 0; node < tree.size; ++node) {
    present[node + 1] = present[node] + (sums[tree.end[node]] > sums[node] ? 1 : 0);
  }
  return present;
}

// Half the width of the 95 % interval.
/** @param {Amount} amount */
export const errorOf = (amount) => 1.96 * Math.sqrt(amount.variance);

