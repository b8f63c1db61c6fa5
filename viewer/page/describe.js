// What the page shows, as an object: for tests.

import { nodeName } from './labels.js';

/** @param {import('./page.js').Page} page */
export function describePage({ process, state, shown, shape, main, columns, finder }) {
  if (shown === null || shape === null) return null;
  return {
    ...state,
    process: columns.pid[process.index],
    zoomed: nodeName(shown, main.zoom.node),
    total_bytes: shown.totals.total(0).bytes,
    nodes: shape.totals.tree.size,
    matched: finder.held(shape.totals, state.metric),
  };
}
