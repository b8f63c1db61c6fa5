import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { boxes, closeBrowser, details, group, hover, pagePath, servedByJenkins, state, summaryOf, until, withReport } from './page.mjs';

after(closeBrowser);

test('TheVerdictSaysWhatHeldThePeak', () => withReport('tiny', {}, async (page) => {
  const header = await page.textContent('header') ?? '';
  for (const part of ['36.0 MB at the peak', 'boxed 1000000', '1.10 s after its start', 'exit status 0', '77.8 %',
    '28.0 MB', 'MakeBox', 'boxed.cc:31', '22.2 %', 'recorded: every allocation, exactly', 'Lines that held the peak']) {
    assert.ok(header.replace(/\s+/g, ' ').includes(part), `${part} in ${header}`);
  }
  assert.equal(await page.textContent('#command'), 'boxed 1000000');
  assert.equal(await page.getAttribute('#command', 'title'), './boxed 1000000');
}));

test('WhatMadeThePeakIsAClickAway', () => withReport('tiny', {}, async (page) => {
  assert.ok(!await page.isVisible('#why'));
  await page.click('.verdict summary');
  assert.ok(await page.isVisible('#why'));
  assert.match(await page.textContent('#why') ?? '', /^\S+ MB of the peak came in the last .* MakeBox.*\.$/m);
}));

test('TheVerdictSaysWhatManySmallAllocationsCost', () => withReport('tiny', {}, async (page) => {
  assert.equal(await page.textContent('#held'), '1,000,001 allocations of 36 B on average; malloc adds 20.0 MB');
  assert.equal(await page.textContent('#top li:nth-child(1) .each >> nth=0'), '1,000,000 × 28 B');
  assert.equal(await page.textContent('#held b'), 'malloc adds 20.0 MB');
  assert.equal(await page.textContent('#top li:nth-child(1) .each >> nth=1'), 'malloc adds 20.0 MB');
  assert.doesNotMatch(await page.textContent('#top li:nth-child(2)') ?? '', /×|malloc/);  // one allocation
  assert.equal(await page.locator('#top .none').count(), 0);  // two lines held all
}));

test('TheVerdictNamesTheCallersOfALine', () => withReport('tiny', {}, async (page) => {
  const [line] = summaryOf('tiny').top;
  const names = line.callers.map((/** @type {any} */ caller) => caller.function);
  assert.equal(names.length, 1);
  assert.equal(await page.textContent('#top li:nth-child(1) .source >> nth=1'), `called by ${names[0]}`);
}));

// A short run's samples do not tell when: its first moment is not its peak's.
for (const name of ['tiny', 'clang']) {
  test(`ThePeakIsMarkedWhereTheCurveIsHighest: ${name}`, () => withReport(name, {}, async (page) => {
    const marked = await page.evaluate(() => {
      const x = Number(document.querySelector('#curve line.peak')?.getAttribute('x1'));
      const line = /** @type {SVGPathElement} */ (document.querySelector('#curve .line'));
      const points = [...Array(400).keys()].map((i) => line.getPointAtLength(line.getTotalLength() * i / 399));
      const top = Math.min(...points.map((p) => p.y));
      return Math.min(...points.filter((p) => p.y < top + 2).map((p) => Math.abs(p.x - x)));
    });
    assert.ok(marked < 12, `${marked} px away`);
  }));
}

test('TheVerdictSaysWhatOtherLinesHeld', () => withReport('clang', {}, async (page) => {
  const shares = await page.locator('#top .share').allTextContents();
  const rest = 100 - shares.reduce((sum, share) => sum + parseFloat(share), 0);
  const [, told] = /^and ([\d.]+) % in other lines$/.exec(await page.textContent('#top .none') ?? '') ?? [];
  assert.ok(Math.abs(Number(told) - rest) < 0.3, `${told} of ${rest}`);
}));

