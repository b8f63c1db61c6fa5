// Light or dark: as the system says, or as the reader chose.

import { setProps } from './dom.js';

// auto follows the system; a choice is remembered where the browser lets us.
export class Theme {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.system = matchMedia('(prefers-color-scheme: dark)');
    this.choice = this.#stored();
    this.onChange = onChange;
    setProps(this.system, { change: () => this.#apply() });
    this.#apply();
  }

  get dark() {
    return this.choice === 'auto' ? this.system.matches : this.choice === 'dark';
  }

  toggle() {
    this.choice = this.dark ? 'light' : 'dark';
    if (this.dark === this.system.matches) this.choice = 'auto';
    try {
      localStorage.setItem('heapcrest-theme', this.choice);
    } catch {
      // A sandboxed page has no storage: the choice lasts as long as the page.
    }
    this.#apply();
  }

  #stored() {
    try {
      return localStorage.getItem('heapcrest-theme') ?? 'auto';
    } catch {
      return 'auto';
    }
  }

  #apply() {
    document.documentElement.dataset.theme = this.dark ? 'dark' : 'light';
    this.onChange();
  }
}
