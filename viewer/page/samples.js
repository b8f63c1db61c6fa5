// The samples of a process, and which of them a selection holds: all, those live at a moment, those
// that came between two moments and stayed.

import { ByteReader } from './decode.js';

/**
 * @typedef {{kind: 'allocated'} | {kind: 'live', moment: number} |
 *           {kind: 'grown', from: number, to: number} | {kind: 'temporary'}} Selection
 * @typedef {ReturnType<typeof readCorrections>} Corrections
 */

// Samples that are alike: of one node, one weight, seen first and last at the same moments.
export class Samples {
  /** @param {ByteReader} reader */
  constructor(reader) {
    const moments = reader.number();
    this.moments = new Float64Array(moments);  // nanoseconds since the process's start
    for (let i = 0, time = 0; i < moments; ++i) this.moments[i] = time += reader.number();
    this.peak = reader.number();  // which of the moments is the peak
    this.scales = Array.from(this.moments, () => readScale(reader));
    this.allocatedScale = readScale(reader);
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

/** @typedef {{bytes: number, count: number, overhead: number}} Scale  factors */
/** @type {Scale} */
export const kNoScale = { bytes: 1, count: 1, overhead: 1 };
const kScaleUnit = 2 ** 20;

/** @param {ByteReader} reader @returns {Scale} */
function readScale(reader) {
  const factor = () => reader.number() / kScaleUnit;
  return { bytes: factor(), count: factor(), overhead: factor() };
}

// What the weights of small blocks are to be multiplied by, so that they add up to what was counted
// when the selection's last moment was.
/** @param {Samples} samples @param {Selection} selection @returns {Scale} */
export function scaleOf(samples, selection) {
  switch (selection.kind) {
    case 'live': return samples.scales[selection.moment];
    case 'grown': return samples.scales[selection.to];
    default: return samples.allocatedScale;
  }
}

// What the samples alone do not say, for the three views: the rest to the exact sums.
/** @param {ByteReader} reader */
function readCorrections(reader) {
  const corrections = [];
  for (let left = reader.number(); left > 0; --left) {
    const [node, view, bytes, count] = [reader.number(), reader.number(), reader.signed(), reader.signed()];
    corrections.push({
      node, view, bytes, count, samples: reader.signed(), overhead: reader.signed(), variance: reader.double(), scaled: bytes,
    });
  }
  return corrections;
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

// In order of their nodes.
/** @param {Samples} samples @param {Selection} selection @param {number | null} thread @returns {Int32Array} */
export function groupsOf(samples, selection, thread) {
  const groups = new Int32Array(samples.size);
  let count = 0;
  forEachGroup(samples, selection, thread, (group) => { groups[count++] = group; });
  return groups.subarray(0, count);
}

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
export function correctionApplies(view, selection, samples) {
  if (selection.kind === 'allocated') return view === 2;
  if (selection.kind !== 'live') return false;
  return (view === 0 && selection.moment === samples.peak) ||
    (view === 1 && selection.moment === samples.moments.length - 1);
}
