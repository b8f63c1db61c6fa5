// Pointer and keys over the flamegraph, turned into frames; what they mean is the listener's.

import { kRowHeight } from './canvas.js';
import { Flamegraph } from './flamegraph.js';

/**
 * @typedef {object} Listener
 * @property {(zoom: import('./layout.js').Zoom) => void} onZoom
 * @property {(box: number, x: number, y: number) => void} onPoint  box -1: at nothing
 * @property {(node: number) => void} onSelect
 * @property {(node: number, x: number, y: number) => void} onMenu
 */

export class Controls {
  /** @param {Flamegraph} flamegraph @param {Listener} listener */
  constructor(flamegraph, listener) {
    this.flamegraph = flamegraph;
    this.listener = listener;
    const { area } = flamegraph;
    area.addEventListener('pointermove', (event) => this.#point(this.#boxUnder(event), event));
    area.addEventListener('pointerleave', (event) => this.#point(-1, event));
    area.addEventListener('click', (event) => this.#click(event));
    area.addEventListener('contextmenu', (event) => this.#menu(event));
    area.addEventListener('keydown', (event) => this.#key(event));
    area.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  /** @param {MouseEvent} event */
  #boxUnder(event) {
    const { canvas, area, layout } = this.flamegraph;
    const at = canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - at.top + area.scrollTop) / kRowHeight);
    return layout?.boxAt(row, event.clientX - at.left) ?? -1;
  }

  /** @param {number} box @param {MouseEvent} event */
  #point(box, event) {
    this.flamegraph.point(box);
    this.listener.onPoint(box, event.clientX, event.clientY);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { layout } = this.flamegraph;
    const box = this.#boxUnder(event);
    if (box < 0 || layout === null) return;
    if (layout.hidden[box] > 0) {
      this.listener.onZoom(layout.zoomOfHidden(box));
    } else {
      this.flamegraph.selected = layout.node[box];
      this.listener.onZoom({ node: layout.node[box], from: 0, to: 1 });
    }
  }

  // By mouse at the pointer; by the menu key at the selected frame.
  /** @param {MouseEvent} event */
  #menu(event) {
    const { layout, selected, ring } = this.flamegraph;
    if (layout === null) return;
    event.preventDefault();
    const box = event.button === 2 ? this.#boxUnder(event) : layout.boxOf(selected);
    if (box < 0 || layout.hidden[box] > 0) return;
    const at = ring.getBoundingClientRect();
    const [x, y] = event.button === 2 ? [event.clientX, event.clientY] : [at.left + 8, at.bottom];
    this.flamegraph.selected = layout.node[box];
    this.listener.onMenu(layout.node[box], x, y);
  }

  // Ctrl and wheel zoom around the pointer, shift and wheel pan; the wheel alone scrolls.
  /** @param {WheelEvent} event */
  #wheel(event) {
    const { shown, canvas } = this.flamegraph;
    const pan = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    if (shown === null || (!event.ctrlKey && pan === 0)) return;
    event.preventDefault();
    const { node, from, to } = shown.zoom;
    const at = canvas.getBoundingClientRect();
    const share = (event.clientX - at.left) / at.width;
    const span = event.ctrlKey ? Math.min(1, (to - from) * 2 ** (event.deltaY / 300)) : to - from;
    const wanted = event.ctrlKey ? from + share * (to - from - span) : from + (pan / at.width) * span;
    const start = Math.min(1 - span, Math.max(0, wanted));
    this.listener.onZoom({ node, from: start, to: start + span });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { selected } = this.flamegraph;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = this.#neighbour(event.key, selected);
    if (next >= 0) {
      this.flamegraph.select(next);
      this.listener.onSelect(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      this.listener.onZoom({ node: selected, from: 0, to: 1 });
    } else {
      return;
    }
    event.preventDefault();
  }

  // Where a key leads from a node, -1 for nowhere.
  /** @param {string} key @param {number} node @returns {number} */
  #neighbour(key, node) {
    const { layout } = this.flamegraph;
    if (layout === null) return -1;
    switch (key) {
      case 'ArrowUp': return layout.tree.parent[node];
      case 'ArrowDown': return layout.heaviestChildren(node)[0] ?? -1;
      case 'Home': return 0;
      case 'ArrowLeft':
      case 'ArrowRight': {
        if (node === 0) return -1;
        const siblings = layout.heaviestChildren(layout.tree.parent[node]);
        return siblings[siblings.indexOf(node) + (key === 'ArrowLeft' ? -1 : 1)] ?? -1;
      }
      default: return -1;
    }
  }
}
