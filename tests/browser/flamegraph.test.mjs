import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, boxNamed, click, closeBrowser, details, hover, state, summaryOf, withReport } from './page.mjs';

after(closeBrowser);

const kPushBack = 'std::vector<Box*, std::allocator<Box*> >::push_back(Box* const&)';

test('TheBoxesHoldWhatTheSummarySays', () => withReport('tiny', {}, async (page) => {
  const summary = summaryOf('tiny');
  const [root] = await boxes(page);
  assert.equal(root.total_bytes, summary.peak.bytes);
  for (const line of summary.top.filter((/** @type {any} */ l) => l.self_bytes > 0)) {
    const box = await boxNamed(page, line.function);
    assert.equal(box.total_bytes, line.total_bytes);
  }
}));

test('BoxesAreAsWideAsTheirShare', () => withReport('tiny', {}, async (page) => {
  const [root] = await boxes(page);
  const box = await boxNamed(page, 'MakeBox(long)');
  assert.ok(Math.abs(box.width / root.width - 28 / 36) < 0.001);
}));

test('HoverTellsAllAboutAFrame', () => withReport('tiny', {}, async (page) => {
  await hover(page, 'MakeBox(long)');
  const told = await details(page);
  assert.equal(told.name, 'MakeBox(long)');
  assert.equal(told.file, '/src/samples/boxed.cc');
  assert.equal(told.line, 31);
  assert.equal(told.module, '/tmp/boxed');
  assert.equal(told.self_bytes, 28_000_000);
  assert.equal(told.total_bytes, 28_000_000);
  assert.equal(told.count, 1_000_000);
  assert.equal(told.error_bytes, 0);
  assert.ok(Math.abs(told.share - 28 / 36) < 1e-9);
  const card = await page.textContent('#card');
  for (const part of ['MakeBox(long)', '/src/samples/boxed.cc:31', '28.0 MB', '77.8 % of all', '1,000,000', 'exact']) {
    assert.ok(card?.includes(part), `${part} in ${card}`);
  }
}));

test('TheCardSaysTheShortNameFirstAndTheFullOneLast', () => withReport('tiny', {}, async (page) => {
  await hover(page, kPushBack);
  assert.equal(await page.textContent('#card p:first-child'), 'std::vector<…>::push_back(…)');
  assert.equal(await page.textContent('#card p:last-child'), kPushBack);
  await hover(page, 'main');
  assert.equal(await page.textContent('#card p:first-child'), 'main');
  assert.equal(await page.locator('#card .full').count(), 0);
}));

test('SampledFiguresCarryTheirError', () => withReport('clang', {}, async (page) => {
  const box = (await boxes(page))[5];
  await page.mouse.move(box.x + 5, box.y + 5);
  assert.ok((await details(page)).error_bytes > 0);
  assert.match(await page.textContent('#card') ?? '', /±[\d.]+ .?B \(\d.* samples?\)/);
}));

test('ClickZoomsAndEscReturns', () => withReport('tiny', {}, async (page) => {
  const before = await boxes(page);
  await click(page, 'MakeBox(long)');
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
  const root = (await boxes(page))[0];
  assert.equal((await boxNamed(page, 'MakeBox(long)')).width, root.width);
  await page.keyboard.press('Escape');
  assert.deepEqual(await boxes(page), before);
}));

test('ClickingTheRootReturns', () => withReport('tiny', {}, async (page) => {
  await click(page, kPushBack);
  assert.equal((await state(page)).zoomed, kPushBack);
  await hover(page, kPushBack);
  assert.equal((await details(page)).share_of_zoom, 1);
  await click(page, 'all');
  assert.equal((await state(page)).zoomed, 'all');
}));

test('BackAndForwardWalkThroughZooms', () => withReport('tiny', {}, async (page) => {
  await click(page, 'MakeBox(long)');
  await page.goBack();
  assert.equal((await state(page)).zoomed, 'all');
  await page.goForward();
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
  await page.reload();
  await page.evaluate(() => /** @type {any} */ (window).heapcrest.ready);
  assert.equal((await state(page)).zoomed, 'MakeBox(long)');
}));

test('TheThreeViewsAndCountsEqualTheSummary', () => withReport('clang', {}, async (page) => {
  const summary = summaryOf('clang');
  await page.click('button:text-is("At the end")');
  assert.equal((await boxes(page))[0].total_bytes, summary.end.bytes);
  await page.click('button:text-is("Allocated")');
  assert.equal((await boxes(page))[0].total_bytes, summary.allocated.bytes);
  assert.equal((await boxes(page))[0].count, summary.allocations);
  await page.click('[data-set="metric=count"]');
  assert.equal((await state(page)).metric, 'count');
  assert.equal((await boxes(page))[0].count, summary.allocations);
}));

test('SearchAnswersInBytesAndCountsNestedMatchesOnce', () => withReport('tiny', {}, async (page) => {
  await page.keyboard.press('/');
  await page.keyboard.type('makebox');
  assert.deepEqual((await state(page)).matched, { bytes: 28_000_000, count: 1_000_000, towers: 1, share: 28 / 36 });
  assert.match(await page.textContent('#found') ?? '', /28\.0 MB match, 77\.8 % in 1 place$/);
  await page.keyboard.press('Escape');
  assert.equal((await state(page)).matched, null);
  await page.fill('#search', '/^(main|MakeBox)/');
  assert.equal((await state(page)).matched.bytes, 36_000_000);
  await page.fill('#search', 'no such thing');
  assert.equal(await page.textContent('#found'), 'nothing matches; try file: module: source:');
  await page.fill('#search', 'source:new box{');
  assert.deepEqual((await state(page)).matched.bytes, 28_000_000);
}));

