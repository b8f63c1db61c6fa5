// The state and its address: each step that a reader takes can be taken back.

import { setProps } from './dom.js';
import { formatState, parseState } from './state.js';

const kRestMs = 400;

export class Address {
  /** @param {() => void} onFollow  the reader went back, forward, or to a link */
  constructor(onFollow) {
    this.state = parseState(location.hash);
    const follow = () => this.#follow(onFollow);
    setProps(window, { popstate: follow, hashchange: follow });
  }

  /** @param {Partial<import('./state.js').State>} changes @param {boolean} isStep  Back takes it back */
  change(changes, isStep) {
    this.state = { ...this.state, ...changes };
    const hash = `#${formatState(this.state)}`;
    if (hash === (location.hash || '#')) return;
    try {
      history[isStep ? 'pushState' : 'replaceState'](null, '', hash);
    } catch {
      // A page inside a sandboxed srcdoc frame has no address of its own.
    }
  }

  // A state on the way to another: the address follows when it comes to rest.
  /** @param {Partial<import('./state.js').State>} changes */
  pass(changes) {
    this.state = { ...this.state, ...changes };
    clearTimeout(this.pause);
    this.pause = setTimeout(() => this.change({}, false), kRestMs);
  }

  /** @param {() => void} onFollow */
  #follow(onFollow) {
    const state = parseState(location.hash);
    if (formatState(state) === formatState(this.state)) return;
    this.state = state;
    onFollow();
  }
}
