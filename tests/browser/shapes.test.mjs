import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, boxNamed, click, closeBrowser, details, group, hover, state, until, withReport } from './page.mjs';

after(closeBrowser);

const kPushBack = 'std::vector<Box*, std::allocator<Box*> >::push_back(Box* const&)';

/** @param {import('playwright-core').Page} page @param {string} name @param {string} choice */
async function choose(page, name, choice) {
  const box = await boxNamed(page, name);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button: 'right' });
  await page.click(`#menu button:text-is("${choice}")`);
}

test('CallersStandUnderThoseThatHoldMemory', () => withReport('tiny', {}, async (page) => {
  await page.click('button:text-is("Callers")');
  const names = (await boxes(page)).map((box) => box.name);
  assert.deepEqual(names, ['all', 'MakeBox(long)', kPushBack, 'main', 'main', '_start', '_start']);
  assert.equal((await state(page)).total_bytes, 36_000_000);
  await click(page, kPushBack);
  assert.equal((await boxNamed(page, 'main')).total_bytes, 8_000_000);
}));

test('OnlyOneFunctionEverywhere', () => withReport('tiny', {}, async (page) => {
  await choose(page, kPushBack, 'Only this function, everywhere');
  assert.equal((await state(page)).total_bytes, 8_000_000);
  await page.click('#limits button');
  assert.equal((await state(page)).total_bytes, 36_000_000);
  await page.goBack();
  assert.equal((await state(page)).total_bytes, 8_000_000);
}));

test('AHiddenFunctionLeavesItsBytesToItsCaller', () => withReport('tiny', {}, async (page) => {
  await choose(page, 'MakeBox(long)', 'Hide this function');
  assert.equal((await boxNamed(page, 'main')).self_bytes, 28_000_000);
  assert.equal((await state(page)).total_bytes, 36_000_000);
}));

test('RecursionCollapses', () => withReport('deep', {}, async (page) => {
  await choose(page, 'all', 'Collapse recursion');
  assert.deepEqual((await boxes(page)).map((box) => box.name), ['all', 'Descend(int)', 'Aside()', 'Work()']);
}));

test('FramesMergeByModule', () => withReport('tiny', {}, async (page) => {
  await group(page, 'module');
  assert.equal((await boxes(page))[1].name, '/tmp/boxed');
  await group(page, 'function');
  assert.equal((await boxNamed(page, 'main')).total_bytes, 36_000_000);
}));

test('TheMenuWorksByKeys', () => withReport('tiny', {}, async (page) => {
  await page.focus('#flame');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  await page.locator('#flame').dispatchEvent('contextmenu', { button: 0 });
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Only this function, everywhere');
  await page.keyboard.press('Enter');
  assert.equal((await state(page)).total_bytes, 28_000_000);
}));

test('AStackIsCopiedAsText', () => withReport('tiny', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
  await choose(page, 'MakeBox(long)', 'Copy stack as Markdown');
  await until(async () => await page.textContent('#status') === 'Copied');
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^\*\*28\.0 MB \(77\.8 %\) in 1,000,000 allocations\*\*\n\n```\nMakeBox\(long\) {2}\/src\/samples\/boxed\.cc:31\nmain {2}\/src/);
}));

test('WhatWasFreedAtOnceIsTemporary', () => withReport('tiny', {}, async (page) => {
  await page.click('button:text-is("Temporary")');
  assert.ok((await state(page)).total_bytes < 10_000);
  await page.click('button:text-is("Allocated")');
  await hover(page, kPushBack);
  assert.equal((await details(page)).count, 21);
}));
