// What is selected, in whichever way it is asked for, is the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramsOf } from '../../viewer/page/histogram.js';
import { shapeOf } from '../../viewer/page/shape.js';
import { kInitialState } from '../../viewer/page/state.js';
import { threadName, threadRows } from '../../viewer/page/threads.js';
import { Totals, within } from '../../viewer/page/totals.js';
import { kSums } from '../../viewer/page/sums.js';
import { openPage, readSummary } from './open_page.mjs';

const kViews = ['peak', 'end', 'allocated', 'temporary', 'at:0.7', 'grown:0.3-1.1'];

test('TotalsOfNodesEqualTheRunningSums', async () => {
  const process = await (await openPage('clang')).process(0);
  for (const view of kViews) {
    const totals = process.totals(view);
    const columns = /** @type {any} */ (Object.fromEntries(kSums.map((name) => [name, totals.sums[name]])));
    const plain = new Totals(process.tree, columns);
    for (let node = 0; node < process.tree.size; node += 97) {
      const [a, b] = [totals.total(node), plain.total(node)];
      assert.deepEqual([a.bytes, a.count, a.samples, a.overhead], [b.bytes, b.count, b.samples, b.overhead]);
      assert.ok(Math.abs(a.variance - b.variance) <= 1e-6 * (1 + b.variance) + 1e3);
    }
  }
});

test('ThreadsTogetherHoldEverything', async () => {
  const process = await (await openPage('threads')).process(0);
  const rows = threadRows(process, { view: 'peak', thread: null });
  assert.equal(rows.length, 300);
  assert.equal(rows.reduce((sum, row) => sum + row.self.bytes, 0), readSummary('threads').peak.bytes);
  assert.equal(rows[7].self.bytes, process.totals('peak', 7).total(0).bytes);
  assert.equal(threadName(process.threads[7], 7), 'worker </script> 7 (107)');
});

test('HistogramsHoldWhatTheFrameHoldsInEveryShape', async () => {
  const process = await (await openPage('clang')).process(0);
  for (const view of kViews) {
    for (const form of /** @type {const} */ (['flame', 'callers'])) {
      const state = { ...kInitialState, view, form };
      const shape = shapeOf(process, state, null);
      for (const node of [0, 1, shape.totals.tree.size >> 1]) {
        const { bytes } = shape.totals.total(node);
        for (const classes of Object.values(histogramsOf(process, shape, node, state))) {
          assert.equal(classes.reduce((sum, c) => sum + c.bytes, 0), bytes, `${view} ${form} ${node}`);
        }
      }
    }
  }
});

test('WithinSomeTowersTheirCallersHoldOnlyThose', async () => {
  const process = await (await openPage('clang')).process(0);
  const totals = process.totals('peak');
  const towers = [process.tree.children(1)[0]];
  const narrowed = within(totals, towers);
  assert.equal(narrowed.total(0).bytes, totals.total(towers[0]).bytes);
  assert.equal(narrowed.total(towers[0]).count, totals.total(towers[0]).count);
});

test('EveryFieldOfEveryLineEqualsTheSummarys', async () => {
  const { tableRows } = await import('../../viewer/page/lines.js');
  for (const name of ['tiny', 'clang', 'threads', 'deep', 'hostile']) {
    const process = await (await openPage(name)).process(0);
    const rows = new Map(tableRows(process.totals('peak'), process.frames, 'line').map((row) => {
      const { function: of, file, line, module } = process.frames.at(row.frame);
      return [[of, file, line, module].join('\n'), row];
    }));
    let compared = 0;
    for (const line of readSummary(name).top) {
      const row = rows.get([line.function, line.file, line.line, line.module].join('\n'));
      if (row === undefined) continue;  // a name that is no UTF-8, or none at all
      ++compared;
      assert.deepEqual([row.self.bytes, row.total.bytes, row.self.count, row.self.samples],
        [line.self_bytes, line.total_bytes, line.count, line.samples], line.function);
      assert.ok(Math.abs(1.96 * Math.sqrt(row.self.variance) - line.ci95_bytes) <= 1);
    }
    assert.ok(compared >= readSummary(name).top.length * 0.7, `${name}: ${compared}`);
  }
});

test('EveryProcessEqualsTheSummarys', async () => {
  const profile = await openPage('processes');
  const summary = new Map(readSummary('processes').processes.map((/** @type {any} */ p) => [p.pid, p]));
  for (let i = 0; i < 100_000; i += 9973) {
    const process = await profile.process(i);
    const of = summary.get(profile.processes?.pid[i] ?? -1);
    assert.equal(process.totals('peak').total(0).bytes, of.peak.bytes);
    assert.equal(process.totals('end').total(0).bytes, of.end.bytes);
    assert.equal(process.totals('allocated').total(0).count, of.allocations);
  }
});

test('AFoldedTreeHoldsAllAndSaysSo', async () => {
  const profile = await openPage('folded');
  const process = await profile.process(0);
  const summary = readSummary('folded');
  assert.equal(process.totals('peak').total(0).bytes, summary.peak.bytes);
  assert.equal(process.totals('end').total(0).bytes, summary.end.bytes);
  assert.ok(process.tree.omitted.size > 100);
  assert.match(profile.processes?.warnings[0].join(' ') ?? '', /boxes that count them/);
  assert.equal(profile.processes?.top[0]?.[0][1], summary.top[0].self_bytes);
});
