// The ways to look at a profile: sandwich, flame, colours, threads, the panel of details, the wheel.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, boxNamed, closeBrowser, details, group, hover, state, summaryOf, withReport } from './page.mjs';

after(closeBrowser);

const kPushBack = 'std::vector<Box*, std::allocator<Box*> >::push_back(Box* const&)';

/** @param {import('playwright-core').Page} page @param {string} key @param {string} value */
async function choose(page, key, value) {
  if (await page.locator('.more').getAttribute('open') === null) await page.click('.more summary');
  await page.selectOption(`[data-choose="${key}"]`, value);
}

test('ASandwichShowsCallersAboveAndCalleesBelow', () => withReport('tiny', {}, async (page) => {
  const box = await boxNamed(page, 'main');
  await page.mouse.click(box.x + 10, box.y + 5, { button: 'right' });
  await page.click('#menu button:text-is("Sandwich")');
  const [main, start] = [await boxNamed(page, 'main'), await boxNamed(page, '_start')];
  assert.equal(main.total_bytes, 36_000_000);
  assert.equal(start.total_bytes, 36_000_000);
  assert.ok(start.y < main.y && (await boxNamed(page, 'MakeBox(long)')).y > main.y);
  await page.click('button:text-is("Flamegraph")');
  assert.equal((await state(page)).only, '');
}));

test('ASandwichWithoutAChoiceIsOfTheHeaviestLine', () => withReport('tiny', { hash: '#form=sandwich' }, async (page) => {
  assert.equal((await state(page)).only, 'MakeBox(long)');
  assert.equal((await boxNamed(page, 'MakeBox(long)')).total_bytes, 28_000_000);
}));

test('ASandwichOfWhatWasUpsideDownIsOfTheHeaviestLineToo', () => withReport('tiny', { hash: '#form=callers' }, async (page) => {
  await page.click('button:text-is("Sandwich")');
  assert.equal((await state(page)).only, 'MakeBox(long)');
  assert.deepEqual(await page.locator('.half:visible').allTextContents(), ['Callers', 'Callees']);
}));

test('BothHalvesOfASandwichZoom', () => withReport('clang', { hash: '#form=sandwich' }, async (page) => {
  const upper = await page.locator('#flame-above').boundingBox();
  assert.ok(upper);
  await page.mouse.click(upper.x + 4, upper.y + upper.height - 10);
  assert.match((await state(page)).above, /^[0-9a-f]{16}:0:1$/);
  await page.keyboard.press('Escape');
  assert.equal((await state(page)).above, '');
}));

test('AFlameGrowsUpwards', () => withReport('tiny', { hash: '#grow=up' }, async (page) => {
  const [all, main] = [await boxNamed(page, 'all'), await boxNamed(page, 'main')];
  assert.ok(main.y < all.y);
  await hover(page, kPushBack);
  assert.equal((await details(page)).name, kPushBack);
  await page.focus('#flame');
  for (const key of ['ArrowUp', 'ArrowUp', 'ArrowUp']) await page.keyboard.press(key);
  assert.equal((await details(page)).name, 'MakeBox(long)');
}));

test('TheWheelZoomsWhereThereIsNothingToScrollAndADragPans', () => withReport('tiny', {}, async (page) => {
  const [root] = await boxes(page);
  await page.mouse.move(root.x + root.width / 2, root.y + 30);
  await page.mouse.wheel(0, -300);
  const zoomed = await state(page);
  assert.ok(Math.abs(zoomed.from - 0.25) < 0.01 && Math.abs(zoomed.to - 0.75) < 0.01);
  await page.mouse.down();
  await page.mouse.move(root.x + root.width / 2 - root.width * 0.2, root.y + 30, { steps: 5 });
  await page.mouse.up();
  const panned = await state(page);
  assert.ok(Math.abs(panned.from - 0.35) < 0.01, `from ${panned.from}`);
  assert.equal(panned.zoomed, 'all');  // no click came of it
  await page.waitForTimeout(500);
  assert.match(await page.evaluate(() => location.hash), /from=0\.3[45]/);
}));

