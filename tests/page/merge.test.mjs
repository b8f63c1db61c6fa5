import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeDown, mergeUp } from '../../viewer/page/merge.js';
import { Totals } from '../../viewer/page/totals.js';
import { makeTree } from './made_tree.mjs';

const kPlain = { keys: Int32Array.from([0, 1, 2, 3, 4]), collapse: false, only: null, hidden: null };

/** @param {import('./made_tree.mjs').Made} made */
function totalsOf(made) {
  const { tree, sums } = makeTree(made);
  return new Totals(tree, { bytes: sums, counts: sums, samples: sums, variances: sums });
}

// The tree as text: frame:self(children…), by frame.
/** @param {Totals} totals @param {number} [node] @returns {string} */
function shown(totals, node = 0) {
  const { tree } = totals;
  const children = tree.children(node).map((child) => shown(totals, child)).sort();
  return `${tree.frame[node]}:${totals.self(node).bytes}${children.length ? `(${children.join(' ')})` : ''}`;
}

/** @param {...number} frames */
const flags = (...frames) => Uint8Array.from([0, 1, 2, 3, 4], (frame) => (frames.includes(frame) ? 1 : 0));

test('WithoutWishesTheTreeStaysAsItWas', () => {
  const totals = totalsOf([-1, 1, [0, 2, [1, 3]], [2, 4]]);
  assert.equal(shown(mergeDown(totals, kPlain)), shown(totals));
});

test('FramesOfOneKeyMergeUnderTheirParent', () => {
  const totals = totalsOf([-1, 0, [0, 2, [2, 3]], [1, 5, [2, 7]]]);
  assert.equal(shown(mergeDown(totals, { ...kPlain, keys: Int32Array.from([0, 0, 2, 3, 4]) })), '-1:0(0:7(2:10))');
});

test('RecursionCollapsesIntoTheOutermostCall', () => {
  const totals = totalsOf([-1, 0, [0, 1, [1, 2, [0, 4, [1, 8, [2, 16]]]]]]);
  assert.equal(shown(mergeDown(totals, { ...kPlain, collapse: true })), '-1:0(0:5(1:10 2:16))'.replace('(1:10 2:16)', '(1:10(2:16))'));
});

test('AHiddenFunctionGivesWhatItHoldsToItsCaller', () => {
  const totals = totalsOf([-1, 0, [0, 1, [1, 2, [2, 4]]]]);
  assert.equal(shown(mergeDown(totals, { ...kPlain, hidden: flags(1) })), '-1:0(0:3(2:4))');
});

test('OnlyOneFunctionKeepsItsTowersMerged', () => {
  const totals = totalsOf([-1, 9, [0, 1, [1, 2, [2, 4]]], [1, 8, [2, 16, [1, 32]]]]);
  assert.equal(shown(mergeDown(totals, { ...kPlain, only: flags(1) })), '-1:0(1:10(2:20(1:32)))');
});

test('UpsideDownTheHoldersComeFirstAndTheirCallersUnderThem', () => {
  const totals = totalsOf([-1, 0, [0, 1, [2, 4]], [1, 0, [2, 8]]]);
  assert.equal(shown(mergeUp(totals, kPlain, 0)), '-1:0(0:1 2:0(0:4 1:8))');
});

test('UpsideDownNothingIsLost', () => {
  const totals = totalsOf([-1, 3, [0, 1, [2, 4, [0, 5, [3, 7]]]], [1, 0, [2, 8, [4, 1]]]]);
  for (const share of [0, 0.1, 0.3, 1]) {
    assert.equal(mergeUp(totals, kPlain, share).total(0).bytes, totals.total(0).bytes);
  }
});

test('CallersOfOneFunctionHoldAllThatItsTowersHold', () => {
  const totals = totalsOf([-1, 9, [0, 1, [1, 2, [2, 4]]], [3, 0, [1, 8, [2, 16, [1, 32]]]]]);
  assert.equal(shown(mergeUp(totals, { ...kPlain, only: flags(1) }, 0)), '-1:0(1:0(0:6 3:56))');
});
