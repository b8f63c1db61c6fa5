import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed, formatState, kInitialState, kUnzoomed, parseState, PathHashes, whole } from '../../viewer/page/state.js';
import { makeTree } from './made_tree.mjs';

test('TheInitialStateNeedsNoAddress', () => {
  assert.equal(formatState(kInitialState), '');
  assert.deepEqual(parseState(''), kInitialState);
});

test('EveryStateSurvivesTheAddress', () => {
  const state = /** @type {import('../../viewer/page/state.js').State} */ ({
    process: '42.2', thread: 3, view: 'grown:0.25-1.5', metric: 'count', zoom: '0123456789abcdef', from: 0.25, to: 0.5,
    above: '0123456789abcdef:0:0.5', search: 'a&b=c #"<ü', towers: 'only', form: 'sandwich', grouping: 'name', sort: '-total',
    only: 'f(int)', hide: 'a\nb', recursion: 'collapsed', plumbing: 'folded', python: 'only', imports: 'folded', grow: 'up', color: 'size', side: 'open',
  });
  assert.deepEqual(Object.keys(state).sort(), Object.keys(kInitialState).sort());
  assert.deepEqual(parseState(`#${formatState(state)}`), state);
});

test('EscapeTakesBackAZoomThenAMoment', () => {
  const picked = { ...kInitialState, view: 'grown:1-2' };
  assert.equal(whole({ ...picked, from: 0.5 }), kUnzoomed);
  assert.deepEqual(whole(picked), { view: 'peak' });
  assert.equal(whole({ ...kInitialState, view: 'end' }), kUnzoomed);
});

test('AZoomStaysWhereTheTreeDoes', () => {
  const zoomed = { ...kInitialState, zoom: '0123456789abcdef' };
  const after = (/** @type {Partial<import('../../viewer/page/state.js').State>} */ changes) => completed(zoomed, changes, () => 'f');
  assert.equal(after({ form: 'table' }).zoom, zoomed.zoom);
  assert.equal(completed(after({ form: 'table' }), { form: 'flame' }, () => '').zoom, zoomed.zoom);
  assert.equal(after({ grouping: 'thread' }).zoom, zoomed.zoom);
  assert.equal(after({ view: 'end', metric: 'count' }).zoom, zoomed.zoom);
  for (const changes of /** @type {const} */ ([{ form: 'callers' }, { grouping: 'file' }, { hide: 'f' }, { only: 'f' }, { plumbing: 'folded' }])) {
    assert.equal(after(changes).zoom, '', JSON.stringify(changes));
  }
  assert.deepEqual([after({ form: 'sandwich' }).only, after({ grouping: 'thread' }).form], ['f', 'table']);
});

test('NonsenseInTheAddressIsIgnored', () => {
  const text = '#process=-1&view=<script>&metric=x&zoom=zz&from=2&to=1&form=../../&other=1';
  assert.deepEqual(parseState(text), kInitialState);
});

/** @param {string[]} names */
const framesOf = (names) => /** @type {any} */ ({
  at: (/** @type {number} */ i) => ({ function: names[i], file: 'f', line: i, module: 'm' }),
});

test('AZoomIsFoundAgainInANewlyMadeReport', () => {
  const old = new PathHashes(makeTree([-1, 0, [0, 1, [1, 2]], [2, 3]]).tree, framesOf(['main', 'leaf', 'other']));
  const renewed = new PathHashes(makeTree([-1, 0, [1, 9], [2, 5, [0, 2]]]).tree, framesOf(['leaf', 'other', 'main']));
  assert.equal(renewed.find(old.of(2)), 3);
  assert.equal(renewed.find(old.of(3)), 1);
});

test('TheSameNameUnderOtherCallersIsAnotherPath', () => {
  const { tree } = makeTree([-1, 0, [0, 1, [1, 2]], [1, 3, [0, 1]]]);
  const hashes = new PathHashes(tree, framesOf(['a', 'b']));
  const all = [1, 2, 3, 4].map((node) => hashes.of(node));
  assert.equal(new Set(all).size, 4);
  for (const node of [1, 2, 3, 4]) assert.equal(hashes.find(hashes.of(node)), node);
  assert.equal(hashes.find(''), 0);
  assert.equal(hashes.find('0123456789abcdef'), -1);
});