test('ABrokenRegularExpressionSaysWhatIsWrong', () => withReport('tiny', {}, async (page) => {
  await page.fill('#search', '/make(/');
  assert.ok(await page.isVisible('#found'));
  assert.equal(await page.textContent('#found'), 'not a regular expression: Unterminated group');
  assert.ok(!await page.isVisible('#next'));
  assert.equal(await page.getAttribute('#search', 'aria-invalid'), 'true');
  await page.fill('#search', '/make/i');
  assert.match(await page.textContent('#found') ?? '', /^28\.0 MB match/);
  assert.equal(await page.getAttribute('#search', 'aria-invalid'), null);
}));

test('CallersAreCountedAmongTheirSiblings', () => withReport('clang', {}, async (page) => {
  await page.focus('#flame');
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
  const items = await page.locator('#flame [role="treeitem"]').evaluateAll((all) => all.map((item) =>
    ['level', 'posinset', 'setsize', 'expanded'].map((name) => item.getAttribute(`aria-${name}`)).join(' ')));
  const widths = await page.evaluate(() => /** @type {any} */ (window).heapcrest.boxes().length);
  assert.ok(widths > 4);
  assert.equal(items[0], '1 1 1 true');
  assert.match(items[1], /^2 2 \d+ true$/);
  assert.ok(Number(items[1].split(' ')[2]) >= 2);
}));

test('TheKeyboardWalksTheTree', () => withReport('tiny', {}, async (page) => {
  await page.focus('#flame');
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  assert.equal((await details(page)).name, kPushBack);
  assert.match(await page.textContent('#live') ?? '', /push_back.*8\.0 MB, 22\.2 % of all/);
  assert.equal(await page.getAttribute('#flame', 'aria-activedescendant'), await page.getAttribute('[aria-selected="true"]', 'id'));
  await page.keyboard.press('Enter');
  assert.equal((await state(page)).zoomed, kPushBack);
  await page.keyboard.press('ArrowUp');
  assert.equal((await details(page)).name, 'main');
}));

test('SmallFramesStayReachableThroughTheirBox', () => withReport('clang', {}, async (page) => {
  const [hidden] = (await boxes(page)).filter((box) => /^\([\d,]+ frames?, .*B\)$/.test(box.name))
    .sort((a, b) => b.width - a.width);
  await page.mouse.click(hidden.x + hidden.width / 2, hidden.y + 5);
  const now = await state(page);
  assert.ok(now.from > 0 && now.to <= 1 && now.to > now.from);
  assert.ok((await boxes(page)).length > 5);
}));

test('TheWheelWithControlZoomsAroundThePointer', () => withReport('clang', {}, async (page) => {
  const [root] = await boxes(page);
  await page.mouse.move(root.x + root.width / 4, root.y + 100);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -300);
  await page.keyboard.up('Control');
  const { from, to } = await state(page);
  assert.ok(Math.abs(to - from - 0.5) < 0.01 && Math.abs(from - 0.125) < 0.01);
}));

test('ATrunkIsFoldedUntilItIsClickedAndAgainOnEscape', () => withReport('deep', {}, async (page) => {
  const folded = await boxes(page);
  assert.deepEqual(folded.map(({ name }) => name), ['all', 'Descend(int)', 'Aside()', 'Work()']);
  assert.deepEqual(folded.map(({ y }) => y - folded[0].y), [0, 20, 20, 40]);
  await click(page, 'Descend(int)');
  const { length } = await boxes(page);
  assert.ok(length > 10);
  assert.equal((await state(page)).zoomed, 'all');
  await page.keyboard.press('Escape');
  assert.deepEqual(await boxes(page), folded);
}));

test('WhoeverWalksOrSearchesSeesTheTrunk', () => withReport('deep', {}, async (page) => {
  await page.focus('#flame');
  await page.keyboard.press('ArrowDown');
  assert.ok((await boxes(page)).length > 10);
  await page.reload();
  await page.fill('#search', 'Descend');
  await page.keyboard.press('Enter');
  assert.ok((await boxes(page)).length > 10);
}));

test('WhereTheTrunkIsOutOfViewNothingIsFolded', () => withReport('deep', { hash: '#from=0.99&to=1' }, async (page) => {
  assert.deepEqual((await boxes(page)).map(({ name }) => name), ['all', 'Aside()']);
}));

test('NoTrunkIsFoldedAmongCallers', () => withReport('deep', {}, async (page) => {
  await page.click('text=Callers');
  assert.ok((await boxes(page)).length > 10);
}));

test('TwentyThousandFramesScroll', () => withReport('deep', {}, async (page) => {
  await click(page, 'Descend(int)');
  assert.equal((await state(page)).nodes, 20_003);
  const canvas = await page.evaluate(() => document.querySelector('canvas')?.height ?? 0);
  assert.ok(canvas <= 720);
  await page.evaluate(() => { const flame = document.querySelector('#flame'); if (flame) flame.scrollTop = 1e9; });
  await page.waitForTimeout(100);
  const last = (await boxes(page)).at(-1);
  assert.equal(last?.name, 'Work()');
  await hover(page, 'Work()');
  assert.equal((await details(page)).total_bytes, 10_000_000);
}));
