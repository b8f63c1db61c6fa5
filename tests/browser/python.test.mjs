// Programs in Python: lines in their boxes, imports as towers, native code or not.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { boxes, boxNamed, closeBrowser, state, withReport } from './page.mjs';

after(closeBrowser);

/** @param {import('playwright-core').Page} page @param {string} option */
async function press(page, option) {
  await page.click('.more summary');
  await page.click(`.options button:text-is("${option}")`);
}

/** @param {import('playwright-core').Page} page */
const names = async (page) => (await boxes(page)).map(({ name }) => name);

test('PythonOnlyLeavesNativeCodeToTheLinesThatCallIt', () => withReport('script', {}, async (page) => {
  assert.ok((await names(page)).includes('PyArray_Zeros'));
  await press(page, 'Python only');
  assert.deepEqual(await names(page), ['all', '<module>', '<module>', 'import', '<module>', 'loads']);
  assert.equal((await boxes(page))[4].self_bytes, 3_000_000);
  assert.equal((await state(page)).total_bytes, 12_000_000);
  await page.reload();
  assert.equal((await state(page)).python, 'only');
}));

test('ImportsFoldIntoOneBoxEach', () => withReport('script', {}, async (page) => {
  await press(page, 'Fold imports');
  assert.deepEqual(await names(page), ['all', '_start', '<module>', '<module>', 'import']);
  const folded = await boxNamed(page, 'import');
  assert.deepEqual([folded.self_bytes, folded.total_bytes, folded.count], [4_000_000, 4_000_000, 2]);
  await page.click('button:text-is("Table")');
  assert.match(await page.textContent('#table-rows') ?? '', /4\.0 MB.*list\.py:5/s);
}));

// On the canvas itself: what is drawn is asked of its context.
test('ABoxOfPythonSaysItsLine', () => withReport('script', {}, async (page) => {
  const drawn = await page.evaluate(() => {
    /** @type {string[]} */ const texts = [];
    CanvasRenderingContext2D.prototype.fillText = (/** @type {string} */ text) => { texts.push(text); };
    document.querySelector('#flame')?.dispatchEvent(new Event('scroll'));
    return texts;
  });
  for (const text of ['l.append(i)', 'import numpy', 'list.py:3', '<module>', 'import', 'PyArray_Zeros']) {
    assert.ok(drawn.includes(text), `${text} in ${drawn}`);
  }
}));

test('ASearchFindsWhatBoxesOfPythonSay', () => withReport('script', {}, async (page) => {
  await page.fill('#search', 'import NUMPY');
  assert.match(await page.textContent('#found') ?? '', /^4\.0 MB match, .* in 1 place$/);
  assert.doesNotMatch(await page.textContent('#status') ?? '', / of /);
  await page.fill('#search', 'l.append');
  await page.click('#towers');
  assert.match(await page.textContent('#status') ?? '', /^8\.0 MB of 12\.0 MB live at the peak/);
}));

// Python's objects are known at three times only.
test('OfErrorsThatAreNotKnownNothingIsSaid', () => withReport('python', { hash: '#form=table' }, async (page) => {
  const errors = () => page.locator('#table-rows td:nth-child(3)').allTextContents();
  assert.ok((await errors()).some((text) => text !== ''));
  await page.evaluate(() => { location.hash = '#form=table&view=at:0.01'; });
  assert.equal((await state(page)).view, 'at:0.01');
  assert.ok((await errors()).every((text) => text === ''));
}));

test('NoSwitchForPythonStandsInOtherPrograms', () => withReport('tiny', {}, async (page) => {
  await page.click('.more summary');
  assert.ok(!await page.isVisible('#python'));
}));
