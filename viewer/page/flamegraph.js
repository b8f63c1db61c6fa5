// The flamegraph on the page: a canvas no larger than what is in view, inside an area that scrolls.

import { Painter } from './canvas.js';
import { find, findIn } from './dom.js';
import { asideOf, frameLabel, hiddenName, nodeName } from './labels.js';
import { Layout } from './layout.js';
import { kRowHeight, Rows } from './rows.js';

/**
 * @typedef {object} Shown
 * @property {import('./profile.js').ProcessProfile} profile
 * @property {import('./totals.js').Totals} totals  and the tree that they belong to
 * @property {import('./totals.js').Precision} precision
 * @property {string} [root]  what all of it is called
 * @property {'bytes' | 'count'} metric
 * @property {import('./labels.js').Grouping} grouping
 * @property {import('./layout.js').Zoom} zoom
 * @property {Uint8Array | null} matches  by frame; null: no search
 * @property {import('./colors.js').Colors} colors
 * @property {boolean} dark
 * @property {boolean} isUp  callees stand above their callers
 * @property {number} firstRow  rows before it are not shown
 */

const kMinWidth = 1;

export class Flamegraph {
  /** @param {string} area  a selector */
  constructor(area) {
    this.element = find(area);
    this.canvas = /** @type {HTMLCanvasElement} */ (findIn(this.element, 'canvas'));
    this.floor = findIn(this.element, '.floor');
    this.ring = findIn(this.element, '.ring');
    this.outline = findIn(this.element, '.outline');
    this.rows = new Rows(0, 0, false, 0);
    this.painter = new Painter(this.canvas);
    /** @type {Shown | null} */ this.shown = null;
    /** @type {Layout | null} */ this.layout = null;
    /** @type {Map<number, string>} */ this.labels = new Map();
    this.selected = 0;  // a node, for keys
    this.hovered = -1;  // a box
    this.element.addEventListener('scroll', () => this.paint(), { passive: true });
    new ResizeObserver(() => { if (!this.fits) this.relayout(); }).observe(this.element);
  }

  /** @param {Shown} shown */
  show(shown) {
    if (this.shown?.totals.tree !== shown.totals.tree) this.selected = 0;
    if (this.shown?.profile !== shown.profile || this.shown.grouping !== shown.grouping) this.labels.clear();
    this.shown = shown;
    this.relayout();
  }

  get fits() { return this.painter.width === this.element.clientWidth && this.painter.height === this.element.clientHeight; }

  // The canvas to its area.
  /** @param {number} width @param {number} height */
  #fit(width, height) {
    this.painter.resize(width, height);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  relayout() {
    if (this.shown === null || this.element.clientWidth === 0) return;
    const { totals, metric, zoom } = this.shown;
    const { clientWidth: width, clientHeight } = this.element;
    const sums = metric === 'bytes' ? totals.sums.bytes : totals.sums.count;
    const { firstRow, isUp } = this.shown;
    this.layout = new Layout(totals.tree, sums, totals.present, { zoom, width, minWidth: kMinWidth });
    // The halves of a sandwich share the height as they need it.
    this.element.style.flexGrow = firstRow === 0 ? '' : String(Math.min(40, Math.max(4, this.layout.rowCount - firstRow)));
    const height = firstRow === 0 ? clientHeight : this.element.clientHeight;
    const { isUp: wasUp, height: before } = this.rows;
    this.rows = new Rows(this.layout.rowCount, firstRow, isUp, height);
    this.floor.style.height = `${this.rows.height}px`;
    // A flame stands on its root: that is what is to be seen first.
    if (isUp && (!wasUp || this.rows.height !== before)) this.element.scrollTop = this.rows.height;
    if (wasUp && !isUp) this.element.scrollTop = 0;
    this.#fit(width, height);
    this.hovered = -1;
    this.paint();
  }

  paint() {
    const { layout, shown } = this;
    if (layout === null || shown === null) return;
    const { colors, matches, dark } = shown;
    this.painter.paint({
      layout, rows: this.rows, top: this.element.scrollTop, dark, colors, matches,
      label: (box) => this.label(box),
      aside: (box) => asideOf(shown, layout, box),
    });
    this.placeRing();
  }

  // What a box says: its short name, or what it stands for.
  /** @param {number} box @returns {string} */
  label(box) {
    const { layout, shown } = this;
    if (layout === null || shown === null) return '';
    if (layout.hidden[box] > 0) return hiddenName(layout, box, shown.metric);
    const frame = shown.totals.tree.frame[layout.node[box]];
    if (frame < 0) return nodeName(shown, layout.node[box]);
    let label = this.labels.get(frame);
    if (label === undefined) this.labels.set(frame, label = frameLabel(shown, frame, nodeName(shown, layout.node[box])));
    return label;
  }

  // Scrolls a node's row into view and puts the ring around it.
  /** @param {number} node */
  select(node) {
    const { layout } = this;
    if (layout === null) return;
    this.selected = node;
    const top = this.rows.top(layout.tree.path(node).length - 1);
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    const below = top + kRowHeight - clientHeight;
    if (below > scrollTop) this.element.scrollTop = below;
    this.point(layout.boxOf(node));
  }

  /** @param {number} box  -1: at nothing */
  point(box) {
    this.hovered = box;
    this.placeRing();
  }

  placeRing() {
    const { layout, hovered } = this;
    this.ring.hidden = layout === null || hovered < 0 || hovered >= layout.boxCount;
    if (layout === null || this.ring.hidden) return;
    this.ring.style.transform = `translate(${layout.x[hovered]}px, ${this.rows.top(layout.rowOf(hovered))}px)`;
    this.ring.style.width = `${layout.width[hovered]}px`;
  }

  // The boxes on the canvas, in CSS pixels of the page.
  drawn() {
    const { layout } = this;
    if (layout === null || this.element.clientWidth === 0) return [];
    const at = this.canvas.getBoundingClientRect();
    const { first, last } = this.painter.range(this.rows, this.element.scrollTop);
    const boxes = [];
    for (let row = first; row < last; ++row) {
      for (let box = layout.rows[row]; box < layout.rows[row + 1]; ++box) {
        boxes.push({
          ...this.amounts(box),
          x: at.left + scrollX + layout.x[box],
          y: at.top + scrollY + this.rows.top(row) - this.element.scrollTop,
          width: layout.width[box],
          height: kRowHeight - 1,
        });
      }
    }
    return boxes;
  }

  /** @param {number} box */
  amounts(box) {
    const layout = /** @type {import('./layout.js').Layout} */ (this.layout);
    const shown = /** @type {Shown} */ (this.shown);
    const { totals } = shown;
    const node = layout.node[box];
    if (layout.hidden[box] > 0) {
      return {
        name: hiddenName(layout, box, shown.metric),
        self_bytes: 0,
        total_bytes: layout.hiddenSum(box, totals.sums.bytes),
        count: Math.round(layout.hiddenSum(box, totals.sums.count) / 65536),
      };
    }
    const total = totals.total(node);
    return {
      name: nodeName(shown, node),
      self_bytes: totals.self(node).bytes,
      total_bytes: total.bytes,
      count: total.count,
    };
  }
}
