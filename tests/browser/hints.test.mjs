// What to do to see more, said where a reader looks first.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser, summaryOf, withReport } from './page.mjs';

after(closeBrowser);

// Below the lines that lack their names, before any click.
test('AHintStandsOnTheFirstScreen', () => withReport('stripped', {}, async (page) => {
  const [hint] = summaryOf('stripped').hints;
  assert.match(hint, /^90\.0 % of the peak is in functions of libbig\.so whose names were stripped/);
  assert.equal(await page.innerText('#hints'), `Hint: ${hint}.`);
  assert.ok(!(await page.textContent('#why'))?.includes('stripped'));
  const [lines, at] = [await page.locator('#top').boundingBox(), await page.locator('#hints').boundingBox()];
  assert.ok(lines && at && at.y >= lines.y + lines.height && at.y + at.height < 300, JSON.stringify(at));
}));

test('WithoutNeedThereIsNoHint', () => withReport('tiny', {}, async (page) => {
  assert.equal(await page.locator('#hints *').count(), 0);
}));

test('WithoutScriptsAHintStandsOnTheFirstScreen', () => withReport('stripped', { javaScriptEnabled: false }, async (page) => {
  const at = await page.getByText('whose names were stripped').boundingBox();
  assert.ok(at && at.y + at.height < 400, JSON.stringify(at));
}));
