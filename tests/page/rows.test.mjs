import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kRowHeight, Rows } from '../../viewer/page/rows.js';

for (const isUp of [false, true]) {
  test(`EveryRowIsFoundWhereItStands: ${isUp ? 'up' : 'down'}`, () => {
    const rows = new Rows(10, 2, isUp, 500);
    for (let row = 2; row < 10; ++row) {
      assert.equal(rows.at(rows.top(row) + 1), row);
      assert.equal(rows.at(rows.top(row) + kRowHeight - 1), row);
      const { first, last } = rows.between(rows.top(row), rows.top(row) + kRowHeight);
      assert.deepEqual([first, last], [row, row + 1]);
    }
    assert.deepEqual(rows.between(0, rows.height), { first: 2, last: 10 });
  });
}

test('AFlameStandsOnTheBottomOfItsArea', () => {
  const rows = new Rows(3, 0, true, 400);
  assert.equal(rows.top(0), 400 - kRowHeight);
  assert.equal(rows.at(10), -1);
});

test('ALowIcicleHasNothingBelowIt', () => {
  const rows = new Rows(3, 0, false, 400);
  assert.equal(rows.height, 3 * kRowHeight);
  assert.equal(rows.at(3 * kRowHeight + 1), -1);
  assert.equal(rows.at(-1), -1);
});
