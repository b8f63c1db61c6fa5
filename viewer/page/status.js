// The lines around the flamegraph: what is shown, what was narrowed down, what the search found.

import { boxColors } from './colors.js';
import { find, make } from './dom.js';
import { nodeName } from './labels.js';
import { baseName, elide, shortName, visible } from './names.js';
import { isPicked, kUnzoomed } from './state.js';
import { threadName } from './threads.js';
import { formatBytes, formatSeconds, formatShare, plural } from './units.js';

const kNameRoom = 60;
const kMaxTrail = 5;
const kTrailRoom = 34;

// What a view shows, in words behind an amount.
/** @param {import('./profile.js').ProcessProfile} process @param {string} view @returns {string} */
function viewText(process, view) {
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

/** @param {import('./flamegraph.js').Shown} shown @param {import('./state.js').State} state */
export function showStatus({ profile, totals, metric, zoom }, { view, thread }) {
  const all = totals.total(0);
  const amount = metric === 'bytes' ? formatBytes(all.bytes) : plural(all.count, 'allocation');
  const by = thread === null ? '' : ` by ${threadName(profile.threads[thread], thread)}`;
  find('#status').textContent = `${amount} ${viewText(profile, view)}${by}`;
  find('#back').hidden = zoom.node === 0 && zoom.from === 0 && zoom.to === 1;
}

// The way to the zoomed frame: a button for each of its callers, those in the middle left out.
/** @param {import('./flamegraph.js').Shown} shown @param {(node: number) => void} onPick */
export function showTrail(shown, onPick) {
  const { totals, metric, zoom } = shown;
  const path = zoom.node === 0 ? [] : totals.tree.path(zoom.node);
  const steps = path.length <= kMaxTrail ? path : [0, -1, ...path.slice(1 - kMaxTrail)];
  find('#trail').replaceChildren(...steps.flatMap((node, i) => {
    const name = node < 0 ? '…' : elide(shortName(nodeName(shown, node)), kTrailRoom);
    const step = make(i + 1 < steps.length && node >= 0 ? 'button' : 'span', {}, name);
    step.addEventListener('click', () => { if (node >= 0) onPick(node); });
    return i === 0 ? [step] : [' › ', step];
  }));
  if (path.length === 0) return;
  const [held, all] = [totals.total(zoom.node), totals.total(0)];
  find('#trail').append(` ${metric === 'bytes' ? formatBytes(held.bytes) : plural(held.count, 'allocation')}, ` +
    formatShare(metric === 'bytes' ? held.bytes : held.count, metric === 'bytes' ? all.bytes : all.count));
}

// What the colours mean.
/** @param {import('./colors.js').Colors} colors @param {boolean} dark */
export function showLegend(colors, dark) {
  const palette = boxColors(dark, false);
  find('#legend').replaceChildren(...colors.legend.map(({ color, text }) => {
    const swatch = make('i');
    swatch.style.background = palette[color];
    return make('span', {}, swatch, make('bdi', {}, visible(text)));
  }));
}

/** @param {{bytes: number, count: number, towers: number, share: number} | null} held @param {'bytes' | 'count'} metric */
export function showFound(held, metric) {
  find('#matches').hidden = held === null;
  find('#found').textContent = held === null ? '' : held.towers === 0 ? 'nothing matches'
    : `${metric === 'bytes' ? formatBytes(held.bytes) : plural(held.count, 'allocation')} match, ` +
      `${formatShare(held.share, 1)} in ${plural(held.towers, 'place')}`;
}

// One chip for each thing that narrows the view; a click takes it away.
/** @param {import('./state.js').State} state @param {(changes: Partial<import('./state.js').State>) => void} change */
export function showLimits({ only, hide, recursion, thread, form, view }, change) {
  const hidden = hide === '' ? [] : hide.split('\n');
  find('#limits').replaceChildren(
    ...(isPicked(view) ? [chip(pickedText(view), '', () => change({ view: 'peak' }))] : []),
    ...(only === '' ? [] : [chip('only', only, () => change({ only: '', ...(form === 'sandwich' ? { form: 'flame' } : {}), ...kUnzoomed }))]),
    ...(thread === null ? [] : [chip('one thread', '', () => change({ thread: null, ...kUnzoomed }))]),
    ...hidden.map((name) => chip('without', name, () =>
      change({ hide: hidden.filter((other) => other !== name).join('\n'), ...kUnzoomed }))),
    ...(recursion === '' ? [] : [chip('recursion collapsed', '', () => change({ recursion: '', ...kUnzoomed }))]));
}

// `3.18 s`, `3.18–4.62 s`.
/** @param {string} view */
function pickedText(view) {
  const times = (view.split(':')[1] ?? '').split('-').map((time) => formatSeconds(Number(time)));
  const [from, to] = times;
  return times.length < 2 ? from : `${to.includes('min') ? from : from.replace(/ s$/, '')}–${to}`;
}

/** @param {string} text @param {string} name @param {() => void} clear */
function chip(text, name, clear) {
  const [called, place = ''] = name.split('\n');
  const short = name === '' ? '' : ` ${elide(shortName(called), kNameRoom)} ${visible(baseName(place))}`.trimEnd();
  const button = make('button', { type: 'button', title: visible(name).slice(0, 1000) }, `${text}${short} ×`);
  button.addEventListener('click', clear);
  return button;
}
