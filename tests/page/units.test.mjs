import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatBytes, formatCount, formatSeconds, formatShare, plural } from '../../viewer/page/units.js';

// The same figures as tests/viewer/units_test.cc: both write the same texts.
test('BytesAreDecimalWithFewDigits', () => {
  assert.equal(formatBytes(0), '0 B');
  assert.equal(formatBytes(999), '999 B');
  assert.equal(formatBytes(1000), '1.0 kB');
  assert.equal(formatBytes(28_000_000), '28.0 MB');
  assert.equal(formatBytes(999_950), '1.0 MB');
  assert.equal(formatBytes(3_100_000_000), '3.10 GB');
  assert.equal(formatBytes(-1500), '-1.5 kB');
});

test('CountsAreGroupedByThousands', () => {
  assert.equal(formatCount(12), '12');
  assert.equal(formatCount(1_000_042), '1,000,042');
});

test('SecondsAreReadable', () => {
  assert.equal(formatSeconds(0.034), '0.034 s');
  assert.equal(formatSeconds(2.1), '2.10 s');
  assert.equal(formatSeconds(12.34), '12.3 s');
  assert.equal(formatSeconds(245), '4 min 05 s');
  assert.equal(formatSeconds(11_520), '3 h 12 min');
});

test('AShareOfNothingIsZero', () => {
  assert.equal(formatShare(1, 4), '25.0 %');
  assert.equal(formatShare(0, 0), '0.0 %');
  assert.equal(plural(1, 'block'), '1 block');
  assert.equal(plural(2, 'block'), '2 blocks');
});
