// What the page shows, as an object: for tests.

import { nodeName } from './labels.js';

/** @param {import('./page.js').Page} page */
export function describePage({ process, state, shape, main, columns, finder, flamegraph }) {
  if (process === null || shape === null) return null;
  const named = { profile: process, totals: shape.totals, grouping: state.grouping };
  return {
    ...state,
    process: columns.pid[process.index],
    zoomed: nodeName(/** @type {import('./flamegraph.js').Shown} */ (named), main.zoom.node),
    total_bytes: (flamegraph.shown?.totals ?? shape.totals).total(0).bytes,
    nodes: shape.totals.tree.size,
    matched: finder.held(shape.totals, state.metric),
  };
}
