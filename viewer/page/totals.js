// What each node holds under a selection: all samples, those live at a moment, those that came
// between two moments and stayed.
//
// Nodes stand in preorder and groups of equal samples are sorted by node, so running sums answer
// everything: what a subtree holds is the sum at its end minus the sum at its start.

import { ByteReader } from './decode.js';
import { Weights } from './texts.js';
import { CallTree } from './tree.js';

/**
 * @typedef {{kind: 'allocated'} | {kind: 'live', moment: number} |
 *           {kind: 'grown', from: number, to: number} | {kind: 'temporary'}} Selection
 * @typedef {{bytes: number, count: number, samples: number, variance: number, overhead: number}} Amount
 */

// Samples that are alike: of one node, one weight, seen first and last at the same moments.
export class Samples {
  /** @param {ByteReader} reader */
  constructor(reader) {
    const moments = reader.number();
    this.moments = new Float64Array(moments);  // nanoseconds since the process's start
    for (let i = 0, time = 0; i < moments; ++i) this.moments[i] = time += reader.number();
    this.peak = reader.number();  // which of the moments is the peak
    this.size = reader.number();
    this.node = reader.column(this.size);
    for (let i = 1; i < this.size; ++i) this.node[i] += this.node[i - 1];
    this.weight = reader.column(this.size);
    this.born = reader.column(this.size);
    this.died = reader.column(this.size);
    for (let i = 0; i < this.size; ++i) {
      const life = this.died[i];  // 0: to the end; 1: gone before any moment saw it
      this.died[i] = life === 0 ? moments : this.born[i] + life - 1;
    }
    this.thread = reader.column(this.size);
    this.times = reader.column(this.size);
    this.corrections = readCorrections(reader);
  }
}

// What the samples alone do not say, for the three views: usually nothing.
/** @param {ByteReader} reader */
function readCorrections(reader) {
  const corrections = [];
  for (let left = reader.number(); left > 0; --left) {
    corrections.push({
      node: reader.number(),
      view: reader.number(),
      bytes: reader.signed(),
      count: reader.signed(),
      samples: reader.signed(),
      variance: reader.double(),
    });
  }
  return corrections;
}

// Running sums over nodes in preorder, one longer than the tree.
/**
 * @typedef {object} Sums
 * @property {Float64Array} bytes
 * @property {Float64Array} counts  in units of 1/65536 block
 * @property {Float64Array} samples
 * @property {Float64Array} variances
 * @property {Float64Array} overheads  bytes that the allocator adds
 */

export const kSums = /** @type {const} */ (['bytes', 'counts', 'samples', 'variances', 'overheads']);

/** @param {number} size @returns {Sums} */
export function emptySums(size) {
  const column = () => new Float64Array(size + 1);
  return { bytes: column(), counts: column(), samples: column(), variances: column(), overheads: column() };
}

// From what each node holds itself (one place further) to running sums.
/** @param {Sums} sums @returns {Sums} */
export function addUp(sums) {
  for (const name of kSums) {
    const column = sums[name];
    for (let i = 1; i < column.length; ++i) column[i] += column[i - 1];
  }
  return sums;
}

// Of one thread only, or of all (null).
/**
 * @param {CallTree} tree @param {Samples} samples @param {Weights} weights
 * @param {Selection} selection @param {number | null} [thread]
 */
export function select(tree, samples, weights, selection, thread = null) {
  const sums = emptySums(tree.size);
  addGroups(sums, samples, weights, selection, thread);
  for (const c of samples.corrections) {
    if (thread !== null || !correctionApplies(c.view, selection, samples)) continue;
    sums.bytes[c.node + 1] += c.bytes;
    sums.counts[c.node + 1] += c.count;
    sums.samples[c.node + 1] += c.samples;
    sums.variances[c.node + 1] += c.variance;
  }
  return new Totals(tree, addUp(sums));
}

/**
 * @param {Sums} sums @param {Samples} samples @param {Weights} weights
 * @param {Selection} selection @param {number | null} only  a thread
 */
function addGroups(sums, samples, weights, selection, only) {
  const { node, weight, born, died, thread, times } = samples;
  const { bornAfter, bornBy, diedAfter, longest } = limits(selection);
  for (let i = 0; i < samples.size; ++i) {
    if (born[i] <= bornAfter || born[i] > bornBy || died[i] <= diedAfter) continue;
    if (died[i] - born[i] > longest || (only !== null && thread[i] !== only)) continue;
    const at = node[i] + 1;
    sums.bytes[at] += weights.bytes[weight[i]] * times[i];
    sums.counts[at] += weights.counts[weight[i]] * times[i];
    sums.samples[at] += times[i];
    sums.variances[at] += weights.variances[weight[i]] * times[i];
    sums.overheads[at] += weights.overheads[weight[i]] * times[i];
  }
}

// Calls `use` with each group of samples that a selection holds.
/**
 * @param {Samples} samples @param {Selection} selection @param {number | null} only  a thread
 * @param {(group: number) => void} use
 */
export function forEachGroup(samples, selection, only, use) {
  const { born, died, thread } = samples;
  const { bornAfter, bornBy, diedAfter, longest } = limits(selection);
  for (let i = 0; i < samples.size; ++i) {
    const isIn = born[i] > bornAfter && born[i] <= bornBy && died[i] > diedAfter && died[i] - born[i] <= longest;
    if (isIn && (only === null || thread[i] === only)) use(i);
  }
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
  }

  // How many of the nodes before each hold anything, as a running count.
  get present() {
    return this.presence ??= countPresent(this.tree, this.sums.samples);
  }

  /** @param {number} node @returns {Amount} */
  total(node) {
    return this.#between(node, this.tree.end[node]);
  }

  /** @param {number} node @returns {Amount} */
  self(node) {
    return this.#between(node, node + 1);
  }

  /** @param {number} from @param {number} to @returns {Amount} */
  #between(from, to) {
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

/** @param {Selection} selection */
function limits(selection) {
  const all = { bornAfter: -1, bornBy: Infinity, diedAfter: -1, longest: Infinity };
  switch (selection.kind) {
    case 'live': return { ...all, bornBy: selection.moment, diedAfter: selection.moment };
    case 'grown': return { ...all, bornAfter: selection.from, bornBy: selection.to, diedAfter: selection.to };
    case 'temporary': return { ...all, longest: 0 };
    default: return all;
  }
}

/** @param {number} view @param {Selection} selection @param {Samples} samples */
function correctionApplies(view, selection, samples) {
  if (selection.kind === 'allocated') return view === 2;
  if (selection.kind !== 'live') return false;
  return (view === 0 && selection.moment === samples.peak) ||
    (view === 1 && selection.moment === samples.moments.length - 1);
}
