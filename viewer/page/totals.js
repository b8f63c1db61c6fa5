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
 * @typedef {{bytes: number, count: number, samples: number, variance: number}} Amount
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
 */

/** @param {number} size @returns {Sums} */
export function emptySums(size) {
  const column = () => new Float64Array(size + 1);
  return { bytes: column(), counts: column(), samples: column(), variances: column() };
}

// From what each node holds itself (one place further) to running sums.
/** @param {Sums} sums @returns {Sums} */
export function addUp(sums) {
  for (const column of [sums.bytes, sums.counts, sums.samples, sums.variances]) {
    for (let i = 1; i < column.length; ++i) column[i] += column[i - 1];
  }
  return sums;
}

/** @param {CallTree} tree @param {Samples} samples @param {Weights} weights @param {Selection} selection */
export function select(tree, samples, weights, selection) {
  const sums = emptySums(tree.size);
  addGroups(sums, samples, weights, selection);
  for (const c of samples.corrections) {
    if (!correctionApplies(c.view, selection, samples)) continue;
    sums.bytes[c.node + 1] += c.bytes;
    sums.counts[c.node + 1] += c.count;
    sums.samples[c.node + 1] += c.samples;
    sums.variances[c.node + 1] += c.variance;
  }
  return new Totals(tree, addUp(sums));
}

/** @param {Sums} sums @param {Samples} samples @param {Weights} weights @param {Selection} selection */
function addGroups(sums, samples, weights, selection) {
  const { node, weight, born, died, times } = samples;
  const { bornAfter, bornBy, diedAfter, longest } = limits(selection);
  for (let i = 0; i < samples.size; ++i) {
    if (born[i] <= bornAfter || born[i] > bornBy || died[i] <= diedAfter) continue;
    if (died[i] - born[i] > longest) continue;
    const at = node[i] + 1;
    sums.bytes[at] += weights.bytes[weight[i]] * times[i];
    sums.counts[at] += weights.counts[weight[i]] * times[i];
    sums.samples[at] += times[i];
    sums.variances[at] += weights.variances[weight[i]] * times[i];
  }
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
    const { bytes, counts, samples, variances } = this.sums;
    return {
      bytes: bytes[to] - bytes[from],
      count: Math.floor((counts[to] - counts[from] + 32768) / 65536),
      samples: samples[to] - samples[from],
      variance: Math.max(0, variances[to] - variances[from]),
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
