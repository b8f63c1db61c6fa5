// The line above the flamegraph: what is shown, what was narrowed down, what the search found.

import { find, make } from './dom.js';
import { nodeName } from './labels.js';
import { elide, shortName, visible } from './names.js';
import { formatBytes, formatSeconds, formatShare, plural } from './units.js';

const kNameRoom = 60;

// What a view shows, in words behind an amount.
/** @param {import('./profile.js').ProcessProfile} process @param {string} view @returns {string} */
export function viewText(process, view) {
  const { moments } = process.samples;
  const at = (/** @type {number} */ moment) => formatSeconds(moments[moment] * 1e-9);
  const selection = process.selection(view);
  if (view === 'end') return 'live at the end';
  switch (selection.kind) {
    case 'allocated': return 'allocated in total';
    case 'temporary': return `freed again within ${formatSeconds(process.resolution)}`;
    case 'grown': return `allocated from ${at(selection.from)} to ${at(selection.to)} and still live then`;
    default: return view === 'peak' ? `live at the peak, ${at(selection.moment)}` : `live at ${at(selection.moment)}`;
  }
}

/** @param {import('./flamegraph.js').Shown} shown @param {string} view */
export function showStatus(shown, view) {
  const { profile, totals, metric, zoom } = shown;
  const all = totals.total(0);
  const amount = (/** @type {import('./totals.js').Amount} */ a) =>
    (metric === 'bytes' ? formatBytes(a.bytes) : plural(a.count, 'block'));
  const isZoomed = zoom.node !== 0 || zoom.from > 0 || zoom.to < 1;
  let text = `${amount(all)} ${viewText(profile, view)}`;
  if (isZoomed) {
    const held = totals.total(zoom.node);
    text += ` · zoomed on ${shortName(nodeName(shown, zoom.node))}: ${amount(held)}, ${formatShare(held.bytes, all.bytes)}`;
  }
  find('#status').textContent = text;
  find('#back').hidden = !isZoomed;
}

/** @param {{bytes: number, count: number, towers: number, share: number} | null} held @param {'bytes' | 'count'} metric */
export function showFound(held, metric) {
  find('#found').textContent = held === null ? '' : held.towers === 0 ? 'nothing matches'
    : `${metric === 'bytes' ? formatBytes(held.bytes) : plural(held.count, 'block')} match, ` +
      `${formatShare(held.share, 1)} in ${plural(held.towers, 'tower')}`;
}

// One chip for each thing that narrows the view; a click takes it away.
/** @param {{text: string, name: string, clear: () => void}[]} limits */
export function showLimits(limits) {
  find('#limits').replaceChildren(...limits.map(({ text, name, clear }) => {
    const short = name === '' ? '' : ` ${elide(shortName(name), kNameRoom)}`;
    const chip = make('button', { type: 'button', title: visible(name).slice(0, 1000) }, `${text}${short} ×`);
    chip.addEventListener('click', clear);
    return chip;
  }));
}
