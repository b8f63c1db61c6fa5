// Running sums over the nodes of a tree in preorder: what a subtree holds is the sum at its end minus
// the sum at its start.

import { firstBehind } from './bisect.js';
import { runningSum } from './decode.js';
import { remembered } from './remembered.js';

/** @typedef {'bytes' | 'count' | 'samples' | 'variance' | 'overhead' | 'scaled'} SumName */
/** @typedef {Record<SumName, number>} Amount  overhead: bytes that the allocator adds; scaled: the part of the bytes that is scaled to an exact sum */

export const kSums = /** @type {const} */ (['bytes', 'count', 'samples', 'variance', 'overhead', 'scaled']);

// One thing for each of the sums.
/** @template T @param {(name: SumName) => T} valueOf @returns {Record<SumName, T>} */
export const forSums = (valueOf) => /** @type {any} */ (Object.fromEntries(kSums.map((name) => [name, valueOf(name)])));

export const noAmount = () => forSums(() => 0);

// Adds `times` samples of one weight.
/** @param {Amount} to @param {import('./texts.js').Weights} weights @param {number} weight @param {number} times */
export function addSamples(to, weights, weight, times) {
  for (const name of kSums) to[name] += weights[name][weight] * times;
}

// Whole bytes and blocks, from sums with a count in 1/65536.
/** @param {Amount} sum @returns {Amount} */
export const rounded = (sum) => ({
  ...sum,
  bytes: Math.round(sum.bytes),
  count: Math.floor((sum.count + 32768) / 65536),
  variance: Math.max(0, sum.variance),
});

// Running sums over nodes in preorder, one longer than the tree; counts are in units of 1/65536 block.
// between: what the nodes [from, to) hold, where there is a faster way.
/** @typedef {Record<SumName, Float64Array> & {between?: (from: number, to: number) => Amount}} Sums */

/** @param {number} size @returns {Sums} */
export const emptySums = (size) => forSums(() => new Float64Array(size + 1));

// From what each node holds itself (one place further) to running sums.
/** @param {Sums} sums @returns {Sums} */
export function addUp(sums) {
  for (const name of kSums) runningSum(sums[name]);
  return sums;
}

// The running sums of what is selected, each made when it is first asked for: on a million nodes
// every one of them costs time, and a picture needs two.
export class SelectedSums {
  /**
   * @param {import('./tree.js').CallTree} tree @param {import('./samples.js').Samples} samples @param {import('./texts.js').Weights} weights
   * @param {Int32Array} groups  in order of their nodes @param {import('./samples.js').Corrections} corrections
   */
  constructor(tree, samples, weights, groups, corrections) {
    this.tree = tree;
    this.samplesOf = samples;
    this.weights = weights;
    this.groups = groups;
    this.corrections = corrections;
    /** @type {Map<string, Float64Array>} */ this.columns = new Map();
  }

  get bytes() { return this.#column('bytes'); }
  get count() { return this.#column('count'); }
  get samples() { return this.#column('samples'); }
  get variance() { return this.#column('variance'); }
  get overhead() { return this.#column('overhead'); }
  get scaled() { return this.#column('scaled'); }

  /** @param {SumName} name */
  #column(name) {
    return remembered(this.columns, name, () => this.#columnOf(name));
  }

  /** @param {SumName} name */
  #columnOf(name) {
    const column = new Float64Array(this.tree.size + 1);
    const { groups, corrections, samplesOf: { node, weight, times } } = this;
    const table = this.weights[name];
    const { length } = groups;
    for (let i = 0; i < length; ++i) {
      const group = groups[i];
      column[node[group] + 1] += table[weight[group]] * times[group];
    }
    for (let i = 0; i < corrections.size; ++i) column[corrections.node[i] + 1] += corrections[name][i];
    return runningSum(column);
  }

  // What the nodes [from, to) hold, without the columns that nobody asked for yet.
  /** @param {number} from @param {number} to @returns {Amount} */
  between(from, to) {
    const { groups, corrections, samplesOf: { node, weight, times } } = this;
    const [first, last] = [from, to].map((wanted) => firstBehind(groups.length, (i) => node[groups[i]] >= wanted));
    const [firstOf, lastOf] = [from, to].map((wanted) => firstBehind(corrections.size, (i) => corrections.node[i] >= wanted));
    return rounded(forSums((name) => {
      const column = this.columns.get(name);
      if (column !== undefined) return column[to] - column[from];
      const table = this.weights[name];
      let held = 0;
      for (let i = first; i < last; ++i) held += table[weight[groups[i]]] * times[groups[i]];
      for (let i = firstOf; i < lastOf; ++i) held += corrections[name][i];
      return held;
    }));
  }
}
