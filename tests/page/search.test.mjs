import assert from 'node:assert/strict';
import { test } from 'node:test';
import { heldBy, outermostMatches, parseQuery, Search } from '../../viewer/page/search.js';
import { makeTree } from './made_tree.mjs';

// Frames of functions, each with the source of its line.
/** @param {string[]} names @param {string[]} [sources] @param {string} [file] */
function searchOver(names, sources = names.map(() => ''), file = 'a.cc') {
  const all = [...names, ...sources];
  const functions = Int32Array.from(names.keys());
  const texts = { size: all.length, at: (/** @type {number} */ i) => all[i] };
  return new Search(/** @type {any} */ ({
    size: names.length, functions, files: functions, modules: functions, sources: functions.map((i) => i + names.length), texts,
    at: (/** @type {number} */ i) => ({ function: names[i], file, line: 1, module: '/app' }),
  }));
}

test('SearchIsLiteralAndCaseBlind', () => {
  const search = searchOver(['Foo::operator()(int*)', 'foo', 'bar.baz', 'barxbaz']);
  assert.deepEqual([...search.matchingFrames('operator()(int*)') ?? []], [1, 0, 0, 0]);
  assert.deepEqual([...search.matchingFrames('FOO') ?? []], [1, 1, 0, 0]);
  assert.deepEqual([...search.matchingFrames('r.b') ?? []], [0, 0, 1, 0]);
});

test('SlashesAskForARegularExpression', () => {
  const search = searchOver(['alpha', 'beta']);
  assert.deepEqual([...search.matchingFrames('/^a.*a$/') ?? []], [1, 0]);
  assert.throws(() => search.matchingFrames('/(/'), SyntaxError);
});

test('PrefixesLookAtFilesAndModules', () => {
  assert.equal(parseQuery('file:a.cc')?.field, 'file');
  assert.equal(parseQuery('module:libc')?.field, 'module');
  assert.equal(parseQuery('source:np.zeros')?.field, 'source');
  assert.equal(parseQuery('std::file')?.field, 'function');
});

// It is what their boxes show.
test('OfPythonTheSourceIsSearchedToo', () => {
  const names = ['<module>', 'load', '<module>'];
  const sources = ['import numpy', 'return Numpy.zeros(n)', 'load()'];
  const python = searchOver(names, sources, '/app/main.py');
  const native = searchOver(names, sources);
  assert.deepEqual([...python.matchingFrames('numpy') ?? []], [1, 1, 0]);
  assert.deepEqual([...python.matchingFrames('/numpy/') ?? []], [1, 0, 0]);
  assert.deepEqual([...python.matchingFrames('load') ?? []], [0, 1, 1]);
  assert.deepEqual([...python.matchingFrames('file:numpy') ?? []], [0, 0, 0]);
  assert.deepEqual([...native.matchingFrames('load') ?? []], [0, 1, 0]);
  assert.deepEqual([...native.matchingFrames('source:load') ?? []], [0, 0, 1]);
});

test('AnEmptyQueryIsNoQuery', () => {
  assert.equal(searchOver(['a']).matchingFrames('  '), null);
  assert.equal(parseQuery('file:'), null);
});

test('NestedMatchesAreCountedOnce', () => {
  const { tree, sums } = makeTree([-1, 0, [1, 5, [0, 3, [1, 2]]], [0, 7, [1, 1]]]);
  const nodes = outermostMatches(tree, Uint8Array.from([0, 1]));
  assert.equal(heldBy(tree, nodes, sums), 5 + 3 + 2 + 1);
});
