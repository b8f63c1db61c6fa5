import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Curve } from '../../viewer/page/curve.js';

/** @param {[lowest: number, highest: number][]} cells @param {number[]} resident  in kB of 1,024 bytes */
function curveOf(cells, resident = []) {
  const columns = [cells.map(([low]) => low), resident];
  const numbers = [1e9, cells.length, resident.length, 0.75e9];
  return new Curve(/** @type {any} */ ({
    number: () => numbers.shift(),
    sums: () => Float64Array.from(columns.shift() ?? []),
    column: () => Float64Array.from(cells, ([low, high]) => high - low),
  }));
}

// The heights that a path of steps goes to, one behind the other, in 0 to 100 from below.
/** @param {Curve} curve @param {Float64Array} values */
function heights(curve, values) {
  const path = curve.steps(values, 400, 100);
  assert.match(path, /^M0 [\d.]+(H[\d.]+V[\d.]+)*H400$/);
  return Array.from(path.matchAll(/(?:M0 |V)([\d.]+)/g), ([, y]) => 100 - Number(y));
}

test('ALargeBlockThatIsFreedMakesOneDescent', () => {
  const curve = curveOf([[0, 10], [10, 10], [10, 10], [0, 10], [0, 0], [0, 0]]);
  assert.deepEqual(heights(curve, curve.highest), [100, 0]);
  assert.deepEqual(heights(curve, curve.lowest), [0, 100, 0]);
});

test('ASpikeWithinACellShows', () => {
  const curve = curveOf([[5, 5], [5, 10], [5, 5]]);
  assert.deepEqual(heights(curve, curve.highest), [50, 100, 50]);
  assert.deepEqual(heights(curve, curve.lowest), [50]);
});

test('ResidentMemorySharesTheScale', () => {
  const curve = curveOf([[1024, 1024], [2048, 2048]], [1, 4]);
  assert.deepEqual(heights(curve, curve.highest), [25, 50]);
  assert.deepEqual(heights(curve, curve.resident), [25, 100]);
  assert.equal(curve.valueAt(curve.resident, 0.9), 4096);
  assert.equal(curve.residentAt, 0.75e9);
});

test('ResidentMemoryFarAboveTheHeapDoesNotFlattenIt', () => {
  const curve = curveOf([[1024, 1024], [2048, 2048]], [1, 400]);
  assert.equal(curve.residentTop, 0);
  assert.deepEqual(heights(curve, curve.highest), [50, 100]);
  assert.equal(curve.valueAt(curve.resident, 0.9), 409600);
});

test('ACurveOfNothingLiesOnTheFloor', () => {
  const curve = curveOf([[0, 0], [0, 0]]);
  assert.equal(curve.top, 0);
  assert.deepEqual(heights(curve, curve.highest), [0]);
});
