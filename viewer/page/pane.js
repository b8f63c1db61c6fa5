// One flamegraph with what answers to pointer and keys in it. A page has two: a sandwich shows the
// callers above the callees.

import { Controls } from './controls.js';
import { detailsOf, spoken } from './details.js';
import { find } from './dom.js';
import { Flamegraph } from './flamegraph.js';
import { kWhole } from './layout.js';
import { describeTree } from './outline.js';

/**
 * @typedef {object} PaneListener
 * @property {(zoom: import('./layout.js').Zoom, isMoving: boolean) => void} onZoom
 * @property {(pane: Pane, node: number, x: number, y: number) => void} onMenu
 * @property {() => void} onSelect
 */

export class Pane {
  /**
   * @param {string} area  a selector @param {import('./details.js').Card} card
   * @param {import('./menu.js').Menu} menu @param {PaneListener} listener
   */
  constructor(area, card, menu, listener) {
    this.flamegraph = new Flamegraph(area);
    this.card = card;
    this.menu = menu;
    this.zoom = kWhole;
    this.listener = listener;
    this.controls = new Controls(this.flamegraph, {
      onZoom: listener.onZoom,
      onPoint: (box, x, y) => this.#point(box, x, y),
      onSelect: () => this.tell(),
      onMenu: (node, x, y) => listener.onMenu(this, node, x, y),
    });
  }

  // A node that holds nothing (any more) is not zoomed on.
  /** @param {import('./shape.js').View} view @param {string} hash @param {number} from @param {number} to */
  setZoom(view, hash, from, to) {
    const node = Math.max(0, view.hashes.find(hash));
    const { tree, sums: { count } } = view.totals;
    this.zoom = count[tree.end[node]] === count[node] ? kWhole : { node, from, to };
  }

  /** @param {number} box @param {number} x @param {number} y */
  #point(box, x, y) {
    const details = this.menu.isOpen ? null : detailsOf(this.flamegraph, box);
    if (details === null) return this.card.hide();
    this.card.fill(details, this.zoom.node !== 0);
    this.card.place(x, y);
  }

  // A frame chosen by keys: its card under its box, its words for those who listen.
  tell() {
    const { flamegraph, card } = this;
    describeTree(flamegraph);
    this.listener.onSelect();
    const details = detailsOf(flamegraph, flamegraph.hovered);
    if (details === null) return;
    find('#live').textContent = spoken(details);
    const at = flamegraph.ring.getBoundingClientRect();
    card.fill(details, this.zoom.node !== 0);
    card.place(at.left, at.bottom - 12);
  }
}