test('AClickOnTheCurveShowsThatMoment', () => withReport('tiny', {}, async (page) => {
  const curve = await page.locator('#curve').boundingBox();
  assert.ok(curve);
  await page.mouse.click(curve.x + curve.width / 4, curve.y + 40);
  const now = await state(page);
  assert.match(now.view, /^at:0\.5/);
  // 0.4 s of a box each microsecond.
  assert.ok(Math.abs(now.total_bytes - 0.4e6 * 28) < 4.3e6 + 1e5);
  assert.match(await page.textContent('#limits') ?? '', /^× 0\.5\d\d s$/);
  await page.keyboard.press('Escape');
  assert.equal((await state(page)).view, 'peak');
  assert.equal((await state(page)).total_bytes, 36_000_000);
  assert.equal(await page.textContent('#limits'), '');
}));

test('ADragOnTheCurveShowsWhatGrew', () => withReport('tiny', {}, async (page) => {
  const curve = await page.locator('#curve').boundingBox();
  assert.ok(curve);
  await page.mouse.move(curve.x + curve.width * 0.2, curve.y + 40);
  await page.mouse.down();
  await page.mouse.move(curve.x + curve.width * 0.4, curve.y + 40, { steps: 4 });
  await page.mouse.up();
  const now = await state(page);
  assert.match(now.view, /^grown:/);
  assert.ok(now.total_bytes > 0.4e6 * 28 * 0.98 && now.total_bytes < 0.4e6 * 28 + 5e6);
  assert.match(await page.textContent('#limits') ?? '', /^× 0\.4\d\d–0\.8\d\d s$/);
  await page.click('#limits button');
  assert.equal((await state(page)).view, 'peak');
}));

test('EscapeLeavesTheZoomBeforeTheMoment', () => withReport('tiny', { hash: '#view=at:0.5' }, async (page) => {
  const box = (await boxes(page)).find(({ name }) => name === 'MakeBox(long)');
  assert.ok(box);
  await page.mouse.click(box.x + 10, box.y + 5);
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
  await page.keyboard.press('Escape');
  assert.deepEqual([(await state(page)).zoomed, (await state(page)).view], ['all', 'at:0.5']);
  await page.keyboard.press('Escape');
  assert.equal((await state(page)).view, 'peak');
}));

test('ATopLineShowsWhoCalledIt', () => withReport('tiny', {}, async (page) => {
  await page.click('#top li:nth-child(1) button');
  assert.deepEqual((await boxes(page)).map(({ name }) => name), ['all', 'MakeBox(long)', 'main', '_start']);
  assert.equal((await state(page)).total_bytes, 28_000_000);
  assert.equal(await page.textContent('#limits'), '× only MakeBox(…) boxed.cc:31');
}));

// The function has other lines; of these nothing is shown.
test('ATopLineIsThatLineAndNoOther', () => withReport('clang', {}, async (page) => {
  await page.click('#top li:nth-child(1) button');
  const top = summaryOf('clang').top[0];
  const [, box] = await boxes(page);
  assert.equal(box.name, top.function);
  assert.equal((await state(page)).total_bytes, top.total_bytes);
  await page.mouse.move(box.x + 5, box.y + 5);
  assert.deepEqual([(await details(page)).file, (await details(page)).line], [top.file, top.line]);
}));

test('ARowOfTheTableShowsWhoCalledIt', () => withReport('tiny', { hash: '#form=table' }, async (page) => {
  await page.click('#table-rows tr:first-child button');
  assert.deepEqual((await boxes(page)).map(({ name }) => name), ['all', 'MakeBox(long)', 'main', '_start']);
}));

test('TheTableEqualsTheSummary', () => withReport('clang', {}, async (page) => {
  await page.click('button:text-is("Table")');
  const top = summaryOf('clang').top[0];
  const first = await page.textContent('#table-rows tr:first-child') ?? '';
  assert.ok(first.includes(`${top.file}:${top.line}`), first);
  assert.equal(await page.locator('#table-rows tr').count(), 100);
  await page.click('th[data-key="total"] button');
  assert.equal(await page.getAttribute('th[data-key="total"]', 'aria-sort'), 'descending');
  await group(page, 'module');
  assert.equal(await page.locator('#table-rows tr').count(), 5);
}));

test('TheThemeFollowsTheSystemAndTheSwitch', () => withReport('tiny', { colorScheme: 'dark' }, async (page) => {
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await page.click('#theme');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), dark);
}));

