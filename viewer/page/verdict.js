// The verdict in words: how much, when, who, which lines, how it ended, how well we know.

import { find, make } from './dom.js';
import { topFrames } from './lines.js';
import { baseName, elide, placeBeside, placeOf, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { formatBytes, formatCount, formatSeconds, formatShare, plural } from './units.js';

const kTopLines = 5;
const kCharWidth = 7.3;  // of the names, in CSS pixels
const kFiguresWidth = 150;

const kHint = 'No allocation was sampled: the program allocates little (--interval 1 records all), ' +
  'or it starts the real program with another LD_PRELOAD or environment.';

/**
 * @param {import('./profile.js').Profile} profile
 * @param {import('./profile.js').ProcessProfile} process
 * @param {(frame: number) => void} onLine
 */
export function showVerdict(profile, process, onLine) {
  const columns = profile.processes;
  if (columns === undefined) return;
  const i = process.index;
  const [peak, , , error] = columns.atPeak[i];
  find('#peak').replaceChildren(make('b', {}, formatBytes(peak)),
    ...(error === 0 ? [] : [make('span', { class: 'error' }, ` ± ${formatBytes(error)}`)]), ' at the peak');
  const command = visible(columns.command[i]);
  find('#command').replaceChildren(make('bdi', {}, command.replace(/^[./]\S*\//, '')));
  find('#command').title = command;
  find('#when').textContent = `${formatSeconds(columns.peakAt[i])} after its start · ` +
    `ran ${formatSeconds(columns.duration[i])}, ${columns.exit[i]}`;
  find('#held').textContent = heldText(process.totals('peak').total(0));
  const [allocated, count, samples] = columns.allocated[i];
  find('#rest').textContent = `${formatBytes(columns.atEnd[i][0])} live at the end · ` +
    `${formatBytes(allocated)} allocated in total (${plural(count, 'allocation')}) · ` +
    precision(columns.interval[i], samples);
  find('#nothing').textContent = allocated > 0 || columns.interval[i] <= 1 ? 'Nothing is held here.' : kHint;
  const top = columns.top[i]?.map(([frame, bytes, blocks]) => ({ frame, bytes, count: blocks }));
  showLines(process, top ?? topFrames(process.totals('peak'), process.frames, kTopLines), peak, onLine);
  const notes = [...(profile.warnings ?? []), ...columns.warnings[i]];
  find('#notes').replaceChildren(...notes.map((note) => make('p', {}, visible(note))));
}

// How much of it is whose: `1,000,000 allocations of 28 B on average; malloc adds 20.0 MB`.
/** @param {import('./totals.js').Amount} held */
function heldText({ bytes, count, overhead }) {
  if (count === 0) return '';
  const size = formatBytes(bytes / count);
  return `${plural(count, 'allocation')} of ${size}${count === 1 ? '' : ' on average'}` +
    (overhead > 0 ? `; malloc adds ${formatBytes(overhead)}` : '');
}

/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./lines.js').Held[]} lines
 * @param {number} peak @param {(frame: number) => void} onLine
 */
function showLines(process, lines, peak, onLine) {
  const none = (/** @type {string} */ text) => make('li', { class: 'none' }, text);
  const rest = lines.reduce((bytes, line) => bytes - line.bytes, peak);
  find('#top').replaceChildren(...lines.map((line) => lineItem(process, line, peak, onLine)),
    ...(lines.length === 0 ? [none('No allocation was recorded.')]
      : rest >= peak / 1000 ? [none(`and ${formatShare(rest, peak)} in other lines`)] : []));
}

/** @param {number} interval @param {number} samples */
export function precision(interval, samples) {
  if (interval <= 1) return 'every allocation recorded: exact';
  const every = interval % 1024 === 0 ? `${formatCount(interval / 1024)} KiB` : formatBytes(interval);
  return `sampled every ${every} on average, ${plural(samples, 'sample')}`;
}

/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./lines.js').Held} line
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
  if (line.count > 1) button.append(make('span', { class: 'each' }, `${formatCount(line.count)} × ${formatBytes(line.bytes / line.count)}`));
  if (source !== '') button.append(make('bdi', { class: 'source' }, fromCall(visible(source), roomOf())));
  return make('li', {}, button);
}

// How many characters of a name fit beside its place: the method's own name must survive.
/** @param {string} place */
function nameRoom(place) {
  return Math.max(12, Math.floor(roomOf() - Math.min(place.length, 28)));
}

const roomOf = () => (find('#top').clientWidth - kFiguresWidth) / kCharWidth;

// A line too long for its room, without what its value is assigned to.
/** @param {string} source @param {number} room */
function fromCall(source, room) {
  return source.length <= room ? source : source.replace(/^(?:return|\S.*?\s=)\s+(?=\S)/, '… ');
}
