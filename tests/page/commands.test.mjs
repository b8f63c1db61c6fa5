// Real runs of a real program: the page says what `summary` says, and shows source only if asked to.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { tableRows } from '../../viewer/page/lines.js';
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
    const { bytes, count, samples, variance } = shown.totals(view).total(0);
    assert.deepEqual([bytes, count, samples], [amount.bytes, amount.count, amount.samples]);
    assert.ok(Math.abs(1.96 * Math.sqrt(variance) - amount.ci95_bytes) <= 1);
  }
  const rows = tableRows(shown.totals('peak'), shown.frames, 'line');
  for (const line of summary.top) {
    const row = rows.find(({ frame, self }) => self.bytes === line.self_bytes && shown.frames.at(frame).function === line.function);
    assert.ok(row, line.function);
    assert.deepEqual([row.total.bytes, row.self.count, row.self.samples], [line.total_bytes, line.count, line.samples]);
  }
  assert.equal(profile.processes?.peakAt[0], summary.peak.seconds);
  assert.equal(profile.processes?.command[0], summary.command);
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
