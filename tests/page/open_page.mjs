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
export const openFile = (path) => profileIn(path).open();

/** @param {string} name */
export const openPreview = (name) => profileIn(join(kFolder, `${name}.html`)).preview();

/** @param {string} path */
function profileIn(path) {
  const page = readFileSync(path, 'utf8');
  return new Profile((id) => new RegExp(`id="${id}">([^<]*)<`).exec(page)?.[1] ?? '');
}
