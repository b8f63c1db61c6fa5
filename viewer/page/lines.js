// Rows of a table: what each line, function, file or module holds itself, and together with what it
// calls. What a standard library allocates is credited to the line that called it, if there is one:
// that is the line to change. Recursion is counted once: only the outermost of nested occurrences
// adds to a total.

import { remembered } from './remembered.js';
import { CallTree } from './tree.js';
import { foldName } from './names.js';
import { emptySums, forSums, kSums, rounded } from './sums.js';
import { Totals } from './totals.js';
import { Frames } from './texts.js';

/**
 * @typedef {import('./labels.js').Grouping} Grouping
 * @typedef {import('./sums.js').Sums} Sums
 * @typedef {{frame: number, self: import('./totals.js').Amount, total: import('./totals.js').Amount}} Row
 * @typedef {{frame: number, bytes: number, count: number, overhead?: number, callers?: number[], called?: string}} Held  what a
 *   line holds itself; callers: frames, innermost first, and the words before them
 */

const kNoFrame = -9;
const kRanks = [2, 1, 2, -1, 0, 0, 0];  // by kind of code (viewer/credit.h)

// Each frame's group, as a small number: frames with the same number make one row.
/** @param {Frames} frames @param {Grouping} grouping @returns {{of: Int32Array, count: number}} */
export function groupFrames(frames, grouping) {
  const of = new Int32Array(frames.size);
  if (grouping === 'line' || grouping === 'thread') {
    for (let i = 0; i < of.length; ++i) of[i] = i;
    return { of, count: of.length };
  }
  const ids = { function: frames.functions, name: foldedNames(frames), file: frames.files, module: frames.modules }[grouping];
  const numbers = new Int32Array(frames.texts.size).fill(-1);
  let count = 0;
  for (let i = 0; i < of.length; ++i) {
    if (numbers[ids[i]] < 0) numbers[ids[i]] = count++;
    of[i] = numbers[ids[i]];
  }
  return { of, count };
}

// By frame: the first text whose folded name is the same.
/** @param {Frames} frames @returns {Int32Array} */
function foldedNames(frames) {
  const first = new Map();
  const ofText = new Int32Array(frames.texts.size).fill(-1);
  return frames.functions.map((id) => {
    if (ofText[id] < 0) {
      const name = foldName(frames.texts.at(id));
      ofText[id] = remembered(first, name, () => id);
    }
    return ofText[id];
  });
}

// By node: whose line its own allocations are, itself or the caller of the highest rank.
/** @param {CallTree} tree @param {Frames} frames @returns {Int32Array} */
function creditNodes(tree, frames) {
  const credited = new Int32Array(tree.size);
  const best = new Int8Array(tree.size).fill(-1);
  for (let node = 1; node < tree.size; ++node) {
    const parent = tree.parent[node];
    const rank = kRanks[frames.kinds[tree.frame[node]]] ?? 2;  // a gap has none
    credited[node] = rank < best[parent] ? credited[parent] : node;
    best[node] = Math.max(rank, best[parent]);
  }
  return credited;
}

// The rows under `root`, heaviest self bytes first; of those with a frame that matches, if any is asked for.
/**
 * @param {Totals} totals @param {Frames} frames @param {Grouping} grouping
 * @param {number} [root] @param {Uint8Array | null} [matches]  by frame @returns {Row[]}
 */
export function tableRows(totals, frames, grouping, root = 0, matches = null) {
  const { tree } = totals;
  const groups = groupFrames(frames, grouping);
  const { sums } = totals;
  const [self, all] = [emptySums(groups.count), emptySums(groups.count)];  // the last: gaps
  const firstFrame = new Int32Array(groups.count + 1).fill(kNoFrame);
  const coveredTo = new Int32Array(groups.count + 1);  // nodes before this one are counted already
  const isWanted = new Uint8Array(groups.count + 1).fill(matches === null ? 1 : 0);
  const credited = creditNodes(tree, frames);
  const { frame, end } = tree;
  const { count } = sums;
  const groupOf = (/** @type {number} */ node) => (frame[node] < 0 ? groups.count : groups.of[frame[node]]);
  for (let node = Math.max(1, root); node < end[root]; ++node) {
    if (count[end[node]] === count[node]) continue;
    const group = groupOf(node);
    if (firstFrame[group] === kNoFrame) firstFrame[group] = frame[node];
    if (matches?.[frame[node]] === 1) isWanted[group] = 1;
    if (count[node + 1] > count[node]) {
      // A caller outside of what is looked at gets no row.
      addBetween(self, credited[node] >= root && grouping !== 'module' ? groupOf(credited[node]) : group, sums, node, node + 1);
    }
    if (node < coveredTo[group]) continue;
    coveredTo[group] = end[node];
    addBetween(all, group, sums, node, end[node]);
  }
  for (let group = 0; group <= groups.count; ++group) if (isWanted[group] === 0) firstFrame[group] = kNoFrame;
  return rowsOf(firstFrame, self, all);
}

/** @param {Sums} to @param {number} group @param {Sums} sums @param {number} from @param {number} end */
function addBetween(to, group, sums, from, end) {
  for (const name of kSums) to[name][group] += sums[name][end] - sums[name][from];
}

/** @param {Int32Array} firstFrame @param {Sums} self @param {Sums} all @returns {Row[]} */
function rowsOf(firstFrame, self, all) {
  const amountAt = (/** @type {Sums} */ sums, /** @type {number} */ at) => rounded(forSums((name) => sums[name][at]));
  const rows = [];
  for (let group = 0; group < firstFrame.length; ++group) {
    if (firstFrame[group] === kNoFrame) continue;
    rows.push({ frame: firstFrame[group], self: amountAt(self, group), total: amountAt(all, group) });
  }
  return rows.sort((a, b) => b.self.bytes - a.self.bytes || b.total.bytes - a.total.bytes || a.frame - b.frame);
}

// The function of a frame; of none, that of the line that holds most.
/** @param {number} frame @param {import('./totals.js').Totals} totals @param {import('./texts.js').Frames} frames */
export function functionOf(frame, totals, frames) {
  const chosen = frame >= 0 ? frame : tableRows(totals, frames, 'line')[0]?.frame ?? -1;
  return chosen < 0 ? '' : frames.at(chosen).function;
}