test('ALinkRestoresTheView', () => withReport('tiny', { hash: '#view=end&metric=count&search=push' }, async (page) => {
  const now = await state(page);
  assert.equal(now.view, 'end');
  assert.equal(now.metric, 'count');
  assert.equal(now.matched.count, 1);
  assert.equal(await page.inputValue('#search'), 'push');
}));

test('ALinkFollowedWhileThePageLoadsIsFollowed', () => withReport('clang', {}, async (page) => {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => { location.hash = '#view=end'; });
  });
  await page.reload();
  await page.evaluate(() => /** @type {any} */ (window).heapcrest.ready);
  await until(async () => (await state(page)).view === 'end');
}));

test('HostileNamesAreShownAsText', () => withReport('hostile', {}, async (page) => {
  assert.match(await page.title(), /^\.\/evil/);
  assert.equal(await page.locator('#page img, #page b b').count(), 0);
  await hover(page, "</script><script>document.title='broken'</script>");
  assert.ok((await page.textContent('#card'))?.includes("</script><script>document.title='broken'</script>"));
  await hover(page, '\u202ereversed\u202c');
  assert.ok((await page.textContent('#card'))?.includes('\\u202ereversed'));
  await page.click('button:text-is("Table")');
  assert.equal(await page.locator('#table-rows tr').count(), 17);
}));

test('AnEmptyRecordingSaysSo', () => withReport('empty', {}, async (page) => {
  assert.match(await page.textContent('#top') ?? '', /None/);
  assert.match(await page.innerText('#stage'), /No allocation was sampled.*--interval 1 records all/);
  assert.match(await page.textContent('h1') ?? '', /^0 B at the peak/);
  assert.equal(await page.locator('#curve .peak').count(), 0);
  assert.deepEqual(await boxes(page), []);
}));

for (const width of [320, 360, 768, 3840]) {
  test(`NothingOverflowsAt${width}Pixels`, () => withReport('clang', { viewport: { width, height: 740 } }, async (page) => {
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    const [root] = await boxes(page);
    assert.ok(root.x >= 0 && root.x + root.width <= width);
  }));
}

// ---- without scripts ----

/** @param {import('playwright-core').Page} page */
async function readsWell(page) {
  const text = await page.innerText('body');
  for (const part of ['36.0 MB at the peak', './boxed 1000000', 'MakeBox(long)', '/src/samples/boxed.cc:31', '77.8 %']) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(await page.locator('main svg rect').first().isVisible());
  assert.ok(await page.locator('main svg title').count() >= 5);
  assert.ok(!text.includes('eJ'), 'no data shows');
}

test('WithoutScriptsThePlainPageReadsWell', () => withReport('tiny', { javaScriptEnabled: false }, readsWell));

test('UnderJenkinsHeadersThePlainPageReadsWell', () =>
  servedByJenkins('tiny', (url) => withReport('tiny', { url }, readsWell)));

test('ASandboxedSrcdocFrameRunsThePage', () => withReport('empty', {}, async (page) => {
  const html = readFileSync(pagePath('tiny'), 'utf8');
  await page.goto('about:blank');
  await page.evaluate((source) => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.width = '1200';
    frame.height = '700';
    frame.srcdoc = source;
    document.body.append(frame);
  }, html);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  assert.ok(frame);
  const drawn = () => frame.evaluate(() => /** @type {any} */ (window).heapcrest?.boxes().length > 0);
  await until(() => drawn().catch(() => false));  // Until it has loaded, its script may be torn away.
  await frame.click('button:text-is("At the end")');
  assert.equal(await frame.evaluate(() => /** @type {any} */ (window).heapcrest.state().view), 'end');
}));

test('PrintingGivesThePlainPage', () => withReport('tiny', {}, async (page) => {
  await page.emulateMedia({ media: 'print' });
  assert.ok(await page.isVisible('#static'));
  assert.ok(!await page.isVisible('#page'));
}));

test('TouchZoomsAndTells', () => withReport('tiny', { hasTouch: true, viewport: { width: 360, height: 800 } }, async (page) => {
  await page.evaluate(() => document.querySelector('#flame')?.scrollIntoView());
  const box = (await boxes(page)).find((b) => b.name === 'MakeBox(long)');
  assert.ok(box);
  const scroll = await page.evaluate(() => scrollY);
  await page.touchscreen.tap(box.x + 20, box.y - scroll + 8);
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
}));
