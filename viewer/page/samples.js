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
    this.moments = reader.sums(moments, Float64Array);  // nanoseconds since the process's start
    this.peak = reader.number();  // which of the moments is the peak
    this.scales = reader.column(8 * (moments + 1), Float64Array);  // for each moment, and for all that was allocated
    this.size = reader.number();
    this.node = reader.sums(this.size);
    this.weight = reader.column(this.size);
    this.born = reader.column(this.size);
    this.died = reader.column(this.size);
    const { size, born, died } = this;
    for (let i = 0; i < size; ++i) {
      const life = died[i];  // 0: to the end; 1: gone before any moment saw it
      died[i] = life === 0 ? moments : born[i] + life - 1;
    }
    this.thread = reader.column(this.size);
    this.times = reader.column(this.size);
    /** @type {Corrections[]} */
    this.corrections = [0, 1, 2].map(() => readCorrections(reader));  // at the peak, at the end, allocated
  }
}

// The eight numbers of a scale (viewer/calibration.h) that leaves all as it is.
export const kNoScale = [0, 0, 0, 1, 1, 1, 1, 0];

// What weights are to be scaled by, so that they add up to what was counted when the selection's last
// moment was.
/** @param {Samples} samples @param {Selection} selection @returns {ArrayLike<number>} */
export function scaleOf(samples, selection) {
  const { kind } = selection;
  const moment = kind === 'live' ? selection.moment : kind === 'grown' ? selection.to : samples.moments.length;
  return samples.scales.subarray(8 * moment);
}

// What the samples alone do not say, for one of the three views: the rest to the exact sums, in order
// of its nodes.
/** @param {ByteReader} reader */
function readCorrections(reader) {
  const size = reader.number();
  const node = reader.sums(size);
  const [bytes, count, samples, overhead, exact, variance] = [...Array(6)].map(() => reader.column(size, Float64Array));
  return { size, node, bytes, count, samples, overhead, variance, scaled: bytes.map((all, i) => all - exact[i]) };
}

export const kNoCorrections = readCorrections(new ByteReader(new Uint8Array(9)));

// Those of a selection.
/** @param {Samples} samples @param {Selection} selection @returns {Corrections} */
export function correctionsOf({ corrections, peak, moments }, selection) {
  if (selection.kind === 'allocated') return corrections[2];
  if (selection.kind !== 'live') return kNoCorrections;
  return selection.moment === peak ? corrections[0] : selection.moment === moments.length - 1 ? corrections[1] : kNoCorrections;
}

// Which groups of samples a selection holds, in order of their nodes.
/** @param {Samples} samples @param {Selection} selection @param {number | null} only  a thread @returns {Int32Array} */
export function groupsOf({ size, born, died, thread }, selection, only) {
  const { bornAfter, bornBy, diedAfter, longest } = limits(selection);
  const groups = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; ++i) {
    const isIn = born[i] > bornAfter && born[i] <= bornBy && died[i] > diedAfter && died[i] - born[i] <= longest;
    if (isIn && (only === null || thread[i] === only)) groups[count++] = i;
  }
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
