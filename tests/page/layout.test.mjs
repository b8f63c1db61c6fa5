import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Layout } from '../../viewer/page/layout.js';
import { makeTree } from './made_tree.mjs';

const kWhole = { node: 0, from: 0, to: 1 };

/** @param {import('./made_tree.mjs').Made} made @param {number} width @param {Partial<import('../../viewer/page/layout.js').Viewport>} [more] */
function layOut(made, width, more = {}) {
  const { tree, sums, present } = makeTree(made);
  return new Layout(tree, sums, present, { zoom: kWhole, width, minWidth: 1, ...more });
}

/** @param {Layout} layout @param {number} row */
function rowOf(layout, row) {
  const boxes = [];
  for (let i = layout.rows[row]; i < layout.rows[row + 1]; ++i) {
    boxes.push([layout.node[i], layout.x[i], layout.width[i], layout.hidden[i]]);
  }
  return boxes;
}

test('ChildrenStandHeaviestFirstUnderTheirParent', () => {
  const layout = layOut([-1, 10, [0, 30], [1, 60]], 100);
  assert.deepEqual(rowOf(layout, 0), [[0, 0, 100, 0]]);
  assert.deepEqual(rowOf(layout, 1), [[2, 0, 60, 0], [1, 60, 30, 0]]);
});

test('SubPixelChildrenShareOneBoxThatSaysHowManyAndHowMuch', () => {
  const small = Array.from({ length: 50 }, (_, i) => [i, 1, [100, 1]]);
  const layout = layOut([-1, 0, [999, 900], ...small], 100, { minWidth: 1 });
  const [, rest] = rowOf(layout, 1);
  assert.equal(rest[3], 100);
  assert.equal(layout.hiddenValue[layout.rows[1] + 1], 100);
  assert.ok(Math.abs(rest[2] - 10) < 1e-9);
  assert.equal(layout.hiddenSum(layout.rows[1] + 1, layout.sums), 100);
});

test('TheHiddenBoxStaysVisibleHoweverLittleItHolds', () => {
  const layout = layOut([-1, 500_000, [0, 500_000], [1, 1]], 100);
  assert.equal(rowOf(layout, 1)[1][2], 1);
});

test('ZoomingIntoTheHiddenBoxShowsWhatItHeld', () => {
  const made = /** @type {import('./made_tree.mjs').Made} */ ([-1, 0, [0, 9990], [1, 6], [2, 4]]);
  const before = layOut(made, 100);
  const zoom = before.zoomOfHidden(before.rows[1] + 1);
  const after = layOut(made, 100, { zoom });
  const boxes = rowOf(after, 1);
  assert.deepEqual(boxes.map((b) => b[0]), [2, 3]);
  assert.ok(Math.abs(boxes[0][2] - 60) < 1e-6);
});

test('AZoomedFrameFillsTheWidthUnderItsCallers', () => {
  const layout = layOut([-1, 0, [0, 70, [2, 10]], [1, 20]], 100, { zoom: { node: 1, from: 0, to: 1 } });
  assert.deepEqual(rowOf(layout, 0), [[0, 0, 100, 0]]);
  assert.deepEqual(rowOf(layout, 1), [[1, 0, 100, 0]]);
  assert.deepEqual(rowOf(layout, 2), [[2, 0, 12.5, 0]]);
});

test('HitTestingFindsTheBoxAndNothingBesideIt', () => {
  const layout = layOut([-1, 40, [0, 30], [1, 30]], 100);
  assert.equal(layout.node[layout.boxAt(1, 29.9)], 1);
  assert.equal(layout.node[layout.boxAt(1, 30.1)], 2);
  assert.equal(layout.boxAt(1, 60.1), -1);
  assert.equal(layout.boxAt(2, 5), -1);
  assert.equal(layout.boxAt(-1, 5), -1);
});

test('AnEmptySelectionHasNoBoxes', () => {
  assert.equal(layOut([-1, 0, [0, 0]], 100).boxCount, 0);
});

test('ChildrenNeverOverlapAndNeverLeaveTheirParent', () => {
  let seed = 7;
  const random = (/** @type {number} */ n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  const grow = (/** @type {number} */ depth) => {
    /** @type {any} */ const node = [random(50), random(100)];
    for (let i = depth > 6 ? 0 : random(6); i > 0; --i) node.push(grow(depth + 1));
    return node;
  };
  const layout = layOut([-1, 1, grow(0), grow(0), grow(0)], 300);
  for (let row = 0; row < layout.rowCount; ++row) {
    let right = 0;
    for (const [, x, width] of rowOf(layout, row)) {
      assert.ok(x >= right - 1e-6 && x + width <= 300 + 1e-6);
      right = x + width;
    }
  }
});

test('AStackOfTenThousandFramesIsLaidOutWithoutRecursion', () => {
  /** @type {any} */ let made = [0, 1];
  const root = made;
  for (let i = 0; i < 5000; ++i) { made.push([0, 1]); made = made[2]; }
  assert.equal(layOut(root, 1e6).rowCount, 5001);
});

test('TheTrunkEndsWhereAnythingBranches', () => {
  const branching = [3, 0, [4, 600], [5, 380]];
  const layout = layOut([-1, 0, [6, 5], [0, 1, [1, 0, [2, 0, branching]]], [7, 14]], 100);
  const { node, depth } = layout.trunk;
  assert.equal(layout.tree.frame[node], 3);
  assert.equal(depth, 4);
  assert.deepEqual(layOut([-1, 0, [0, 50], [1, 50]], 100).trunk, { node: 0, depth: 0 });
});
