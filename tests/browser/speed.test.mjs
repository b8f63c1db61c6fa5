// The limits are those that a reader notices, four times over: a busy machine is no failure.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { measure } from './measure.mjs';
import { closeBrowser, withReport } from './page.mjs';

after(closeBrowser);

test('TwoHundredThousandNodesDoNotLag', async () => {
  const figures = await measure('200k');
  assert.ok(figures.nodes > 150_000);
  assert.ok(figures.load < 8000, `load ${figures.load}`);
  assert.ok(figures.zoom < 200, `zoom ${figures.zoom}`);
  assert.ok(figures.hover < 16, `hover ${figures.hover}`);
  assert.ok(figures.search < 400, `search ${figures.search}`);
  assert.ok(figures.moment < 600, `moment ${figures.moment}`);
});

test('NothingIsShownBeforeTheWholePicture', () => withReport('clang', {}, async (page) => {
  const [painted, shown] = await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName('first-contentful-paint');
      if (first) resolve([first.startTime, /** @type {any} */ (window).heapcrest.shownAt]);
    }).observe({ type: 'paint', buffered: true });
  }));
  assert.ok(painted >= shown, `${painted} before ${shown}`);
}));

test('TheFirstPictureOfALargePageIsThatOfTheWhole', () => withReport('clang', {}, async (page) => {
  await page.addInitScript(() => {
    const wait = setInterval(() => {
      const { heapcrest } = /** @type {any} */ (window);
      if (heapcrest?.shownAt === undefined) return;
      clearInterval(wait);
      Object.assign(window, { first: { nodes: heapcrest.state().nodes, boxes: heapcrest.boxes() } });
    });
  });
  await page.reload();
  const { first, nodes, boxes } = await page.evaluate(async () => {
    const { heapcrest } = /** @type {any} */ (window);
    await heapcrest.ready;
    return { first: /** @type {any} */ (window).first, nodes: heapcrest.state().nodes, boxes: heapcrest.boxes() };
  });
  assert.ok(first.nodes < nodes, `${first.nodes} of ${nodes}`);
  const frames = (/** @type {any[]} */ all) => all.filter(({ name }) => !/^[([]/.test(name));
  assert.ok(frames(boxes).length > 50);
  assert.deepEqual(frames(first.boxes), frames(boxes));
}));
