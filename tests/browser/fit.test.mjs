// Nothing is cut off or wraps where there is little room.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxNamed, closeBrowser, withReport } from './page.mjs';

after(closeBrowser);

/** @param {import('playwright-core').Page} page @param {string} selector */
const places = (page, selector) => page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map((element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return { left, right, top, bottom, text: element.textContent };
}), selector);

test('TheToolbarKeepsToOneLineBesideThreads', () => withReport('threads', {}, async (page) => {
  const [bar] = await places(page, '.bar[role="toolbar"]');
  assert.ok(bar.bottom - bar.top < 50, `${bar.bottom - bar.top} px`);
}));

for (const name of ['tiny', 'clang', 'deep']) {
  test(`NoWordOfTheCurveIsCut: ${name}`, () => withReport(name, {}, async (page) => {
    const [curve] = await places(page, '#curve');
    const ticks = await places(page, '#curve .tick');
    assert.ok(ticks.length > 1);
    for (const { left, right, text } of ticks) {
      assert.ok(left >= curve.left - 0.5 && right <= curve.right + 0.5, `${text}: ${left} to ${right}`);
    }
  }));
}

// The curve's height followed the details', and never went back.
test('TheHeadersDetailsLeaveTheFlamegraphItsHeight', () => withReport('clang', { viewport: { width: 1366, height: 657 } }, async (page) => {
  const height = async () => {
    const [{ top, bottom }] = await places(page, '#flame');
    return bottom - top;
  };
  const before = await height();
  await page.click('header summary');
  assert.ok(await page.isVisible('#why'));
  await page.waitForTimeout(100);
  await page.click('header summary');
  await page.waitForTimeout(100);
  assert.equal(await height(), before);
  assert.ok(before > 100, `${before} px`);
}));

test('TheLegendYieldsToTheTrail', () => withReport('tiny', {}, async (page) => {
  assert.ok(await page.isVisible('#legend'));
  const box = await boxNamed(page, 'MakeBox(long)');
  await page.mouse.click(box.x + 10, box.y + 5);
  assert.ok(!await page.isVisible('#legend'));
  await page.keyboard.press('Escape');
  assert.ok(await page.isVisible('#legend'));
}));

// A hundredth of a pixel too little makes an ellipsis.
test('TheLegendLeavesTheStatusItsRoom', () => withReport('clang', { viewport: { width: 900, height: 720 } }, async (page) => {
  const [room, needed] = await page.evaluate(() => {
    const words = document.createRange();
    words.selectNodeContents(/** @type {Node} */ (document.querySelector('#status')));
    return [document.querySelector('#status')?.getBoundingClientRect().width ?? 0, words.getBoundingClientRect().width];
  });
  assert.ok(needed > 100 && room >= needed - 0.01, `${room} for ${needed}`);
}));

for (const width of [900, 1080]) {
  test(`TheStatusOfAnIntervalBesideASearchIsNotCutAt${width}Pixels`, () => withReport('clang', {
    hash: '#view=grown:1-2.5&search=clang', viewport: { width, height: 720 },
  }, async (page) => {
    const [line] = await places(page, '.status');
    for (const part of ['#status', '#found', '#limits button']) {
      const [{ cut, right, text }] = await page.evaluate((wanted) => [...document.querySelectorAll(wanted)].map((element) => ({
        cut: element.scrollWidth > element.clientWidth + 1, right: element.getBoundingClientRect().right, text: element.textContent,
      })), part);
      assert.ok(text && !cut && right <= line.right, `${part}: ${text}`);
    }
    const [[above], [below]] = [await places(page, '#status'), await places(page, '#flame')];
    assert.ok(above.bottom <= below.top);
  }));
}

test('ALegendWithoutRoomEndsBehindAWholeEntry', () => withReport('clang', { viewport: { width: 900, height: 720 } }, async (page) => {
  const [legend] = await places(page, '#legend');
  const entries = (await places(page, '#legend > span')).filter(({ top }) => top < legend.bottom - 1);
  for (const { left, right, text } of entries) assert.ok(left >= legend.left - 0.5 && right <= legend.right + 0.5, text ?? '');
}));

for (const width of [320, 360]) {
  test(`TheMomentsStandInOneRowAt${width}Pixels`, () => withReport('tiny', { viewport: { width, height: 740 } }, async (page) => {
    const buttons = await places(page, '[aria-label="Moment"] button');
    assert.equal(buttons.length, 5);
    assert.equal(new Set(buttons.map(({ top }) => Math.round(top))).size, 1);
    assert.ok(Math.max(...buttons.map(({ right }) => right)) <= width);
  }));
}

// What is chosen keeps its colours there: its text would stand on a plate of the system's own.
test('WhatIsChosenIsReadableInForcedColours', () => withReport('clang', { forcedColors: 'active' }, async (page) => {
  const adjusts = await page.evaluate(() => ['.choice [aria-pressed="true"]', '#top .bar', '#legend i'].map((wanted) => {
    const element = document.querySelector(wanted);
    return element === null ? 'lacking' : getComputedStyle(element).getPropertyValue('forced-color-adjust');
  }));
  assert.deepEqual(adjusts, ['none', 'none', 'none']);
}));

test('TheProcessesStandClearOfTheTextBelow', () => withReport('processes', {}, async (page) => {
  const [[chip], [held]] = [await places(page, '#processes'), await places(page, '#held')];
  assert.ok(held.top - chip.bottom >= 3, `${held.top - chip.bottom} px`);
}));

test('TheTableKeepsRoomForNamesOnNarrowScreens', async () => {
  for (const width of [320, 600, 900]) {
    await withReport('clang', { hash: '#form=table', viewport: { width, height: 760 } }, async (page) => {
      const name = await page.locator('#table-rows tr:first-child td:last-child').boundingBox();
      assert.ok(name && name.width >= 139, `${width}: ${name?.width}`);
      assert.ok(width > 700 || name.x + name.width <= width, `${width}: ${name.x}`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width);
      assert.equal(await page.locator('#table th:visible').count(), width > 700 ? 4 : 3);
    });
  }
});

test('NoBoxStandsUnderTheScrollbar', () => withReport('clang', {}, async (page) => {
  const [right, room] = await page.evaluate(() => {
    const area = /** @type {HTMLElement} */ (document.querySelector('#flame'));
    const boxes = /** @type {any} */ (window).heapcrest.boxes();
    const farthest = Math.max(...boxes.map((/** @type {any} */ box) => box.x + box.width));
    return [farthest - area.getBoundingClientRect().left, area.clientWidth];
  });
  assert.ok(Math.abs(right - room) < 0.5, `${right} of ${room}`);
}));
