// The verdict in words: how much, when, who, which lines, how it ended, how well we know.

import { find, make } from './dom.js';
import { topFrames } from './lines.js';
import { baseName, elide, placeBeside, placeOf, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { formatBytes, formatCount, formatSeconds, formatShare, plural } from './units.js';

const kTopLines = 5;
const kCharWidth = 7.3;  // of the names, in CSS pixels

/**
 * @param {import('./profile.js').Profile} profile
 * @param {import('./profile.js').ProcessProfile} process
 * @param {(frame: number) => void} onLine
 */
export function showVerdict(profile, process, onLine) {
  const columns = profile.processes;
  if (columns === undefined) return;
  const i = process.index;
  const [peak, blocks, , error] = columns.atPeak[i];
  find('#peak').replaceChildren(make('b', {}, formatBytes(peak)),
    ...(error === 0 ? [] : [make('span', { class: 'error' }, ` ± ${formatBytes(error)}`)]), ' at the peak');
  const command = visible(columns.command[i]);
  find('#command').replaceChildren(make('bdi', {}, command));
  find('#command').title = command;
  find('#when').textContent = `${formatSeconds(columns.peakAt[i])} after its start, in ` +
    `${plural(blocks, 'block')} · ran ${formatSeconds(columns.duration[i])}, ${columns.exit[i]}`;
  const [allocated, count, samples] = columns.allocated[i];
  find('#rest').textContent = `${formatBytes(columns.atEnd[i][0])} live at the end · ` +
    `${formatBytes(allocated)} allocated in ${formatCount(count)} blocks · ` +
    precision(columns.interval[i], samples);
  const top = columns.top[i]?.map(([frame, bytes]) => ({ frame, bytes }));
  const lines = (top ?? topFrames(process.totals('peak'), process.frames, kTopLines))
    .map((line) => lineItem(process, line, peak, onLine));
  find('#top').replaceChildren(...(lines.length > 0 ? lines
    : [make('li', { class: 'none' }, 'No allocation was recorded.')]));
  const notes = [...(profile.warnings ?? []), ...columns.warnings[i]];
  find('#notes').replaceChildren(...notes.map((note) => make('p', {}, visible(note))));
}

/** @param {number} interval @param {number} samples */
export function precision(interval, samples) {
  if (interval <= 1) return 'every allocation recorded: exact';
  const every = interval % 1024 === 0 ? `${formatCount(interval / 1024)} KiB` : formatBytes(interval);
  return `sampled every ${every} on average, ${plural(samples, 'sample')}`;
}

/**
 * @param {import('./profile.js').ProcessProfile} process @param {{frame: number, bytes: number}} line
 * @param {number} all @param {(frame: number) => void} onLine
 */
function lineItem(process, line, all, onLine) {
  const frame = process.frames.at(line.frame);
  const place = baseName(placeBeside(frame));
  const bar = make('span', { class: 'bar' });
  bar.style.setProperty('--share', String(Math.min(1, line.bytes / (all || 1))));
  const button = make('button', { type: 'button' },
    make('span', { class: 'share' }, formatShare(line.bytes, all)),
    make('span', { class: 'size' }, formatBytes(line.bytes)),
    make('bdi', { class: 'function' }, elide(shortName(frame.function), nameRoom(place)) || kUnknown),
    make('bdi', { class: 'place' }, visible(place)), bar);
  button.addEventListener('click', () => onLine(line.frame));
  const source = process.frames.sourceOf(line.frame);
  button.title = [frame.function, placeOf(frame.file, frame.line), source].map(visible).join('\n').slice(0, 1000);
  if (source !== '') button.append(make('bdi', { class: 'source' }, visible(source)));
  return make('li', {}, button);
}

// How many characters of a name fit beside its place: the method's own name must survive.
/** @param {string} place */
function nameRoom(place) {
  const room = (find('#top').clientWidth - 150) / kCharWidth - Math.min(place.length, 28);
  return Math.max(12, Math.floor(room));
}
