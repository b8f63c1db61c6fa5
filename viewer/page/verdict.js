// The verdict in words: how much, when, who, which lines, how it ended, how well we know.

import { fill, find, isolated, make } from './dom.js';
import { tableRows } from './lines.js';
import { baseName, elide, placeBeside, placeOf, shortName, visible } from './names.js';
import { kUnknown } from './texts.js';
import { errorBar, formatBytes, formatCount, formatSeconds, formatShare, plural } from './units.js';

const kTopLines = 5;
const kMuch = 10;
const kCallerRoom = 32;
const kCharWidth = 7.3;  // of the names, in CSS pixels
const kFiguresWidth = 150;

/** @typedef {import('./profile.js').ProcessProfile} ProcessProfile */

/**
 * @param {import('./profile.js').Profile} profile
 * @param {ProcessProfile} process
 * @param {(frame: number) => void} onLine
 */
export function showVerdict(profile, process, onLine) {
  const columns = profile.processes;
  if (columns === undefined) return;
  const i = process.index;
  const [peak, , , error] = columns.atPeak[i];
  fill(find('#peak'), make('b', {}, formatBytes(peak)), make('span', { class: 'error' }, errorBar(error)), ' at the peak');
  const command = visible(columns.command[i]);
  fill(find('#command'), isolated(command.replace(/^[./]\S*\//, '')));
  find('#command').title = command;
  find('#when').textContent = `${formatSeconds(columns.peakAt[i])} after its start · ` +
    `ran ${formatSeconds(columns.duration[i])}, ${columns.exit[i]}`;
  find('#why').textContent = columns.why[i];
  fill(find('#held'), ...heldWords(process.totals('peak').total(0)));
  const [allocated, count] = columns.allocated[i];
  find('#rest').textContent = `${formatBytes(columns.atEnd[i][0])} live at the end · ` +
    `${formatBytes(allocated)} allocated in total (${plural(count, 'allocation')}) · ` +
    columns.sampling[i];
  find('#hint').hidden = allocated > 0 || columns.interval[i] <= 1;
  const top = columns.top[i]?.map(([frame, bytes, blocks, overhead, callers, called]) => ({ frame, bytes, count: blocks, overhead, callers, called }));
  showLines(process, top ?? topLines(process), peak, onLine);
  fill(find('#hints'), ...columns.hints[i].map((hint) => make('p', {}, make('b', {}, 'Hint: '), isolated(`${visible(hint)}.`))));
  const notes = [...(profile.warnings ?? []), ...columns.warnings[i]];
  fill(find('#notes'), ...notes.map((note) => make('p', {}, visible(note))));
}

// Of one of very many processes.
/** @param {ProcessProfile} process @returns {import('./lines.js').Held[]} */
const topLines = (process) => tableRows(process.totals('peak'), process.frames, 'line').slice(0, kTopLines)
  .filter(({ self }) => self.bytes > 0).map(({ frame, self: { bytes, count } }) => ({ frame, bytes, count }));

// How much of it is whose: `1,000,000 allocations of 28 B on average; malloc adds 20.0 MB`.
/** @param {import('./totals.js').Amount} held */
function heldWords({ bytes, count, overhead }) {
  if (count === 0) return [];
  const whole = `${plural(count, 'allocation')} of ${formatBytes(bytes / count)}${count === 1 ? '' : ' on average'}`;
  if (overhead <= 0) return [whole];
  return [`${whole}; `, make(isMuch(overhead, bytes) ? 'b' : 'span', {}, `malloc adds ${formatBytes(overhead)}`)];
}

// Whether a part is worth words of its own.
/** @param {number} part @param {number} whole */
const isMuch = (part, whole) => part * kMuch > whole;

/**
 * @param {ProcessProfile} process @param {import('./lines.js').Held[]} lines
 * @param {number} peak @param {(frame: number) => void} onLine
 */
function showLines(process, lines, peak, onLine) {
  const none = (/** @type {string} */ text) => make('li', { class: 'none' }, text);
  const rest = lines.reduce((bytes, line) => bytes - line.bytes, peak);
  // How many characters there is room for, asked once: each time is a layout.
  const room = (find('#top').clientWidth - kFiguresWidth) / kCharWidth;
  fill(find('#top'), ...lines.map((line) => lineItem(process, line, peak, room, onLine)),
    lines.length === 0 ? none('None.') : rest >= peak / 1000 && none(`and ${formatShare(rest, peak)} in other lines`));
}

/**
 * @param {ProcessProfile} process @param {import('./lines.js').Held} line
 * @param {number} all @param {number} room @param {(frame: number) => void} onLine
 */
function lineItem(process, line, all, room, onLine) {
  const frame = process.frames.at(line.frame);
  const source = process.frames.sourceOf(line.frame);
  const called = callersText(process, line);
  const place = baseName(placeBeside(frame));
  const bar = make('span', { class: 'bar' });
  bar.style.setProperty('--share', String(Math.min(1, line.bytes / (all || 1))));
  const title = [frame.function, placeOf(frame.file, frame.line), source].map(visible).join('\n').slice(0, 1000);
  const button = make('button', { type: 'button', title, click: () => onLine(line.frame) },
    make('span', { class: 'share' }, formatShare(line.bytes, all)),
    make('span', { class: 'size' }, formatBytes(line.bytes)),
    isolated(elide(shortName(frame.function), Math.max(12, room - Math.min(place.length, 28, room / 2))) || kUnknown, 'function'),
    isolated(visible(place), 'place'), bar);
  const words = [fromCall(visible(source), room), called].filter(Boolean);
  const figures = figuresOf(line, all);
  for (let i = 0; i < Math.max(figures.length, words.length); ++i) {
    button.append(make('span', { class: 'each' }, figures[i] ?? ''), isolated(words[i] ?? '', 'source'));
  }
  return make('li', {}, button);
}

// What stands under the bytes: `1,000,000 × 28 B`, and what malloc makes of it where that matters.
/** @param {import('./lines.js').Held} line @param {number} all */
const figuresOf = ({ bytes, count, overhead = 0 }, all) => [
  ...(count > 1 ? [`${formatCount(count)} × ${formatBytes(bytes / count)}`] : []),
  ...(isMuch(overhead, bytes) && isMuch(bytes, all) ? [`malloc adds ${formatBytes(overhead)}`] : [])];

// `called by Grow ← Insert`: where the line itself says little, its callers say all.
/** @param {ProcessProfile} process @param {import('./lines.js').Held} line */
const callersText = ({ frames }, { callers = [], called }) => (callers.length === 0 ? ''
  : `${called}${callers.map((frame) => elide(shortName(frames.at(frame).function), kCallerRoom)).join(' ← ')}`);

// A line too long for its room, without what its value is assigned to.
/** @param {string} source @param {number} room */
const fromCall = (source, room) => (source.length <= room ? source : source.replace(/^(return|\S.*?\s=)\s+(?=\S)/, '… '));