test('TheTrailLeadsBackToACaller', () => withReport('tiny', {}, async (page) => {
  const box = await boxNamed(page, 'MakeBox(long)');
  await page.mouse.click(box.x + 10, box.y + 5);
  assert.match(await page.textContent('#trail') ?? '', /all › _start › main › MakeBox\(…\) 28\.0 MB, 77\.8 %/);
  await page.click('#trail button:text-is("main")');
  assert.equal((await state(page)).zoomed, 'main');
}));

test('ColoursSayWhoseCodeItIs', () => withReport('tiny', {}, async (page) => {
  // So they do from the start, where all of it is of one module.
  const own = await page.textContent('#legend') ?? '';
  assert.match(own, /your code.*standard library.*libraries$/);
  await choose(page, 'color', 'own');
  assert.equal(await page.textContent('#legend'), own);
  await choose(page, 'color', 'size');
  assert.equal((await state(page)).color, 'size');
  assert.match(await page.textContent('#legend') ?? '', /half and more/);
}));

test('ModulesOfOneNameAreToldApartInTheLegend', () => withReport('script', {}, async (page) => {
  const names = await page.locator('#legend span').allTextContents();
  for (const name of ['bin/python3.11', 'lib/python3.11', 'umath.so', 'list.py']) assert.ok(names.includes(name), `${name} in ${names}`);
}));

test('TypesStandInTheLegendWhereThereAreAny', () => withReport('python', {}, async (page) => {
  await choose(page, 'color', 'own');
  assert.match(await page.textContent('#legend') ?? '', /your code.*standard library.*libraries.*types$/);
}));

test('TheOptionsCloseByEscapeAndByAClickBeside', () => withReport('tiny', {}, async (page) => {
  const isOpen = () => page.evaluate(() => document.querySelector('.more')?.hasAttribute('open'));
  await page.click('.more summary');
  await page.keyboard.press('Escape');
  assert.equal(await isOpen(), false);
  await page.click('.more summary');
  await page.click('h1');
  assert.equal(await isOpen(), false);
}));

test('TheStandardLibraryFoldsBehindYourCode', () => withReport('tiny', {}, async (page) => {
  await page.click('.more summary');
  await page.click('button:text-is("Fold the standard library")');
  assert.equal((await boxNamed(page, 'main')).self_bytes, 8_000_000);
  assert.ok(!(await boxes(page)).some((box) => box.name === kPushBack));
}));

test('TemplatesMerge', () => withReport('clang', {}, async (page) => {
  const before = (await state(page)).nodes;
  await group(page, 'name');
  assert.ok((await state(page)).nodes <= before);
  assert.equal((await state(page)).total_bytes, summaryOf('clang').peak.bytes);
  assert.ok((await boxes(page)).every((box) => !box.name.includes('DenseMap<clang')));
}));

test('TheRssPeakIsOneClickAwayWhereRssIsKnown', () => withReport('tiny', {}, async (page) => {
  const peak = (await state(page)).total_bytes;
  await page.click('button:text-is("RSS peak")');
  const { view, total_bytes: held } = await state(page);
  assert.equal(view, 'rss');
  assert.ok(held > 0.3 * peak && held < 0.6 * peak, String(held));
  assert.match(await page.textContent('#status') ?? '', /live at 0\.617 s$/);
  await page.reload();
  assert.equal((await state(page)).total_bytes, held);
}));

test('TheCurveAndTheWordsKnowOneRssPeak', () => withReport('tiny', {}, async (page) => {
  const words = await page.textContent('#why') ?? '';
  assert.match(words, /^59\.5 MB of RAM, 0\.617 s after the start = /m);
  assert.match(await page.textContent('#curve') ?? '', /59\.5 MB in RAM/);
}));

test('NoButtonLeadsToAnRssPeakThatNobodySaw', () => withReport('threads', {}, async (page) => {
  assert.equal(await page.locator('#rss').isVisible(), false);
}));

