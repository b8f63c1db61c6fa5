// The pages that the C++ side writes, opened by the layers that the browser runs: every number must
// be the summary's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableRows } from '../../viewer/page/lines.js';
import { threadRows } from '../../viewer/page/threads.js';
import { errorOf } from '../../viewer/page/totals.js';
import { nodePath } from './paths.mjs';
import { openPage, readPage, readSummary } from './open_page.mjs';

for (const name of ['tiny', 'clang', 'deep', 'python', 'script']) {
  test(`TotalsOfTheThreeViewsEqualTheSummary: ${name}`, async () => {
    const process = await (await openPage(name)).process(0);
    const summary = readSummary(name);
    assert.equal(process.totals('peak').total(0).bytes, summary.peak.bytes);
    assert.equal(process.totals('end').total(0).bytes, summary.end.bytes);
    assert.equal(process.totals('allocated').total(0).bytes, summary.allocated.bytes);
    assert.equal(process.totals('allocated').total(0).count, summary.allocations);
  });

  test(`EveryLineEqualsTheSummarys: ${name}`, async () => {
    const process = await (await openPage(name)).process(0);
    const rows = tableRows(process.totals('peak'), process.frames, 'line');
    const texts = (/** @type {any} */ r) => [r.function, r.file, r.line, r.module, r.self_bytes, r.total_bytes, r.count, r.samples].join('|');
    const ours = new Set(rows.map((row) => texts({
      ...process.frames.at(row.frame), self_bytes: row.self.bytes, total_bytes: row.total.bytes,
      count: row.self.count, samples: row.self.samples,
    })));
    const theirs = readSummary(name).top.filter((/** @type {any} */ row) => row.self_bytes > 0 && row.function !== '' && row.module !== '');
    assert.ok(theirs.length > 0);
    for (const row of theirs) assert.ok(ours.has(texts(row)), texts(row));
    assert.equal(rows[0].self.bytes, theirs[0].self_bytes);
  });
}

// Threads have no rest that makes sums exact: their samples are scaled as those of any other moment.
test('WhatThreadsHoldAddsUpToTheSummary', async () => {
  const process = await (await openPage('python')).process(0);
  for (const view of ['peak', 'end']) {
    const { bytes } = process.totals(view).total(0);
    const rows = threadRows(process, { view, thread: null });
    const sum = rows.reduce((held, row) => held + row.self.bytes, 0);
    assert.ok(Math.abs(sum - bytes) <= 1e-6 * bytes + rows.length, `${view}: ${sum} of ${bytes} bytes`);
  }
});

test('HintsAreThoseOfTheSummary', async () => {
  const { processes } = await openPage('stripped');
  assert.deepEqual(processes?.hints, [readSummary('stripped').hints]);
  assert.equal((await openPage('tiny')).processes?.hints[0].length, 0);
});

test('AllObjectsOfATypeAreARowOfTheTable', async () => {
  const process = await (await openPage('python')).process(0);
  const rows = tableRows(process.totals('peak'), process.frames, 'line');
  const { types } = readSummary('python');
  assert.equal(types.length, 3);
  for (const { type, bytes, count } of types) {
    const row = rows.find(({ frame }) => process.frames.at(frame).function === type);
    assert.deepEqual([row?.self.bytes, row?.total.bytes, row?.total.count], [0, bytes, count]);
  }
});

for (const name of ['tiny', 'clang', 'deep']) {
  test(`ErrorsEqualTheSummarys: ${name}`, async () => {
    const process = await (await openPage(name)).process(0);
    const rows = tableRows(process.totals('peak'), process.frames, 'line');
    const first = readSummary(name).top[0];
    const row = rows.find((r) => r.self.bytes === first.self_bytes);
    assert.ok(row !== undefined && Math.abs(errorOf(row.self, process.precision({ view: 'peak', thread: null })) - first.ci95_bytes) <= 1);
  });

  test(`NoSpikeOfTheCurveIsLost: ${name}`, async () => {
    const { curve, samples, totals, lastMoment, ...process } = await openProcess(name);
    assert.equal(Math.max(...curve.highest), readSummary(name).peak.bytes);
    for (let moment = 0; moment <= lastMoment; moment += 37) {
      const seconds = samples.moments[moment] * 1e-9;
      const live = totals(`at:${seconds.toFixed(9)}`).total(0).bytes;
      const cell = Math.min(curve.size - 1, Math.floor(samples.moments[moment] / curve.duration * curve.size));
      assert.ok(live <= curve.highest[cell] && live >= curve.lowest[cell], `moment ${moment} of ${process.index}`);
    }
  });
}

