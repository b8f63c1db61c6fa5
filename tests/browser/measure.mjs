// How long a reader waits: load, zoom, hover, a key of the search, another moment. Medians, each up
// to the finished pixels.
//   node measure.mjs NAME...     with HEAPCREST_PAGES; prints a row for each report
import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { closeBrowser, pagePath, state, withReport } from './page.mjs';

const kRounds = 7;

/** @typedef {{nodes: number, bytes: number, load: number, zoom: number, hover: number, search: number, moment: number}} Figures */

/** @param {number[]} values */
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

// In the page: runs an action and waits for its pixels. A reader's actions are frames apart, so none pays
// for the layout of the one before.
/** @param {import('playwright-core').Page} page @param {number} round */
function measureOnce(page, round) {
  return page.evaluate(async (n) => {
    const flame = /** @type {HTMLElement} */ (document.querySelector('#flame'));
    const curve = /** @type {HTMLElement} */ (document.querySelector('#curve'));
    const search = /** @type {HTMLInputElement} */ (document.querySelector('#search'));
    const context = document.querySelector('canvas')?.getContext('2d');
    const timed = async (/** @type {() => void} */ action) => {
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const start = performance.now();
      action();
      context?.getImageData(0, 0, 1, 1);
      return performance.now() - start;
    };
    const boxes = /** @type {any} */ (window).heapcrest.boxes();
    const box = boxes[Math.min(boxes.length - 1, 3 + n)];
    const at = { clientX: box.x + box.width / 2, clientY: box.y + 8, bubbles: true };
    const hover = await timed(() => flame.dispatchEvent(new PointerEvent('pointermove', at)));
    const zoom = await timed(() => flame.dispatchEvent(new MouseEvent('click', at)));
    dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }));
    search.value = 'canonical'.slice(0, 1 + n);
    const searched = await timed(() => search.dispatchEvent(new Event('input')));
    search.value = '';
    search.dispatchEvent(new Event('input'));
    const moment = await timed(() => curve.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' })));
    return { hover, zoom, search: searched, moment };
  }, round);
}

/** @param {string} name @returns {Promise<Figures>} */
export async function measure(name) {
  const bytes = statSync(pagePath(name)).size;
  let nodes = 0;
  /** @type {number[]} */ const loads = [];
  /** @type {{hover: number, zoom: number, search: number, moment: number}[]} */ const rounds = [];
  for (let i = 0; i < kRounds; ++i) {
    await withReport(name, {}, async (page) => {
      // From navigation to the first picture: `ready` is resolved behind the first paint call.
      loads.push(await page.evaluate(() => new Promise((resolve) => {
        requestAnimationFrame(() => resolve(/** @type {any} */ (window).heapcrest.shownAt));
      })));
      nodes = (await state(page)).nodes;
      if (i > 0) return;
      for (let round = 0; round < kRounds; ++round) rounds.push(await measureOnce(page, round));
    });
  }
  return {
    nodes, bytes, load: median(loads), zoom: median(rounds.map((r) => r.zoom)), hover: median(rounds.map((r) => r.hover)),
    search: median(rounds.map((r) => r.search)), moment: median(rounds.map((r) => r.moment)),
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of process.argv.slice(2)) {
    const f = await measure(name);
    const row = [name, `${f.nodes} nodes`, `${(f.bytes / f.nodes).toFixed(2)} B/node`,
      ...['load', 'zoom', 'hover', 'search', 'moment'].map((k) => `${k} ${/** @type {any} */ (f)[k].toFixed(1)} ms`)];
    process.stdout.write(`${row.join(' | ')}\n`);
  }
  await closeBrowser();
}
