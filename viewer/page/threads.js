// The threads of a process, and what each of them allocated of what is shown.

import { forEachGroup, scaleOf } from './samples.js';
import { addSamples, noAmount, rounded } from './sums.js';

/** @typedef {{tid: number, name: string}} Thread */

/** @param {import('./decode.js').ByteReader} reader @returns {Thread[]} */
export function readThreads(reader) {
  const threads = [];
  const decoder = new TextDecoder();
  for (let left = reader.number(), tid = 0, name = ''; left > 0; --left) {
    tid += reader.signed();
    const length = reader.number();
    if (length > 0) name = decoder.decode(reader.take(length - 1));
    threads.push({ tid, name });
  }
  return threads;
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
  forEachGroup(samples, selection, thread, (group) => {
    if (!isIn(samples.node[group])) return;
    const of = samples.thread[group];
    let amount = held.get(of);
    if (amount === undefined) held.set(of, amount = noAmount());
    addSamples(amount, weights, samples.weight[group], samples.times[group]);
  });
  return [...held].sort(([a], [b]) => a - b).map(([of, amount]) => {
    const whole = rounded(amount);
    return { frame: of, self: whole, total: whole };
  });
}
