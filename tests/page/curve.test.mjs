import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Curve } from '../../viewer/page/curve.js';

/** @param {[lowest: number, highest: number][]} cells */
function curveOf(cells) {
  const lowest = cells.map(([low], i) => low - (cells[i - 1]?.[0] ?? 0));
  return new Curve(/** @type {any} */ ({
    number: () => cells.length,
    signed: () => lowest.shift(),
    wideColumn: () => Float64Array.from(cells, ([low, high]) => high - low),
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

test('ACurveOfNothingLiesOnTheFloor', () => {
  const curve = curveOf([[0, 0], [0, 0]]);
  assert.equal(curve.top, 0);
  assert.deepEqual(heights(curve, curve.highest), [0]);
});
