// The verdict in words: how much, when, who, which lines, how it ended, how well we know.

import { find, make } from './dom.js';
import { baseName, placeOf, shortName, visible } from './names.js';
import { errorOf } from './totals.js';
import { formatBytes, formatCount, formatSeconds, formatShare, plural } from './units.js';

const kTopLines = 5;

/**
 * @param {import('./profile.js').Profile} profile
 * @param {import('./profile.js').ProcessProfile} process
 * @param {import('./lines.js').Row[]} rows  of the peak
 * @param {(frame: number) => void} onLine
 */
export function showVerdict(profile, process, rows, onLine) {
  const columns = profile.processes;
  if (columns === undefined) return;
  const i = process.index;
  const peak = process.totals('peak').total(0);
  find('#peak').replaceChildren(make('b', {}, formatBytes(peak.bytes)), ...error(errorOf(peak)), ' at the peak');
  const command = visible(columns.command[i]);
  find('#command').replaceChildren(make('bdi', {}, command));
  find('#command').title = command;
  find('#when').textContent = `${formatSeconds(columns.peakAt[i])} after its start, in ` +
    `${plural(peak.count, 'block')} · ran ${formatSeconds(columns.duration[i])}, ${columns.exit[i]}`;
  const allocated = process.totals('allocated').total(0);
  const end = process.totals('end').total(0);
  find('#rest').textContent = `${formatBytes(end.bytes)} live at the end · ` +
    `${formatBytes(allocated.bytes)} allocated in ${formatCount(allocated.count)} blocks · ` +
    precision(columns.interval[i], allocated.samples);
  const lines = rows.filter((row) => row.self.bytes > 0).slice(0, kTopLines)
    .map((row) => lineItem(process, row, peak.bytes, onLine));
  find('#top').replaceChildren(...(lines.length > 0 ? lines
    : [make('li', { class: 'none' }, 'No allocation was recorded.')]));
  const notes = [...(profile.warnings ?? []), ...columns.warnings[i]];
  find('#notes').replaceChildren(...notes.map((note) => make('p', {}, visible(note))));
}

/** @param {number} bytes */
function error(bytes) {
  return bytes === 0 ? [] : [make('span', { class: 'error' }, ` ± ${formatBytes(bytes)}`)];
}

/** @param {number} interval @param {number} samples */
export function precision(interval, samples) {
  if (interval <= 1) return 'every allocation recorded: exact';
  const every = interval % 1024 === 0 ? `${formatCount(interval / 1024)} KiB` : formatBytes(interval);
  return `sampled every ${every} on average, ${plural(samples, 'sample')}`;
}

/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./lines.js').Row} row
 * @param {number} all @param {(frame: number) => void} onLine
 */
function lineItem(process, row, all, onLine) {
  const frame = process.frames.at(row.frame);
  const place = placeOf(baseName(frame.file), frame.line) || baseName(frame.module);
  const bar = make('span', { class: 'bar' });
  bar.style.setProperty('--share', String(Math.min(1, row.self.bytes / (all || 1))));
  const button = make('button', { type: 'button' },
    make('span', { class: 'share' }, formatShare(row.self.bytes, all)),
    make('span', { class: 'size' }, formatBytes(row.self.bytes)),
    make('span', { class: 'what' }, make('bdi', { class: 'function' }, shortName(frame.function) || '(unknown)'), ' ',
      make('bdi', { class: 'place' }, visible(place))),
    bar);
  button.addEventListener('click', () => onLine(row.frame));
  button.title = visible(`${frame.function}\n${placeOf(frame.file, frame.line)}`).slice(0, 1000);
  return make('li', {}, button);
}
