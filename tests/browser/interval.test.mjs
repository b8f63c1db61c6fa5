// Moments and intervals of the curve, by keys, and what is said of them.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, closeBrowser, state, withReport } from './page.mjs';

after(closeBrowser);

test('KeysChooseAMomentAndWithShiftAnInterval', () => withReport('tiny', { hash: '#view=at:0.5' }, async (page) => {
  await page.focus('#curve');
  await page.keyboard.press('ArrowRight');
  const [, from] = (await state(page)).view.split(':');
  assert.ok(Number(from) > 0.5 && Number(from) < 0.51);
  for (const key of ['PageUp', 'PageUp', 'PageDown']) await page.keyboard.press(`Shift+${key}`);
  const { view, total_bytes: held } = await state(page);
  assert.match(view, new RegExp(`^grown:${from}-0\\.5[67]`));
  assert.ok(held > 0.06e6 * 28 * 0.9 && held < 0.08e6 * 28 + 8e6, String(held));
  await page.keyboard.press('Shift+Home');
  assert.match((await state(page)).view, new RegExp(`^grown:[\\d.]+-${from}`));
  await page.keyboard.press('ArrowRight');
  assert.match((await state(page)).view, /^at:/);
}));

// At 1.1 s a list of 8 MB comes in the place of one of 4 MB.
test('AnIntervalSaysWhatCameWhatWentAndWhatIsLeftOfIt', () => withReport('tiny', { hash: '#view=grown:1.06-1.11' }, async (page) => {
  const status = await page.textContent('#status') ?? '';
  const [, came, from, to, gone, net] = /^([\d.]+) MB allocated from ([\d.]+) s to ([\d.]+) s and still live then · ([\d.]+) MB of older memory freed meanwhile · net \+([\d.]+) MB$/.exec(status) ?? [];
  assert.ok(came !== undefined, status);
  assert.ok(Math.abs(Number(came) - Number(gone) - Number(net)) < 0.11, status);
  const live = async (/** @type {string} */ moment) => {
    await page.evaluate((hash) => { location.hash = hash; }, `#view=at:${moment}`);
    return (await state(page)).total_bytes;
  };
  const rise = await live(to) - await live(from);
  assert.ok(Math.abs(rise / 1e6 - Number(net)) < 0.1, `${rise} of ${status}`);
}));

test('OneTimeIsSaidOfAMoment', () => withReport('tiny', { hash: '#view=grown:1.0612-1.1187' }, async (page) => {
  const [, from, to] = /from ([\d.]+) s to ([\d.]+) s/.exec(await page.textContent('#status') ?? '') ?? [];
  assert.equal(await page.textContent('#limits'), `× ${from}–${to} s`);
  const curve = await page.locator('#curve').boundingBox();
  assert.ok(curve);
  await page.mouse.move(curve.x + curve.width * 0.4321, curve.y + 40);
  const [, pointed] = /at ([\d.]+ s)$/.exec(await page.textContent('#readout') ?? '') ?? [];
  await page.mouse.down();
  await page.mouse.up();
  assert.match(await page.textContent('#status') ?? '', new RegExp(`live at ${pointed}$`));
  assert.equal(await page.textContent('#limits'), `× ${pointed}`);
}));

test('TheFlamegraphOfAnIntervalSaysWhatItIs', () => withReport('tiny', { hash: '#view=grown:0.2-0.4' }, async (page) => {
  assert.equal((await boxes(page))[0].name, 'all that came in between and stayed');
}));
