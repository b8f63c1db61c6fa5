// Rows of a table: what each line, function, file or module holds itself, and together with what it
// calls. Recursion is counted once: only the outermost of nested occurrences adds to a total.

import { CallTree } from './tree.js';
import { Totals } from './totals.js';
import { Frames } from './texts.js';

/**
 * @typedef {'line' | 'function' | 'file' | 'module'} Grouping
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

// The rows under `root`, heaviest self bytes first.
/**
 * @param {CallTree} tree @param {Totals} totals @param {{of: Int32Array, count: number}} groups
 * @param {number} [root] @returns {Row[]}
 */
export function tableRows(tree, totals, groups, root = 0) {
  const sums = [totals.bytes, totals.counts, totals.samples, totals.variances];
  const self = sums.map(() => new Float64Array(groups.count));
  const all = sums.map(() => new Float64Array(groups.count));
  const firstFrame = new Int32Array(groups.count).fill(-1);
  const coveredTo = new Int32Array(groups.count);  // nodes before this one are counted already
  for (let node = root; node < tree.end[root]; ++node) {
    const frame = tree.frame[node];
    if (frame < 0) continue;
    const group = groups.of[frame];
    const end = tree.end[node];
    const isOutermost = node >= coveredTo[group];
    if (isOutermost) coveredTo[group] = end;
    if (firstFrame[group] < 0) firstFrame[group] = frame;
    for (let i = 0; i < 4; ++i) {
      self[i][group] += sums[i][node + 1] - sums[i][node];
      if (isOutermost) all[i][group] += sums[i][end] - sums[i][node];
    }
  }
  return rowsOf(firstFrame, self, all);
}

/** @param {Int32Array} firstFrame @param {Float64Array[]} self @param {Float64Array[]} all */
function rowsOf(firstFrame, self, all) {
  /** @param {Float64Array[]} sums @param {number} group */
  const amount = (sums, group) => ({
    bytes: sums[0][group],
    count: Math.floor((sums[1][group] + 32768) / 65536),
    samples: sums[2][group],
    variance: sums[3][group],
  });
  /** @type {Row[]} */
  const rows = [];
  for (let group = 0; group < firstFrame.length; ++group) {
    if (firstFrame[group] < 0 || !(all[2][group] > 0 || all[0][group] > 0)) continue;
    rows.push({ frame: firstFrame[group], self: amount(self, group), total: amount(all, group) });
  }
  return rows.sort((a, b) => b.self.bytes - a.self.bytes || b.total.bytes - a.total.bytes || a.frame - b.frame);
}
