// The panel of details: all that is known of the chosen frame, with room for its full name, its
// source line, and how large its allocations are and how long they live.

import { detailsOfNode, fullName, said } from './details.js';
import { fill, find, make, makeSvg } from './dom.js';
import { histogramsOf } from './histogram.js';
import { formatBytes, formatCount, formatShare, plural } from './units.js';

const kMaxNameShown = 20_000;

/**
 * @param {import('./flamegraph.js').Shown} shown @param {number} chosen  a node
 * @param {import('./shape.js').View} shape @param {import('./state.js').State} state
 */
export function showSide(shown, chosen, shape, state) {
  const details = detailsOfNode(shown, chosen);
  if (details.count === 0) return fill(find('#side-body'), make('p', {}, 'Nothing is held here.'));
  const { sizes, lifetimes } = histogramsOf(shown.profile, shape, chosen, state);
  const full = fullName(details, kMaxNameShown);
  return fill(find('#side-body'),
    ...said(details, shown.zoom.node !== 0),
    make('h3', {}, 'Allocation sizes'), bars(sizes),
    make('h3', {}, 'How long they live'), bars(lifetimes),
    full && make('h3', {}, 'Full name'), full);
}

// A row for each class: its name, a bar as long as its bytes, the figures.
/** @param {import('./histogram.js').Class[]} classes */
function bars(classes) {
  const all = classes.reduce((sum, { bytes }) => sum + bytes, 0) || 1;
  const most = classes.reduce((top, { bytes }) => Math.max(top, bytes), 1);
  return make('table', { class: 'bars' }, make('tbody', {}, ...classes.map(({ text, bytes, blocks }) => {
    const bar = makeSvg('svg', { height: 10, width: '100%', 'aria-hidden': 'true' },
      makeSvg('rect', { height: 10, width: `${(100 * bytes / most).toFixed(1)}%`, rx: 2 }));
    return make('tr', { title: `${formatShare(bytes, all)} of the bytes, ${plural(blocks, 'allocation')}` },
      make('th', { scope: 'row' }, text), make('td', { class: 'graph' }, bar),
      make('td', {}, bytes > 0 ? formatBytes(bytes) : '–'), make('td', {}, blocks > 0 ? `${formatCount(blocks)} ×` : ''));
  })));
}
