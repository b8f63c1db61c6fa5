// Opens the profile in this document and puts the page in place of the plain one, which is still to come
// when this runs.

import { describePage } from './describe.js';
import { detailsOf } from './details.js';
import { find } from './dom.js';
import { Page } from './page.js';
import { Profile } from './profile.js';

/** @type {Page | undefined} */
let page;
document.documentElement.classList.add('scripted');

async function begin() {
  try {
    const profile = new Profile((id) => document.getElementById(id)?.textContent ?? '');
    const template = /** @type {HTMLTemplateElement} */ (find('#app'));
    document.body.prepend(template.content.cloneNode(true));
    page = new Page(profile);
    await page.open();
  } catch (error) {
    // The plain page says the same, only not as well. Nor can old browsers inflate.
    document.documentElement.classList.remove('scripted');
    find('#page')?.remove();
    throw error;
  }
}

const ready = begin();

// docs: tests drive the page through this.
Object.defineProperty(window, 'heapcrest', {
  value: Object.freeze({
    ready,
    boxes: () => (page === undefined ? [] : [...page.flamegraph.drawn(), ...page.above.flamegraph.drawn()]),
    state: () => (page === undefined ? null : describePage(page)),
    details: () => (page === undefined ? null : detailsOf(page.flamegraph, page.flamegraph.hovered)
      ?? detailsOf(page.above.flamegraph, page.above.flamegraph.hovered)),
    get shownAt() { return page?.shownAt; },  // ms from navigation to the first picture
  }),
});
