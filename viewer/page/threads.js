// The threads of a process, and what each of them allocated of what is shown.

import { remembered } from './remembered.js';
import { groupsOf, scaleOf } from './samples.js';
import { addSamples, noAmount, rounded } from './sums.js';

/** @typedef {{tid: number, name: string}} Thread */

/** @param {import('./decode.js').ByteReader} reader @returns {Thread[]} */
export function readThreads(reader) {
  const count = reader.number();
  const tids = reader.sums(count, Float64Array);
  const lengths = reader.column(count);  // with one more, or 0: named as the one before
  const decoder = new TextDecoder();
  let name = '';
  return Array.from(tids, (tid, i) => {
    if (lengths[i] > 0) name = decoder.decode(reader.take(lengths[i] - 1));
    return { tid, name };
  });
}

/** @param {Thread | undefined} thread @param {number} index */
export function threadName(thread, index) {
  const name = thread?.name || `thread ${index + 1}`;
  return thread !== undefined && thread.tid > 0 ? `${name} (${thread.tid})` : name;
}

// A row for each thread that has any, in their order.
/**
 * @param {import('./profile.js').ProcessProfile} process @param {{view: string, thread: number | null}} state
 * @param {(node: number) => boolean} [isIn]  of the recorded tree
 * @returns {import('./lines.js').Row[]}
 */
export function threadRows(process, { view, thread }, isIn = () => true) {
  const { samples } = process;
  const selection = process.selection(view);
  const weights = process.weights.by(scaleOf(samples, selection));
  /** @type {Map<number, import('./totals.js').Amount>} */
  const held = new Map();
  for (const group of groupsOf(samples, selection, thread)) {
    if (!isIn(samples.node[group])) continue;
    addSamples(remembered(held, samples.thread[group], noAmount), weights, samples.weight[group], samples.times[group]);
  }
  return [...held].sort(([a], [b]) => a - b).map(([of, amount]) => {
    const whole = rounded(amount);
    return { frame: of, self: whole, total: whole };
  });
}
