// Opens a report's data under Node, as the page does in a browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Profile } from '../../viewer/page/profile.js';

const kFolder = process.env.HEAPCREST_PAGES ?? '.';

/** @param {string} name */
export function readPage(name) {
  return readFileSync(join(kFolder, `${name}.html`), 'utf8');
}

/** @param {string} name */
export function readSummary(name) {
  return JSON.parse(readFileSync(join(kFolder, `${name}.json`), 'utf8'));
}

/** @param {string} name */
export const openPage = (name) => openFile(join(kFolder, `${name}.html`));

/** @param {string} path */
export async function openFile(path) {
  const page = readFileSync(path, 'utf8');
  const read = (/** @type {string} */ id) => {
    const start = page.indexOf('>', page.indexOf(`id="${id}"`)) + 1;
    return page.slice(start, page.indexOf('</script>', start));
  };
  return new Profile(read).open();
}