// Python's objects are known at three times only, and of all threads together.
test('NothingIsSaidOfErrorsThatAreNotKnown', async () => {
  const [python, native] = [await (await openPage('python')).process(0), await (await openPage('clang')).process(0)];
  const said = (/** @type {typeof python} */ process, /** @type {string} */ view, /** @type {number | null} */ thread = null) =>
    process.precision({ view, thread }).exact;
  for (const view of ['peak', 'end', 'allocated']) {
    assert.equal(said(python, view), '≈ exact');
    assert.equal(said(python, view, 0), '');
  }
  for (const view of ['rss', 'temporary', 'at:0.1', 'grown:0-0.1']) {
    assert.equal(said(python, view), '');
    assert.equal(errorOf(python.totals(view).total(0), python.precision({ view, thread: null })), 0);
    assert.equal(said(native, view), '≈ exact');
  }
  assert.equal(said(native, 'peak', 0), '≈ exact');
  python.isExact = true;
  assert.equal(said(python, 'at:0.1', 0), 'exact');
});

/** @param {string} name */
async function openProcess(name) {
  const process = await (await openPage(name)).process(0);
  return {
    index: process.index, curve: process.curve, samples: process.samples, lastMoment: process.lastMoment,
    totals: (/** @type {string} */ view) => process.totals(view),
  };
}

test('WhatGrewBetweenTwoMomentsWasNotThereBeforeAndStayed', async () => {
  const process = await (await openPage('clang')).process(0);
  const { moments } = process.samples;
  const [a, b] = [100, 300].map((i) => moments[i] * 1e-9);
  const grown = process.totals(`grown:${a.toFixed(9)}-${b.toFixed(9)}`).total(0).bytes;
  const before = process.totals(`at:${a.toFixed(9)}`).total(0).bytes;
  const after = process.totals(`at:${b.toFixed(9)}`).total(0).bytes;
  assert.ok(grown > 0 && grown <= after && grown >= after - before);
});

test('HostileNamesArriveAsTheyWere', async () => {
  const process = await (await openPage('hostile')).process(0);
  const names = new Set(Array.from(process.frames.functions, (id) => process.frames.texts.at(id)));
  for (const name of ["</script><script>document.title='broken'</script>", 'nul\u0000inside', 'bad \ufffd( utf8 \ufffd',
    '\u202ereversed\u202c', '__proto__', '\ufeffbom', 'line\nbreak\ttab', `${'x'.repeat(100_000)}</style>`]) {
    assert.ok(names.has(name), name.slice(0, 40));
  }
});

test('AnEmptyRecordingOpens', async () => {
  const process = await (await openPage('empty')).process(0);
  assert.equal(process.tree.size, 1);
  assert.equal(process.totals('peak').total(0).bytes, 0);
});

test('ADeepStackKeepsItsDepth', async () => {
  const process = await (await openPage('deep')).process(0);
  assert.equal(process.tree.size, 20_003);
  assert.equal(nodePath(process, process.tree.size - 2).at(-1), 'Work()');
});

test('AHundredThousandProcessesListTheLargestFirst', async () => {
  const profile = await openPage('processes');
  assert.equal(profile.processes?.pid.length, 100_000);
  assert.equal(profile.processes?.pid[0], 51_000);
  const last = await profile.process(99_999);
  assert.equal(last.totals('peak').total(0).bytes, profile.processes?.atPeak[99_999][0]);
});

test('ANodeCostsAtMostEightBytesOfPage', async () => {
  const process = await (await openPage('200k')).process(0);
  assert.ok(process.tree.size > 150_000);
  assert.ok(readPage('200k').length / process.tree.size <= 8);
});

test('TheCompilerPageStaysUnderAMegabyte', () => {
  assert.ok(readPage('clang').length <= 1_000_000);
});

// Neither is the code of who wrote the script.
test('AnInterpreterAndItsPackagesAreLibraries', async () => {
  const { frames } = await openPage('script');
  const kindOf = (/** @type {string} */ file, /** @type {string} */ module) => {
    const texts = (/** @type {any} */ ids) => Array.from(ids, (id) => frames?.texts.at(Number(id)));
    const [files, modules] = [texts(frames?.files), texts(frames?.modules)];
    return frames?.kinds[files.findIndex((name, i) => name === file && modules[i] === module)];
  };
  assert.equal(kindOf('/src/list.py', '/src/list.py'), 0);
  assert.equal(kindOf('', '/usr/bin/python3.11'), 2 + 4);  // and what they allocate is the Python's
  assert.equal(kindOf('/usr/lib/python3/dist-packages/numpy/__init__.py', '/usr/lib/python3/dist-packages/numpy'), 2);
  assert.equal(kindOf('/usr/lib/python3.11/json/__init__.py', '/usr/lib/python3.11'), 1);
  assert.equal(kindOf('<frozen importlib._bootstrap>', ''), 1);
});
