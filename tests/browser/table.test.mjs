// The table: sorted, filtered by search and zoom, and all of it in the address.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxNamed, closeBrowser, group, state, withReport } from './page.mjs';

after(closeBrowser);

/** @param {import('playwright-core').Page} page @param {number} column */
const cells = (page, column) => page.locator(`#table-rows td:nth-child(${column})`).allTextContents();

test('AHeadSortsAndSortsTheOtherWayRoundAndALinkKeepsIt', () => withReport('tiny', { hash: '#form=table' }, async (page) => {
  await page.click('th[data-key="count"] button');
  assert.equal((await cells(page, 5))[0], '1,000,000');
  await page.click('th[data-key="count"] button');
  assert.equal(await page.getAttribute('th[data-key="count"]', 'aria-sort'), 'ascending');
  assert.match(await page.evaluate(() => location.hash), /sort=-count/);
  const rising = await cells(page, 5);
  assert.equal(rising.at(-1), '1,000,000');
  await page.reload();
  assert.deepEqual(await cells(page, 5), rising);
  await page.goBack();
  assert.equal((await cells(page, 5))[0], '1,000,000');
}));

test('NamesSortByTheAlphabet', () => withReport('tiny', { hash: '#form=table&sort=name' }, async (page) => {
  const names = await page.locator('#table-rows td button').allTextContents();
  assert.equal(names.length, 4);
  assert.deepEqual(names, [...names].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)));
  await page.click('th[data-key="name"] button');
  assert.deepEqual(await page.locator('#table-rows td button').allTextContents(), names.reverse());
}));

// main is the file's first frame; the search is for another one.
test('ASearchKeepsFilesAndModulesOfAnyFrameThatMatches', () => withReport('tiny', { hash: '#form=table&grouping=file&search=makebox' }, async (page) => {
  assert.deepEqual(await page.locator('#table-rows td button').allTextContents(), ['/src/samples/boxed.cc']);
  await group(page, 'module');
  assert.deepEqual(await page.locator('#table-rows td button').allTextContents(), ['/tmp/boxed']);
  await page.fill('#search', 'no such thing');
  assert.ok(await page.isVisible('#table-none'));
}));

test('ASearchLeavesOfThreadsWhatItsMatchesHold', () => withReport('threads', { hash: '#form=table&grouping=thread' }, async (page) => {
  assert.equal(await page.locator('#table-rows tr').count(), 100);
  await page.fill('#search', 'Parse');
  assert.equal((await cells(page, 2))[0], '500.1 kB');
  await page.fill('#search', 'no such thing');
  assert.equal(await page.locator('#table-rows tr').count(), 0);
}));

test('TheZoomSurvivesTheTable', () => withReport('tiny', {}, async (page) => {
  const box = await boxNamed(page, 'MakeBox(long)');
  await page.mouse.click(box.x + 10, box.y + 5);
  await page.click('button:text-is("Table")');
  assert.deepEqual(await page.locator('#table-rows td button').allTextContents(), ['MakeBox(…)']);
  await group(page, 'file');
  assert.deepEqual(await page.locator('#table-rows td button').allTextContents(), ['/src/samples/boxed.cc']);
  await group(page, 'line');
  await page.click('button:text-is("Flamegraph")');
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
}));
