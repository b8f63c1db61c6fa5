// Real runs of a real program: the page says what `summary` says, and shows source only if asked to.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tableRows } from '../../viewer/page/lines.js';
import { errorOf } from '../../viewer/page/totals.js';
import { formatBytes } from '../../viewer/page/units.js';
import { openFile } from './open_page.mjs';

const kCommand = process.env.HEAPCREST_COMMAND ?? 'heapcrest';
const kBoxed = process.env.HEAPCREST_BOXED ?? 'boxed';
const kSource = process.env.HEAPCREST_SOURCE ?? '.';
const kLine = 'list->push_back(integer);';
const kFolder = mkdtempSync(join(tmpdir(), 'heapcrest-page-'));
after(() => rmSync(kFolder, { recursive: true }));

/** @param {...string} words */
function heapcrest(...words) {
  const result = spawnSync(kCommand, words, { encoding: 'utf8', cwd: kFolder });
  assert.equal(result.status, 0, result.stderr);
  return result.stdout;
}

/** @param {string} name @returns {Promise<string[]>} */
async function sourceLines(name) {
  const shown = await (await openFile(join(kFolder, name))).process(0);
  return Array.from(shown.frames.sources, (id) => shown.frames.texts.at(id));
}

test('EveryNumberOfARealPageIsThatOfTheSummary', async () => {
  heapcrest('run', '-o', 'real', '--interval', '4096', '--', kBoxed, '100000');
  const summary = JSON.parse(heapcrest('summary', 'real.heapcrest', '--format', 'json', '--top', '1000'));
  const profile = await openFile(join(kFolder, 'real.html'));
  const shown = await profile.process(0);
  for (const [view, amount] of [['peak', summary.peak], ['end', summary.end], ['allocated', summary.allocated]]) {
    const total = shown.totals(view).total(0);
    const { bytes, count, samples, overhead } = total;
    assert.deepEqual([bytes, count, samples, overhead], [amount.bytes, amount.count, amount.samples, amount.overhead_bytes]);
    assert.ok(Math.abs(errorOf(total, shown.precision({ view, thread: null })) - amount.ci95_bytes) <= 1);
  }
  const rows = tableRows(shown.totals('peak'), shown.frames, 'line');
  for (const line of summary.top.filter((/** @type {any} */ { total_bytes: held }) => held > 0)) {
    const row = rows.find(({ frame }) => {
      const { function: of, file, line: at, module } = shown.frames.at(frame);
      return of === line.function && file === line.file && at === line.line && module === line.module;
    });
    assert.ok(row, line.function);
    assert.equal(row.self.bytes, line.self_bytes);
    assert.deepEqual([row.total.bytes, row.self.count, row.self.samples, row.self.overhead],
      [line.total_bytes, line.count, line.samples, line.overhead_bytes]);
    assert.ok(Math.abs(errorOf(row.self, shown.precision({ view: 'peak', thread: null })) - line.ci95_bytes) <= 1);
  }
  assert.equal(shown.curve.top, summary.peak.bytes);
  // Half-way up, samples are scaled to what was counted then: the curve, which shows the lowest and
  // the highest of its cell, says the same.
  const { moments, peak } = shown.samples;
  const half = Math.floor(peak / 2);
  const live = shown.totals(`at:${(moments[half] * 1e-9).toFixed(9)}`).total(0).bytes;
  const [lowest, highest] = [shown.curve.lowest, shown.curve.highest]
    .map((values) => shown.curve.valueAt(values, moments[half] / shown.curve.duration));
  assert.ok(live > lowest * 0.999 && live < highest * 1.001, `${live} of ${lowest} to ${highest}`);
  assert.equal(profile.processes?.peakAt[0], summary.peak.seconds);
  assert.equal(profile.processes?.command[0], summary.command);
  const grown = `${formatBytes(summary.peak.growth.bytes)} of the peak came in the last `;
  assert.ok(profile.processes?.why[0].startsWith(grown), profile.processes?.why[0]);
  assert.equal(profile.processes?.exit[0], summary.exit);
});

test('SourceLinesTravelInTheProfileAndAreLeftOutOnRequest', async () => {
  heapcrest('run', '-o', 'with', '--', kBoxed, '100000');
  assert.ok((await sourceLines('with.html')).some((line) => line.startsWith(kLine)));
  heapcrest('report', 'with.heapcrest', '-o', 'without.html', '--no-source');
  assert.ok((await sourceLines('without.html')).every((line) => line === ''));
  heapcrest('run', '-o', 'never', '--no-source', '--', kBoxed, '100000');
  heapcrest('report', 'never.heapcrest', '-o', 'never2.html');
  assert.ok((await sourceLines('never2.html')).every((line) => line === ''));
});

test('PathsLoseTheirBaseFolder', async () => {
  heapcrest('run', '-o', 'short', '--strip-prefix', kSource, '--', kBoxed, '100000');
  const shown = await (await openFile(join(kFolder, 'short.html'))).process(0);
  const files = Array.from(shown.frames.files, (id) => shown.frames.texts.at(id));
  assert.ok(files.includes('samples/boxed.cc'), files.join(' '));
  assert.ok(files.every((file) => !file.startsWith(kSource)));
  assert.ok((await sourceLines('short.html')).some((line) => line.startsWith(kLine)));
});
