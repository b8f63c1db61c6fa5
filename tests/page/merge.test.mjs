import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeDown, mergeUp } from '../../viewer/page/merge.js';
import { forSums } from '../../viewer/page/sums.js';
import { Totals } from '../../viewer/page/totals.js';
import { makeTree } from './made_tree.mjs';

const kPlain = { keys: Int32Array.from([0, 1, 2, 3, 4]), collapse: false, only: null, hidden: null };

/** @param {import('./made_tree.mjs').Made} made */
function totalsOf(made) {
  const { tree, sums } = makeTree(made);
  return new Totals(tree, forSums(() => sums));
}

// The tree as text: frame:self(children…), by frame.
/** @param {Totals} totals @param {number} [node] @returns {string} */
function shown(totals, node = 0) {
  const { tree } = totals;
  const children = tree.children(node).map((child) => shown(totals, child)).sort();
  return `${tree.frame[node]}:${totals.self(node).bytes}${children.length ? `(${children.join(' ')})` : ''}`;
}

/** @param {Totals} totals @param {import('../../viewer/page/merge.js').Shape} shape */
const down = (totals, shape) => mergeDown(totals, shape).totals;
/** @param {Totals} totals @param {import('../../viewer/page/merge.js').Shape} shape @param {number} [share] */
const up = (totals, shape, share) => mergeUp(totals, shape, share).totals;

/** @param {...number} frames */
const flags = (...frames) => Uint8Array.from([0, 1, 2, 3, 4], (frame) => (frames.includes(frame) ? 1 : 0));

test('WithoutWishesTheTreeStaysAsItWas', () => {
  const totals = totalsOf([-1, 1, [0, 2, [1, 3]], [2, 4]]);
  assert.equal(shown(down(totals, kPlain)), shown(totals));
});

test('FramesOfOneKeyMergeUnderTheirParent', () => {
  const totals = totalsOf([-1, 0, [0, 2, [2, 3]], [1, 5, [2, 7]]]);
  assert.equal(shown(down(totals, { ...kPlain, keys: Int32Array.from([0, 0, 2, 3, 4]) })), '-1:0(0:7(2:10))');
});

test('RecursionCollapsesIntoTheOutermostCall', () => {
  const totals = totalsOf([-1, 0, [0, 1, [1, 2, [0, 4, [1, 8, [2, 16]]]]]]);
  assert.equal(shown(down(totals, { ...kPlain, collapse: true })), '-1:0(0:5(1:10 2:16))'.replace('(1:10 2:16)', '(1:10(2:16))'));
});

test('AHiddenFunctionGivesWhatItHoldsToItsCaller', () => {
  const totals = totalsOf([-1, 0, [0, 1, [1, 2, [2, 4]]]]);
  assert.equal(shown(down(totals, { ...kPlain, hidden: flags(1) })), '-1:0(0:3(2:4))');
});

test('OnlyOneFunctionKeepsItsTowersMerged', () => {
  const totals = totalsOf([-1, 9, [0, 1, [1, 2, [2, 4]]], [1, 8, [2, 16, [1, 32]]]]);
  assert.equal(shown(down(totals, { ...kPlain, only: flags(1) })), '-1:0(1:10(2:20(1:32)))');
});

test('UpsideDownTheHoldersComeFirstAndTheirCallersUnderThem', () => {
  const totals = totalsOf([-1, 0, [0, 1, [2, 4]], [1, 0, [2, 8]]]);
  assert.equal(shown(up(totals, kPlain, 0)), '-1:0(0:1 2:0(0:4 1:8))');
});

test('UpsideDownNothingIsLost', () => {
  const totals = totalsOf([-1, 3, [0, 1, [2, 4, [0, 5, [3, 7]]]], [1, 0, [2, 8, [4, 1]]]]);
  for (const share of [0, 0.1, 0.3, 1]) {
    assert.equal(up(totals, kPlain, share).total(0).bytes, totals.total(0).bytes);
  }
});

test('CallersOfOneFunctionHoldAllThatItsTowersHold', () => {
  const totals = totalsOf([-1, 9, [0, 1, [1, 2, [2, 4]]], [3, 0, [1, 8, [2, 16, [1, 32]]]]]);
  assert.equal(shown(up(totals, { ...kPlain, only: flags(1) }, 0)), '-1:0(1:0(0:6 3:56))');
});

test('EveryNodeIsPartOfTheNodeThatHoldsItsBytes', () => {
  const totals = totalsOf([-1, 3, [0, 1, [2, 4, [0, 5, [3, 7]]]], [1, 0, [2, 8, [4, 1]]]]);
  for (const { totals: merged, place } of [mergeDown(totals, { ...kPlain, collapse: true }), mergeUp(totals, kPlain, 0)]) {
    const held = new Float64Array(merged.tree.size);
    for (let node = 0; node < place.length; ++node) held[place[node]] += totals.self(node).bytes;
    for (let node = 0; node < held.length; ++node) assert.equal(held[node], merged.self(node).bytes);
  }
});

test('BoxesOfFoldedNodesMergeAndCountTogether', () => {
  const { tree, sums } = makeTree([-1, 0, [0, 1, [-3, 5]], [1, 2, [-3, 6]]]);
  tree.omitted.set(2, 10).set(4, 20);
  const totals = new Totals(tree, forSums(() => sums));
  const merged = down(totals, { ...kPlain, keys: Int32Array.from([0, 0, 2, 3, 4]) });
  assert.deepEqual([...merged.tree.omitted.values()], [30]);
  assert.equal(merged.self(2).bytes, 11);
});
