// The lines around the flamegraph: what is shown, what was narrowed down, what the search found.

import { boxColors } from './colors.js';
import { fill, find, isolated, make, setProps } from './dom.js';
import { nodeName } from './labels.js';
import { baseName, elide, shortName, visible } from './names.js';
import { isPicked } from './state.js';
import { threadName } from './threads.js';
import { formatAmount, formatSeconds, formatShare, formatSpan, plural } from './units.js';

const kNameRoom = 60;
const kMaxTrail = 5;
const kTrailRoom = 34;

// When a view's moments are: of an interval two.
/** @param {import('./profile.js').ProcessProfile} process @param {string} view @returns {string[]} */
function timesOf(process, view) {
  const selection = process.selection(view);
  const moments = selection.kind === 'live' ? [selection.moment] : selection.kind === 'grown' ? [selection.from, selection.to] : [];
  return moments.map((moment) => formatSeconds(process.samples.moments[moment] * 1e-9));
}

// What a view shows, in words behind an amount.
/** @param {import('./profile.js').ProcessProfile} process @param {string} view @returns {string} */
function viewText(process, view) {
  const [from, to] = timesOf(process, view);
  if (view === 'end') return 'live at the end';
  switch (process.selection(view).kind) {
    case 'allocated': return 'allocated in total';
    case 'temporary': return `freed before the curve's next moment, ${formatSpan(process.resolution)} on`;
    case 'grown': return `allocated from ${from} to ${to} and still live then`;
    default: return view === 'peak' ? `live at the peak, ${from}` : `live at ${from}`;
  }
}

// What stands for all in the flamegraph.
/** @param {string} view */
export const rootName = (view) => (view.startsWith('grown') ? 'all that came in between and stayed' : 'all');

// How an interval fits the curve: what came and stayed is more than it rose by, where older memory went.
/** @param {import('./profile.js').ProcessProfile} process @param {string} view @param {number | null} thread @param {'bytes' | 'count'} metric */
function netText(process, view, thread, metric) {
  const selection = process.selection(view);
  if (selection.kind !== 'grown') return '';
  const liveAt = (/** @type {number} */ moment) =>
    process.totals(`at:${process.samples.moments[moment] * 1e-9}`, thread).total(0)[metric];
  const net = liveAt(selection.to) - liveAt(selection.from);
  const gone = process.totals(view, thread).total(0)[metric] - net;
  const amount = (/** @type {number} */ value) => formatAmount({ bytes: value, count: value }, metric);
  return gone <= 0 ? '' : ` · ${amount(gone)} of older memory freed meanwhile · net ${net < 0 ? '−' : '+'}${amount(Math.abs(net))}`;
}

/** @param {import('./flamegraph.js').Shown} shown @param {import('./state.js').State} state */
export function showStatus({ profile, totals, precision, metric, zoom }, { view, thread }) {
  const held = [totals.total(0), precision.whole];
  const [part, all] = held.map((amount) => formatAmount(amount, metric));
  const of = part !== all && held[0][metric] < held[1][metric] ? ` of ${all}` : '';
  const by = thread === null ? '' : ` by ${threadName(profile.threads[thread], thread)}`;
  find('#status').textContent = `${part}${of} ${viewText(profile, view)}${by}${netText(profile, view, thread, metric)}`;
  find('#back').hidden = zoom.node === 0 && zoom.from === 0 && zoom.to === 1;
}

// The way to the zoomed frame: a button for each of its callers, those in the middle left out.
/** @param {import('./flamegraph.js').Shown} shown @param {(node: number) => void} onPick */
export function showTrail(shown, onPick) {
  const { totals, metric, zoom } = shown;
  const path = zoom.node === 0 ? [] : totals.tree.path(zoom.node);
  const steps = path.length <= kMaxTrail ? path : [0, -1, ...path.slice(1 - kMaxTrail)];
  fill(find('#trail'), ...steps.flatMap((node, i) => {
    const name = node < 0 ? '…' : elide(shortName(nodeName(shown, node)), kTrailRoom);
    const step = make(i + 1 < steps.length && node >= 0 ? 'button' : 'span', { click: () => { if (node >= 0) onPick(node); } }, name);
    return i === 0 ? [step] : [' › ', step];
  }));
  if (path.length === 0) return;
  const [held, all] = [totals.total(zoom.node), totals.total(0)];
  find('#trail').append(` ${formatAmount(held, metric)}, ${formatShare(held[metric], all[metric])}`);
}

// What the colours mean.
/** @param {import('./colors.js').Colors} colors @param {boolean} dark */
export function showLegend(colors, dark) {
  const palette = boxColors(dark, false);
  fill(find('#legend'), ...colors.legend.map(({ color, text }) => {
    const swatch = make('i');
    swatch.style.background = palette[color];
    return make('span', {}, swatch, isolated(visible(text)));
  }));
}

// What the search found; of a broken one, what is wrong with it.
/** @param {{bytes: number, count: number, towers: number, share: number} | null} held @param {string} trouble @param {'bytes' | 'count'} metric */
export function showFound(held, trouble, metric) {
  setProps(find('#matches'), { 'data-none': !held?.towers });
  find('#found').textContent = held === null ? trouble : held.towers === 0 ? 'nothing matches; try file: module: source:'
    : `${formatAmount(held, metric)} match, ${formatShare(held.share, 1)} in ${plural(held.towers, 'place')}`;
}

// One chip for each thing that narrows the view; a click takes it away.
/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./state.js').State} state
 * @param {(changes: Partial<import('./state.js').State>) => void} change
 */
export function showLimits(process, { only, hide, recursion, thread, form, view }, change) {
  const hidden = hide === '' ? [] : hide.split('\n');
  fill(find('#limits'),
    isPicked(view) && chip(pickedText(timesOf(process, view)), '', () => change({ view: 'peak' })),
    only !== '' && chip('only', only, () => change({ only: '', ...(form === 'sandwich' ? { form: 'flame' } : {}) })),
    thread !== null && chip('one thread', '', () => change({ thread: null })),
    ...hidden.map((name) => chip('without', name, () =>
      change({ hide: hidden.filter((other) => other !== name).join('\n') }))),
    recursion !== '' && chip('recursion collapsed', '', () => change({ recursion: '' })));
}

// `3.18 s`, `3.18–4.62 s`.
/** @param {string[]} times */
const pickedText = ([from, to]) => (to === undefined ? from : `${to.includes('min') ? from : from.replace(/ s$/, '')}–${to}`);

/** @param {string} text @param {string} name @param {() => void} clear */
function chip(text, name, clear) {
  const [called, place = ''] = name.split('\n');
  return make('button', { type: 'button', title: visible(name).slice(0, 1000), click: clear },
    `× ${text} ${elide(shortName(called), kNameRoom)} ${visible(baseName(place))}`.trimEnd());
}
