// Running sums over the nodes of a tree in preorder: what a subtree holds is the sum at its end minus
// the sum at its start.

/** @typedef {{bytes: number, count: number, samples: number, variance: number, overhead: number, scaled: number}} Amount */

/** @returns {Amount} */
export const noAmount = () => ({ bytes: 0, count: 0, samples: 0, variance: 0, overhead: 0, scaled: 0 });

// Whole bytes and blocks, from sums with a count in 1/65536.
/** @param {Amount} sum @returns {Amount} */
export const rounded = (sum) => ({
  ...sum,
  bytes: Math.round(sum.bytes),
  count: Math.floor((sum.count + 32768) / 65536),
});

// Running sums over nodes in preorder, one longer than the tree.
/**
 * @typedef {object} Sums
 * @property {Float64Array} bytes
 * @property {Float64Array} counts  in units of 1/65536 block
 * @property {Float64Array} samples
 * @property {Float64Array} variances
 * @property {Float64Array} overheads  bytes that the allocator adds
 * @property {Float64Array} smalls  the part of the bytes that is scaled to an exact sum
 * @property {(from: number, to: number) => Amount} [between]  what the nodes [from, to) hold
 */

export const kSums = /** @type {const} */ (['bytes', 'counts', 'samples', 'variances', 'overheads', 'smalls']);

/** @param {number} size @returns {Sums} */
export function emptySums(size) {
  const column = () => new Float64Array(size + 1);
  return { bytes: column(), counts: column(), samples: column(), variances: column(), overheads: column(), smalls: column() };
}

/** @param {Float64Array} column */
function runningSum(column) {
  let sum = 0;
  for (let i = 0; i < column.length; ++i) column[i] = sum += column[i];
  return column;
}

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

  get bytes() { return this.#column('bytes', this.weights.bytes); }
  get counts() { return this.#column('counts', this.weights.counts, 'count'); }
  get samples() { return this.#column('samples', null); }
  get variances() { return this.#column('variances', this.weights.variances, 'variance'); }
  get overheads() { return this.#column('overheads', this.weights.overheads, 'overhead'); }
  get smalls() { return this.#column('smalls', this.weights.smalls, 'bytes'); }

  /** @param {string} name @param {Float64Array | null} table  by weight; null: 1 each @param {string} [field] of a correction */
  #column(name, table, field = name) {
    let column = this.columns.get(name);
    if (column !== undefined) return column;
    column = new Float64Array(this.tree.size + 1);
    this.columns.set(name, column);
    const { node, weight, times } = this.samplesOf;
    for (const group of this.groups) {
      column[node[group] + 1] += table === null ? times[group] : table[weight[group]] * times[group];
    }
    for (const c of this.corrections) column[c.node + 1] += /** @type {Record<string, number>} */ (/** @type {unknown} */ (c))[field] ?? 0;
    return runningSum(column);
  }

  // What the nodes [from, to) hold, without the columns that nobody asked for yet.
  /** @param {number} from @param {number} to @returns {Amount} */
  between(from, to) {
    const { node, weight, times } = this.samplesOf;
    const { bytes, counts, variances, overheads, smalls } = this.weights;
    const held = noAmount();
    for (let i = this.#firstGroup(from); i < this.groups.length && node[this.groups[i]] < to; ++i) {
      const group = this.groups[i];
      held.bytes += bytes[weight[group]] * times[group];
      held.count += counts[weight[group]] * times[group];
      held.samples += times[group];
      held.variance += variances[weight[group]] * times[group];
      held.overhead += overheads[weight[group]] * times[group];
      held.scaled += smalls[weight[group]] * times[group];
    }
    for (const c of this.corrections) {
      if (c.node < from || c.node >= to) continue;
      held.bytes += c.bytes;
      held.count += c.count;
      held.samples += c.samples;
      held.variance += c.variance;
      held.overhead += c.overhead;
      held.scaled += c.bytes;
    }
    return rounded(held);
  }

  // The place in `groups` of the first one at or behind a node.
  /** @param {number} wanted */
  #firstGroup(wanted) {
    let [low, high] = [0, this.groups.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.samplesOf.node[this.groups[middle]] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
