import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { ByteReader, inflate } from '../../viewer/page/decode.js';

/** @param {number[]} bytes */
const readerOf = (...bytes) => new ByteReader(Uint8Array.from(bytes));

test('AColumnIsReadInWhicheverKindItIsPacked', () => {
  assert.deepEqual([...readerOf(0, 0, 255).column(2)], [0, 255]);
  assert.deepEqual([...readerOf(1, 127, 128).column(2)], [127, -128]);
  assert.deepEqual([...readerOf(2, 1, 2, 255, 255).column(2)], [513, 65535]);
  assert.deepEqual([...readerOf(3, 255, 255).column(1)], [-1]);
  assert.deepEqual([...readerOf(4, 0, 0, 0, 128).column(1)], [-(2 ** 31)]);
  const large = new Uint8Array(Float64Array.of(2 ** 53 - 1).buffer);
  assert.deepEqual([...readerOf(5, ...large).column(1, Float64Array)], [2 ** 53 - 1]);
});

test('ColumnsStandOneBehindTheOther', () => {
  const reader = readerOf(0, 3, 1, 7, 2, 251, 0, 9);
  assert.equal(reader.number(), 3);
  assert.deepEqual([...reader.sums(3)], [7, 9, 4]);
  assert.equal(reader.number(), 9);
});

test('DataThatIsCutShortIsNotReadAsNumbers', () => {
  assert.throws(() => readerOf(2, 1, 2, 3).column(2), /cut short/);
  assert.throws(() => readerOf().number(), /cut short/);
});

test('WhatIsDeflatedIsInflated', async () => {
  const text = 'heapcrest '.repeat(20_000);
  const bytes = await inflate(deflateSync(text).toString('base64'));
  assert.equal(new TextDecoder().decode(bytes), text);
});

test('BrokenDataIsAnErrorOfTheOneWhoAsks', async () => {
  await assert.rejects(inflate(Buffer.from('no stream').toString('base64')));
});