test('AThreadIsPickedFromTheListAndFromTheTable', () => withReport('threads', {}, async (page) => {
  await page.click('#threads');
  await page.fill('#thread-picker input', '7 (107)');
  await page.click('#thread-picker tbody button');
  assert.equal((await state(page)).total_bytes, 1071);
  assert.match(await page.textContent('#status') ?? '', /^1\.1 kB of 863\.0 kB live at the peak, 1\.00 s by worker .*7 \(107\)$/);
  await page.click('#limits button');
  await group(page, 'thread');
  assert.match(await page.textContent('#table-rows tr:first-child') ?? '', /500\.1 kB.*main \(99\)/);
  await page.click('#table-rows tr:first-child button');
  assert.equal((await state(page)).total_bytes, 500_064);
}));

test('AHundredThousandThreadsAreListedAndFound', () => withReport('many-threads', {}, async (page) => {
  await page.click('#threads');
  assert.ok(await page.locator('#thread-picker tbody tr').count() <= 200);
  assert.match(await page.textContent('#thread-picker .picker-more') ?? '', /and 99,801 more/);
  await page.fill('#thread-picker input', '(77877)');
  await page.click('#thread-picker tbody button');
  assert.equal((await state(page)).thread, 77_777);
  assert.ok((await state(page)).total_bytes >= 78_777);
  await group(page, 'thread');
  assert.equal(await page.locator('#table-rows tr').count(), 1);
}));

test('TheLineItselfIsShownWhereItWasReadable', () => withReport('tiny', {}, async (page) => {
  await hover(page, 'MakeBox(long)');
  assert.equal((await details(page)).source, 'auto* box = new Box{&kType, value};');
  assert.match(await page.textContent('#card') ?? '', /new Box\{&kType, value\}/);
  assert.match(await page.textContent('#top') ?? '', /new Box\{&kType, value\}/);
}));

test('TheDetailsCountSizesAndLifetimes', () => withReport('tiny', {}, async (page) => {
  const box = await boxNamed(page, 'MakeBox(long)');
  await page.mouse.click(box.x + 10, box.y + 5);
  await page.click('#details');
  const side = await page.textContent('#side') ?? '';
  for (const part of ['MakeBox(…)', '28.0 MB', '≤ 32 B', '1,000,000 ×', 'malloc adds', '20.0 MB', 'new Box{']) {
    assert.ok(side.includes(part), `${part} in ${side}`);
  }
  assert.ok(!side.includes('–'), side);
  assert.equal((await details(page))?.overhead_bytes ?? 20_000_000, 20_000_000);
}));

test('OnlyMatchingTowersAreLeft', () => withReport('tiny', {}, async (page) => {
  await page.fill('#search', 'push_back');
  await page.click('#towers');
  assert.equal((await state(page)).total_bytes, 8_000_000);
  assert.equal((await boxNamed(page, 'main')).total_bytes, 8_000_000);
  assert.equal((await state(page)).matched.share, 8 / 36);
}));

test('NextAndPreviousWalkThroughTheMatches', () => withReport('tiny', { hash: '#search=/MakeBox|push/' }, async (page) => {
  await page.click('#next');
  assert.equal((await details(page)).name, 'MakeBox(long)');
  await page.click('#next');
  assert.equal((await details(page)).name, kPushBack);
  await page.click('#previous');
  assert.equal((await details(page)).name, 'MakeBox(long)');
}));

test('APageOfLimitedSizeSaysWhatItFolded', () => withReport('folded', {}, async (page) => {
  const summary = summaryOf('folded');
  assert.match(await page.textContent('#notes') ?? '', /kept to about 1 MB: of [\d,]+ frames .* --page-size 4/);
  assert.equal((await state(page)).total_bytes, summary.peak.bytes);
  const top = await page.textContent('#top li:first-child') ?? '';
  assert.ok(top.includes(`:${summary.top[0].line}`), top);
}));

test('TheCurveStatesItsResolution', () => withReport('tiny', {}, async (page) => {
  assert.match(await page.getAttribute('#resolution', 'title') ?? '', /^602 moments, .* 3\.33 ms$/);
}));

test('TheDetailsStandBesideATableToo', () => withReport('tiny', { hash: '#form=table&side=open' }, async (page) => {
  assert.match(await page.textContent('#side') ?? '', /all36\.0 MB.*≤ 32 B.*≤ 8 MiB/s);
}));
