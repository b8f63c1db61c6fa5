// A report in Debian's Chromium, driven by real mouse and keyboard. Fails on any request, any error
// and any violation of the page's own security policy.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const kFolder = process.env.HEAPCREST_PAGES ?? '.';
const kChromium = process.env.HEAPCREST_CHROMIUM ?? '/usr/bin/chromium';

/** @type {import('playwright-core').Browser | undefined} */
let browser;

async function launch() {
  browser ??= await chromium.launch({
    executablePath: kChromium,
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--force-color-profile=srgb'],
    ignoreDefaultArgs: ['--hide-scrollbars'],  // most readers have them, and they take room
  });
  return browser;
}

export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** @param {string} name */
export const pagePath = (name) => join(kFolder, `${name}.html`);

/** @param {string} name @returns {any} */
export function summaryOf(name) {
  return JSON.parse(readFileSync(join(kFolder, `${name}.json`), 'utf8'));
}

/** @typedef {import('playwright-core').BrowserContextOptions & {hash?: string, url?: string}} Options */

// Runs `use` on an opened report.
/** @param {string} name @param {Options} options @param {(page: import('playwright-core').Page) => Promise<void>} use */
export async function withReport(name, options, use) {
  const { hash = '', url, ...context } = options;
  const opened = await (await launch()).newContext({ viewport: { width: 1280, height: 720 }, ...context });
  const page = await opened.newPage();
  const address = url ?? pathToFileURL(pagePath(name)).href + hash;
  /** @type {string[]} */ const troubles = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(address.split('#')[0]) && !request.url().startsWith('data:')) troubles.push(`request: ${request.url()}`);
  });
  page.on('pageerror', (error) => troubles.push(`error: ${error.stack}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  try {
    await page.goto(address);
    if (options.javaScriptEnabled !== false && url === undefined) {
      await page.evaluate(() => /** @type {any} */ (window).heapcrest.ready);
    }
    await use(page);
    if (url === undefined) assert.deepEqual(troubles, []);
  } finally {
    await opened.close();
  }
}

// Asks from here, not in the page, whose security policy forbids the eval that playwright's own waiting needs.
/** @param {() => Promise<boolean>} condition */
export async function until(condition) {
  const end = Date.now() + 20_000;
  while (!await condition()) {
    assert.ok(Date.now() < end, `still not so: ${condition}`);
    await setTimeout(20);
  }
}

// Serves a report as Jenkins does.
/** @param {string} name @param {(url: string) => Promise<void>} use */
export async function servedByJenkins(name, use) {
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'Content-Type': 'text/html',
      'Content-Security-Policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'self';",
    });
    response.end(readFileSync(pagePath(name)));
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  try {
    await use(`http://127.0.0.1:${address.port}/`);
  } finally {
    server.close();
  }
}

/** @typedef {{name: string, x: number, y: number, width: number, height: number, self_bytes: number, total_bytes: number, count: number}} Box */

/** @param {import('playwright-core').Page} page @returns {Promise<Box[]>} */
export const boxes = (page) => page.evaluate(() => /** @type {any} */ (window).heapcrest.boxes());

/** @param {import('playwright-core').Page} page @returns {Promise<any>} */
export const state = (page) => page.evaluate(async () => {
  await /** @type {any} */ (window).heapcrest.ready;
  return /** @type {any} */ (window).heapcrest.state();
});

/** @param {import('playwright-core').Page} page @returns {Promise<any>} */
export const details = (page) => page.evaluate(() => /** @type {any} */ (window).heapcrest.details());

/** @param {import('playwright-core').Page} page @param {string} name @returns {Promise<Box>} */
export async function boxNamed(page, name) {
  const found = (await boxes(page)).find((box) => box.name === name);
  assert.ok(found, `no box named ${name}`);
  return found;
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function hover(page, name) {
  const box = await boxNamed(page, name);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
}

/** @param {import('playwright-core').Page} page @param {string} name */
export async function click(page, name) {
  const box = await boxNamed(page, name);
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

// The options behind the View button.
/** @param {import('playwright-core').Page} page @param {string} grouping */
export async function group(page, grouping) {
  const view = page.locator('.more');
  if (await view.getAttribute('open') === null) await page.click('.more summary');
  await page.selectOption('[data-choose="grouping"]', grouping);
}
