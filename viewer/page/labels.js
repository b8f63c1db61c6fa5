// What nodes and boxes are called.

import { Layout } from './layout.js';
import { baseName, foldName, placeOf, visible } from './names.js';
import { kUnknown } from './texts.js';
import { kFolded } from './tree.js';
import { formatAmount, formatBytes, formatCount, plural } from './units.js';

/** @typedef {'line' | 'function' | 'name' | 'file' | 'module' | 'thread'} Grouping */

// The full name of what a node stands for, as frames are grouped.
/** @param {import('./flamegraph.js').Shown} shown @param {number} node @returns {string} */
export function nodeName({ profile, totals, grouping, root = 'all' }, node) {
  const { tree } = totals;
  if (node === 0) return root;
  const omitted = tree.omitted.get(node);
  if (omitted !== undefined && tree.frame[node] === kFolded) return `[${plural(omitted, 'smaller frame')} folded]`;
  if (omitted !== undefined) return `[${plural(omitted, 'frame')} left out of a deep stack]`;
  return frameName(profile.frames.at(tree.frame[node]), grouping);
}

/** @param {import('./texts.js').Frame} frame @param {Grouping} grouping */
function frameName(frame, grouping) {
  if (grouping === 'file') return frame.file || kUnknown;
  if (grouping === 'module') return frame.module || kUnknown;
  return (grouping === 'name' ? foldName(frame.function) : frame.function) || kUnknown;
}

// A box of frames too small to draw.
/** @param {Layout} layout @param {number} box @param {'bytes' | 'count'} metric */
export function hiddenName(layout, box, metric) {
  const value = layout.hiddenValue[box];
  return `(${plural(layout.hidden[box], 'frame')}, ${formatAmount({ bytes: value, count: value / 65536 }, metric)})`;
}

// The line itself, its place and the amount: for boxes with room to spare, the amount first.
/** @param {import('./flamegraph.js').Shown} shown @param {Layout} layout @param {number} box @returns {string[]} */
export function asideOf(shown, layout, box) {
  if (layout.hidden[box] > 0) return [];
  const node = layout.node[box];
  const value = layout.value(node);
  const amount = shown.metric === 'bytes' ? formatBytes(value) : formatCount(value / 65536);
  const frame = shown.totals.tree.frame[node];
  if (frame < 0 || (shown.grouping !== 'line' && shown.grouping !== 'thread')) return [amount];
  const { file, line } = shown.profile.frames.at(frame);
  return [visible(shown.profile.frames.sourceOf(frame)), visible(placeOf(baseName(file), line)), amount].filter((word) => word !== '');
}
