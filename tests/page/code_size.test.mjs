import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const kScript = process.env.HEAPCREST_PAGE_SCRIPT ?? 'page.js';
const kStyle = process.env.HEAPCREST_PAGE_STYLE ?? 'page.css';

test('TheViewerStaysWithinItsBudget', () => {
  const code = readFileSync(kScript, 'utf8') + readFileSync(kStyle, 'utf8');
  assert.ok(code.length <= 100_000, `${code.length} bytes: was esbuild missing when the page was built?`);
  assert.ok(gzipSync(code, { level: 9 }).length <= 30_000, `${gzipSync(code, { level: 9 }).length} bytes gzipped`);
});

test('TheViewerAsksTheNetworkForNothing', () => {
  const code = readFileSync(kScript, 'utf8') + readFileSync(kStyle, 'utf8');
  assert.doesNotMatch(code.replace('http://www.w3.org/2000/svg', ''), /https?:|url\(|@import|fetch\(|XMLHttp|innerHTML|eval\(/);
});
