// Many processes, and several programs of one process.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, closeBrowser, state, until, withReport } from './page.mjs';

after(closeBrowser);

test('AHundredThousandProcessesAreListedAndFound', () => withReport('processes', {}, async (page) => {
  assert.equal((await state(page)).process, 51_000);
  await page.click('#processes');
  assert.ok(await page.locator('#picker-rows tr').count() <= 200);
  await page.fill('#picker-filter', 'file777.cc');
  await page.click('#picker-rows button');
  await until(async () => (await state(page)).process === 1777);
  assert.equal((await boxes(page))[0].total_bytes, 170_777);
  await page.goBack();
  await until(async () => (await state(page)).process === 51_000);
}));

test('ProgramsOfOnePidAreToldApart', () => withReport('executed', {}, async (page) => {
  assert.deepEqual([await page.textContent('#command'), (await boxes(page))[0].total_bytes], ['app', 300_000]);
  await page.click('#processes');
  await page.click('#picker-rows tr:nth-child(2) button');
  await until(async () => await page.textContent('#command') === 'env');
  assert.equal((await boxes(page))[0].total_bytes, 100_000);
  assert.match(await page.evaluate(() => location.hash), /process=42\.2/);
  await page.reload();
  await page.evaluate(() => /** @type {any} */ (window).heapcrest.ready);
  assert.equal(await page.textContent('#command'), 'env');
  await page.goBack();
  await until(async () => await page.textContent('#command') === 'app');
}));

test('TheListSaysOfEachPeakHowSureItIs', () => withReport('executed', {}, async (page) => {
  await page.click('#processes');
  const peaks = await page.locator('#picker-rows td:first-child').allTextContents();
  assert.deepEqual(peaks.slice(0, 2), ['300.0 kB', '100.0 kB']);
  assert.match(peaks[2], /^[\d.]+ kB ± [\d.]+ kB$/);
  await page.click('#picker-rows tr:nth-child(3) button');
  await until(async () => await page.textContent('#command') === 'tool');
  assert.equal(await page.textContent('#peak'), `${peaks[2]} at the peak`);
}));
