// What a large page shows first is what it shows when all of it is open.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Colors } from '../../viewer/page/colors.js';
import { kWhole, Layout } from '../../viewer/page/layout.js';
import { errorOf } from '../../viewer/page/totals.js';
import { openPage, openPreview } from './open_page.mjs';

const kWidth = 1240;
const kRowsInView = 25;

// The boxes of the rows in view, those of frames that are too small apart.
/** @param {import('../../viewer/page/profile.js').ProcessProfile} process */
function boxesOf(process) {
  const totals = process.totals('peak');
  const layout = new Layout(totals.tree, totals.sums.bytes, totals.present, { zoom: kWhole, width: kWidth, minWidth: 1 });
  const colors = new Colors(process, 'module');
  const boxes = [];
  for (let box = 0; box < layout.rows[kRowsInView]; ++box) {
    const frame = totals.tree.frame[layout.node[box]];
    if (layout.hidden[box] > 0 || frame < 0) continue;
    const node = layout.node[box];
    boxes.push({
      x: Math.round(layout.x[box] * 1e6), row: layout.rowOf(box), ...process.frames.at(frame), source: process.frames.sourceOf(frame),
      color: colors.at(frame, 1), bytes: totals.total(node).bytes, count: totals.total(node).count, self: totals.self(node).bytes,
      error: Math.round(errorOf(totals.total(node), process.precision({ view: 'peak', thread: null }))),
    });
  }
  return { boxes, legend: colors.legend };
}

// Variances are added up in another order.
/** @param {import('../../viewer/page/sums.js').Amount | undefined} amount */
const rounded = (amount) => ({ ...amount, variance: amount?.variance.toPrecision(12) });

for (const name of ['clang', '200k']) {
  test(`PreviewHasTheBoxesOfTheWhole: ${name}`, async () => {
    const [preview, whole] = [await openPreview(name), await (await openPage(name)).process(0)];
    assert.ok(preview !== null);
    assert.ok(preview.tree.size < whole.tree.size / 4);
    const [first, then] = [boxesOf(preview), boxesOf(whole)];
    assert.ok(then.boxes.length > kRowsInView);
    assert.deepEqual(first, then);
  });

  test(`PreviewHasTheSumsOfTheWhole: ${name}`, async () => {
    const profile = await openPage(name);
    const [preview, whole] = [await openPreview(name), await profile.process(0)];
    assert.deepEqual(rounded(preview?.totals('peak').total(0)), rounded(whole.totals('peak').total(0)));
    assert.deepEqual(preview?.curve, whole.curve);
    assert.deepEqual(preview?.threads, whole.threads);
    for (const [frame, , , , callers] of profile.processes?.top[0] ?? []) {
      for (const told of [frame, ...callers]) assert.deepEqual(preview?.frames.at(told), whole.frames.at(told));
    }
  });
}

test('SmallPagesNeedNoPreview', async () => {
  assert.equal(await openPreview('tiny'), null);
});
