// The names in viewer/page/own_names.txt are shortened when the page is built. That changes nothing only
// where every use of such a name is of something that the page itself declares.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { openPage } from '../page/open_page.mjs';
import { kInitialState } from '../../viewer/page/state.js';

const kFolder = fileURLToPath(new URL('../../viewer/page/', import.meta.url));
const kNames = new Set(readFileSync(`${kFolder}own_names.txt`, 'utf8').trim().split(/\s+/));
const kOptions = { allowJs: true, checkJs: true, noEmit: true, strict: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };

/** @param {string} text */
const wordsOf = (text) => text.match(/\w+/g) ?? [];

// The uses of those names in the page: whether each is of the page's own, and what stands in quotes.
function usesInPage() {
  const program = ts.createProgram(readdirSync(kFolder).filter((name) => name.endsWith('.js')).map((name) => kFolder + name), kOptions);
  const checker = program.getTypeChecker();
  /** @type {{name: string, isOwn: boolean, place: string}[]} */ const uses = [];
  /** @type {Set<string>} */ const quoted = new Set();
  /** @param {ts.Node} id @param {ts.Symbol | undefined} symbol */
  const note = (id, symbol) => {
    if (!ts.isIdentifier(id) || !kNames.has(id.text)) return;
    const declared = symbol?.declarations ?? [];
    const isOwn = declared.length > 0 && declared.every((at) => at.getSourceFile().fileName.startsWith(kFolder));
    uses.push({ name: id.text, isOwn, place: `${id.text} in ${id.getSourceFile().fileName.slice(kFolder.length)}` });
  };
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) quoted.add(node.text);
    if (ts.isRegularExpressionLiteral(node)) for (const word of wordsOf(node.text)) quoted.add(word);
    if (ts.isPropertyAccessExpression(node)) note(node.name, checker.getSymbolAtLocation(node.name));
    if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) {
      const key = node.propertyName ?? node.name;
      if (ts.isIdentifier(key)) note(key, checker.getTypeAtLocation(node.parent).getProperty(key.text));
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(kFolder)) visit(file);
  return { uses, quoted };
}

test('WhatIsShortenedIsThePagesOwn', async () => {
  const { uses, quoted } = usesInPage();
  assert.deepEqual(uses.filter(({ isOwn }) => !isOwn).map(({ place }) => place), []);
  const used = new Set(uses.map(({ name }) => name));
  assert.deepEqual([...kNames].filter((name) => !used.has(name)), [], 'used no more');
  const { processes = {} } = await openPage('tiny');
  const settings = readFileSync(`${kFolder}app.html`, 'utf8').match(/ data-\w+="[^"]*"/g) ?? [];
  const spoken = [...quoted, ...wordsOf(settings.join(' ')), ...Object.keys(kInitialState), ...Object.keys(processes), 'warnings', 'processes'];
  assert.deepEqual(spoken.filter((name) => kNames.has(name)), [], 'named by data, address, markup or text');
});
