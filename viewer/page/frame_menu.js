// What the menu of a frame offers.

import { copyText } from './menu.js';
import { stackText } from './stack_text.js';

const kMaxSearch = 2000;

// A function's name as something to search for.
/** @param {string} name */
export const searchFor = (name) => name.trim().slice(0, kMaxSearch);

/**
 * @typedef {object} Reach  what the menu can change
 * @property {import('./state.js').State} state
 * @property {(changes: Partial<import('./state.js').State>) => void} change
 */

/**
 * @param {Reach} reach @param {import('./flamegraph.js').Shown} shown @param {number} node
 * @param {() => void} zoomIn @returns {import('./menu.js').Choice[]}
 */
export function frameChoices(reach, shown, node, zoomIn) {
  const { state } = reach;
  const frame = shown.totals.tree.frame[node];
  return [
    { text: 'Zoom in', act: zoomIn },
    ...(frame < 0 ? [] : functionChoices(reach, shown.profile.frames.at(frame).function)),
    { text: 'Details', act: () => reach.change({ side: 'open' }) },
    { text: 'Copy stack as text', act: () => void copyText(stackText(shown, node, false)) },
    { text: 'Copy stack as Markdown', act: () => void copyText(stackText(shown, node, true)) },
    {
      text: state.recursion === '' ? 'Collapse recursion' : 'Show recursion',
      act: () => reach.change({ recursion: state.recursion === '' ? 'collapsed' : '' }),
    },
  ];
}

/** @param {Reach} reach @param {string} name @returns {import('./menu.js').Choice[]} */
function functionChoices(reach, name) {
  const hide = [reach.state.hide, name].filter(Boolean).join('\n');
  return [
    { text: 'Only this function, everywhere', act: () => reach.change({ only: name, form: 'flame' }) },
    { text: 'Its callers, everywhere', act: () => reach.change({ only: name, form: 'callers' }) },
    { text: 'Sandwich', act: () => reach.change({ only: name, form: 'sandwich' }) },
    { text: 'Hide this function', act: () => reach.change({ hide }) },
    { text: 'Find it everywhere', act: () => reach.change({ search: searchFor(name) }) },
  ];
}
