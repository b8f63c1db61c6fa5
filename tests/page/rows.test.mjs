import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kRowHeight, Rows } from '../../viewer/page/rows.js';

for (const isUp of [false, true]) {
  test(`EveryRowIsFoundWhereItStands: ${isUp ? 'up' : 'down'}`, () => {
    const rows = new Rows(10, 2, isUp, 500);
    for (let row = 2; row < 10; ++row) {
      assert.equal(rows.at(rows.top(row) + 1), row);
      assert.equal(rows.at(rows.top(row) + kRowHeight - 1), row);
      assert.deepEqual(rows.between(rows.top(row), rows.top(row) + kRowHeight), [row]);
    }
    assert.deepEqual(rows.between(0, rows.height), [2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test(`FoldedRowsShareThePlaceOfTheFirst: ${isUp ? 'up' : 'down'}`, () => {
    const rows = new Rows(13, 0, isUp, 50, 8);
    assert.equal(rows.height, 5 * kRowHeight);
    for (const row of [0, 1, 10, 11, 12]) assert.equal(rows.at(rows.top(row) + 1), row);
    for (const row of [2, 5, 9]) assert.equal(rows.top(row), rows.top(1));
    assert.equal(Math.abs(rows.top(10) - rows.top(1)), kRowHeight);
    assert.deepEqual(rows.between(0, rows.height), [0, 1, 10, 11, 12]);
  });
}

test('AFlameStandsOnTheBottomOfItsArea', () => {
  const rows = new Rows(3, 0, true, 400);
  assert.equal(rows.top(0), 400 - kRowHeight);
  assert.ok(rows.at(10) >= 3);
});

test('ALowIcicleHasNothingBelowIt', () => {
  const rows = new Rows(3, 0, false, 400);
  assert.equal(rows.height, 3 * kRowHeight);
  assert.ok(rows.at(3 * kRowHeight + 1) >= 3);
  assert.ok(rows.at(-1) < 0);
});
