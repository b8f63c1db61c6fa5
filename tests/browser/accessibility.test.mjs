import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { closeBrowser, withReport } from './page.mjs';

after(closeBrowser);

const kAxe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @param {import('playwright-core').Page} page */
async function findsNothing(page) {
  await page.evaluate(kAxe);
  const violations = await page.evaluate(async () => {
    const result = await /** @type {any} */ (window).axe.run(document);
    return result.violations.map((/** @type {any} */ v) => `${v.id}: ${v.nodes.map((/** @type {any} */ n) => n.html.slice(0, 200)).slice(0, 4).join(' | ')}`);
  });
  assert.deepEqual(violations, []);
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`AxeFindsNothing: ${colorScheme}`, () => withReport('clang', { colorScheme }, findsNothing));
  test(`AxeFindsNothingInTheTable: ${colorScheme}`, () => withReport('clang', { colorScheme, hash: '#form=table' }, findsNothing));
  test(`AxeFindsNothingAfterASearch: ${colorScheme}`, () => withReport('hostile', { colorScheme, hash: '#search=a' }, findsNothing));
}

test('AxeFindsNothingInTheProcessPicker', () => withReport('processes', {}, async (page) => {
  await page.click('#processes');
  await findsNothing(page);
}));

test('AxeFindsNothingOnANarrowScreenAfterKeys', () => withReport('tiny', { viewport: { width: 360, height: 740 } }, async (page) => {
  await page.focus('#flame');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await findsNothing(page);
}));

for (const hash of ['#form=sandwich&side=open', '#form=table&grouping=thread', '#form=callers&color=own&grow=up', '#thread=3&search=a&towers=only']) {
  test(`AxeFindsNothingIn: ${hash}`, () => withReport('threads', { hash }, findsNothing));
}

test('AxeFindsNothingInTheOptionsAndTheThreads', () => withReport('threads', {}, async (page) => {
  await page.click('.more summary');
  await findsNothing(page);
  await page.click('#threads');
  await findsNothing(page);
}));

test('AxeFindsNothingOnAFoldedPageInHighContrast', () =>
  withReport('folded', { contrast: 'more', reducedMotion: 'reduce', hash: '#side=open' }, findsNothing));
