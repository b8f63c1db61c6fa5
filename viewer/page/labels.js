// What nodes and boxes are called.

import { Layout } from './layout.js';
import { baseName, foldName, isPython, placeOf, shortName, visible } from './names.js';
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

// What a box of a frame says first: of Python the line itself, where it is known; half of its functions
// are called <module>.
/** @param {import('./flamegraph.js').Shown} shown @param {number} frame @param {string} name  of the node */
export function frameLabel({ profile: { frames }, grouping }, frame, name) {
  if (grouping === 'module' || grouping === 'file') return baseName(name);
  return grouping === 'line' && isPython(frames.at(frame)) && visible(frames.sourceOf(frame)) || shortName(name);
}

// The other of both, its place and the amount: for boxes with room to spare, the amount first.
/** @param {import('./flamegraph.js').Shown} shown @param {Layout} layout @param {number} box @returns {string[]} */
export function asideOf(shown, layout, box) {
  if (layout.hidden[box] > 0) return [];
  const node = layout.node[box];
  const value = layout.value(node);
  const amount = shown.metric === 'bytes' ? formatBytes(value) : formatCount(value / 65536);
  const frame = shown.totals.tree.frame[node];
  if (frame < 0 || (shown.grouping !== 'line' && shown.grouping !== 'thread')) return [amount];
  const named = shown.profile.frames.at(frame);
  const source = visible(shown.profile.frames.sourceOf(frame));
  return [isPython(named) ? source && shortName(named.function) : source, visible(placeOf(baseName(named.file), named.line)), amount].filter(Boolean);
}
