// How large the blocks of a frame are, and how long they live: what its samples say, sorted into
// a few classes.

import { remembered } from './remembered.js';
import { groupsOf, scaleOf } from './samples.js';
import { formatSpan } from './units.js';

/** @typedef {{text: string, bytes: number, blocks: number}} Class */
/** @typedef {{sizes: Class[], lifetimes: Class[]}} Histograms */

const kLifetimes = 7;

class Tally {
  constructor() {
    /** @type {Map<number, {bytes: number, blocks: number}>} */
    this.classes = new Map();
  }

  /** @param {number} key @param {number} bytes @param {number} counts  in units of 1/65536 block */
  add(key, bytes, counts) {
    const held = remembered(this.classes, key, () => ({ bytes: 0, blocks: 0 }));
    held.bytes += bytes;
    held.blocks += counts / 65536;
  }

  // In order.
  /** @param {(key: number) => string} textOf @returns {Class[]} */
  list(textOf) {
    return [...this.classes].sort(([a], [b]) => a - b).map(([key, held]) => ({ text: textOf(key), ...held }));
  }
}

// Of the samples that a view holds in the subtree of `node` of a shape.
/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./shape.js').View} shape
 * @param {number} node @param {{view: string, thread: number | null}} state @returns {Histograms}
 */
export function histogramsOf(process, shape, node, { view, thread }) {
  const { samples, lastMoment } = process;
  const selection = process.selection(view);
  const weights = process.weights.by(scaleOf(samples, selection));
  const end = shape.totals.tree.end[node];
  const sizes = new Tally();
  const lifetimes = new Tally();
  const step = stepOf(process);
  for (const group of groupsOf(samples, selection, thread)) {
    const at = shape.place === null ? samples.node[group] : shape.place[samples.node[group]];
    if (at < node || at >= end) continue;
    const weight = samples.weight[group];
    const bytes = weights.bytes[weight] * samples.times[group];
    const counts = weights.count[weight] * samples.times[group];
    sizes.add(Math.max(4, Math.ceil(Math.log2(Math.max(1, weights.sizes[weight])))), bytes, counts);
    lifetimes.add(lifetimeClass(samples, group, lastMoment, step), bytes, counts);
  }
  return {
    sizes: sizes.list((key) => `≤ ${formatPower(key)}`),
    lifetimes: lifetimes.list((key) => (key === 0 ? `< ${formatSpan(step.shortest)}`
      : key > kLifetimes ? 'to the end' : `< ${formatSpan(step.shortest * step.factor ** key)}`)),
  };
}

// The shortest life that the moments can tell, and what leads from it to the whole run.
/** @param {import('./profile.js').ProcessProfile} process */
function stepOf(process) {
  const shortest = process.resolution;
  const factor = Math.max(1.1, (process.curve.duration * 1e-9 / shortest) ** (1 / kLifetimes));
  return { shortest, factor };
}

/** @param {import('./samples.js').Samples} samples @param {number} group @param {number} last @param {{shortest: number, factor: number}} step */
function lifetimeClass({ born, died, moments }, group, last, { shortest, factor }) {
  if (died[group] > last) return kLifetimes + 1;
  if (died[group] === born[group]) return 0;
  const seconds = (moments[died[group]] - moments[born[group]]) * 1e-9;
  const steps = Math.log(Math.max(seconds, shortest) / shortest) / Math.log(factor);
  return Math.min(kLifetimes, 1 + Math.floor(steps));
}

/** @param {number} power  of two, in bytes */
const formatPower = (power) => `${2 ** (power % 10)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'][Math.floor(power / 10)]}`;
