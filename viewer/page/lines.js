// Rows of a table: what each line, function, file or module holds itself, and together with what it
// calls. Recursion is counted once: only the outermost of nested occurrences adds to a total.

import { CallTree } from './tree.js';
import { Totals } from './totals.js';
import { Frames } from './texts.js';

/**
 * @typedef {import('./labels.js').Grouping} Grouping
 * @typedef {{frame: number, self: import('./totals.js').Amount, total: import('./totals.js').Amount}} Row
 */

// Each frame's group, as a small number: frames with the same number make one row.
/** @param {Frames} frames @param {Grouping} grouping @returns {{of: Int32Array, count: number}} */
export function groupFrames(frames, grouping) {
  const of = new Int32Array(frames.size);
  if (grouping === 'line') {
    for (let i = 0; i < of.length; ++i) of[i] = i;
    return { of, count: of.length };
  }
  const ids = { function: frames.functions, file: frames.files, module: frames.modules }[grouping];
  const numbers = new Int32Array(frames.texts.size).fill(-1);
  let count = 0;
  for (let i = 0; i < of.length; ++i) {
    if (numbers[ids[i]] < 0) numbers[ids[i]] = count++;
    of[i] = numbers[ids[i]];
  }
  return { of, count };
}

/** @param {Totals} totals */
const sumsOf = ({ sums }) => [sums.bytes, sums.counts, sums.samples, sums.variances];

// The rows under `root`, heaviest self bytes first.
/**
 * @param {CallTree} tree @param {Totals} totals @param {{of: Int32Array, count: number}} groups
 * @param {number} [root] @returns {Row[]}
 */
export function tableRows(tree, totals, groups, root = 0) {
  const sums = sumsOf(totals);
  const self = sums.map(() => new Float64Array(groups.count));
  const all = sums.map(() => new Float64Array(groups.count));
  const firstFrame = new Int32Array(groups.count).fill(-1);
  const coveredTo = new Int32Array(groups.count);  // nodes before this one are counted already
  const { frame, end } = tree;
  const { samples } = totals.sums;
  for (let node = root; node < end[root]; ++node) {
    if (frame[node] < 0 || samples[end[node]] === samples[node]) continue;
    const group = groups.of[frame[node]];
    if (firstFrame[group] < 0) firstFrame[group] = frame[node];
    if (samples[node + 1] > samples[node]) addBetween(self, group, sums, node, node + 1);
    if (node < coveredTo[group]) continue;
    coveredTo[group] = end[node];
    addBetween(all, group, sums, node, end[node]);
  }
  return rowsOf(firstFrame, self, all);
}

/** @param {Float64Array[]} to @param {number} group @param {Float64Array[]} sums @param {number} from @param {number} end */
function addBetween(to, group, sums, from, end) {
  for (let i = 0; i < 4; ++i) to[i][group] += sums[i][end] - sums[i][from];
}

/** @param {Float64Array[]} sums @param {number} at @returns {import('./totals.js').Amount} */
const amountAt = (sums, at) => ({
  bytes: sums[0][at],
  count: Math.floor((sums[1][at] + 32768) / 65536),
  samples: sums[2][at],
  variance: sums[3][at],
});

/** @param {Int32Array} firstFrame @param {Float64Array[]} self @param {Float64Array[]} all @returns {Row[]} */
function rowsOf(firstFrame, self, all) {
  const rows = [];
  for (let group = 0; group < firstFrame.length; ++group) {
    if (firstFrame[group] < 0) continue;
    rows.push({ frame: firstFrame[group], self: amountAt(self, group), total: amountAt(all, group) });
  }
  return rows.sort((a, b) => b.self.bytes - a.self.bytes || b.total.bytes - a.total.bytes || a.frame - b.frame);
}

// The `most` frames that hold most themselves: what the first screen says, without a whole table.
/** @param {CallTree} tree @param {Totals} totals @param {number} most @returns {{frame: number, bytes: number}[]} */
export function topFrames(tree, totals, most) {
  const { bytes } = totals.sums;
  const held = new Map();
  for (let node = 0; node < tree.size; ++node) {
    const self = bytes[node + 1] - bytes[node];
    if (self > 0) held.set(tree.frame[node], (held.get(tree.frame[node]) ?? 0) + self);
  }
  const all = [...held].map(([frame, self]) => ({ frame, bytes: self }));
  return all.sort((a, b) => b.bytes - a.bytes || a.frame - b.frame).slice(0, most);
}
