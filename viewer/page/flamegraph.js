// The flamegraph on the page: a canvas no larger than what is in view, inside an area that scrolls.

import { Painter } from './canvas.js';
import { remembered } from './remembered.js';
import { detailsOf } from './details.js';
import { find, findIn, setProps } from './dom.js';
import { asideOf, frameLabel, hiddenName, nodeName } from './labels.js';
import { Layout } from './layout.js';
import { kRowHeight, Rows } from './rows.js';
import { plural } from './units.js';

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
 * @property {boolean} [folds]  its trunk, for a start
 */

const kMinWidth = 1;
const kMinTrunk = 7;  // rows: a shorter one stays as it is

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
    // Both are there as soon as anything is to be seen.
    /** @type {Shown} */ this.shown = /** @type {never} */ (null);
    /** @type {Layout} */ this.layout = /** @type {never} */ (null);
    /** @type {Map<number, string>} */ this.labels = new Map();
    this.selected = 0;  // a node, for keys
    this.isUnfolded = false;
    this.hovered = -1;  // a box
    setProps(this.element, { scroll: () => this.paint() });
    new ResizeObserver(() => {
      const { width, height } = this.painter;
      if (width !== this.element.clientWidth || height !== this.element.clientHeight) this.relayout();
    }).observe(this.element);
  }

  /** @param {Shown} shown */
  show(shown) {
    if (this.shown?.totals.tree !== shown.totals.tree) Object.assign(this, { selected: 0, isUnfolded: false });
    if (this.shown?.profile !== shown.profile || this.shown.grouping !== shown.grouping) this.labels.clear();
    this.shown = shown;
    this.relayout();
  }

  relayout() {
    if (this.element.clientWidth === 0) return;
    const { totals, metric, zoom } = this.shown;
    const { clientWidth: width } = this.element;
    const sums = metric === 'bytes' ? totals.sums.bytes : totals.sums.count;
    const { firstRow, isUp } = this.shown;
    this.layout = new Layout(totals.tree, sums, totals.present, { zoom, width, minWidth: kMinWidth });
    // The halves of a sandwich share the height as they need it.
    this.element.style.flexGrow = firstRow === 0 ? '' : String(Math.min(40, Math.max(4, this.layout.rowCount - firstRow)));
    const height = this.element.clientHeight;
    const { isUp: wasUp, height: before } = this.rows;
    this.rows = new Rows(this.layout.rowCount, firstRow, isUp, height, this.#folded(this.layout, this.shown));
    this.floor.style.height = `${this.rows.height}px`;
    // A flame stands on its root: that is what is to be seen first.
    if (isUp && (!wasUp || this.rows.height !== before)) this.element.scrollTop = this.rows.height;
    if (wasUp && !isUp) this.element.scrollTop = 0;
    this.painter.resize(width, height);
    this.hovered = -1;
    this.paint();
  }

  // How many rows of a deep program's trunk are folded, as long as it is in view and nobody wants to
  // see them.
  /** @param {Layout} layout @param {Shown} shown */
  #folded({ trunk: { node, depth }, node: { 1: first } }, { folds, zoom, totals: { tree } }) {
    const isInView = first > 0 && first <= node && node < tree.end[first];
    const isZoomedIn = zoom.node > 0 && zoom.node < node;
    return folds && !this.isUnfolded && isInView && !isZoomedIn && depth > kMinTrunk ? depth - 2 : 0;
  }

  // The box that stands for them: the first of row 1, behind that of all.
  get fold() { return this.rows.skipped > 0 ? 1 : -1; }

  unfold() {
    this.isUnfolded = true;
    this.relayout();
  }

  paint() {
    const { layout, shown } = this;
    const { colors, matches, dark } = shown;
    this.painter.paint({
      layout, rows: this.rows, fold: this.fold, top: this.element.scrollTop, dark, colors, matches,
      label: (box) => this.#label(layout, shown, box),
      aside: (box) => asideOf(shown, layout, box).slice(box === this.fold ? -1 : 0),
    });
    this.placeRing();
  }

  // What a box says: its short name, or what it stands for.
  /** @param {Layout} layout @param {Shown} shown @param {number} box @returns {string} */
  #label(layout, shown, box) {
    if (layout.hidden[box] > 0) return hiddenName(layout, box, shown.metric);
    const label = this.#nodeLabel(shown, layout.node[box]);
    if (box !== this.fold) return label;
    return `▸ ${plural(this.rows.skipped + 1, 'frame')}: ${label} … ${this.#nodeLabel(shown, layout.tree.parent[layout.trunk.node])}`;
  }

  /** @param {Shown} shown @param {number} node @returns {string} */
  #nodeLabel(shown, node) {
    const frame = shown.totals.tree.frame[node];
    if (frame < 0) return nodeName(shown, node);
    return remembered(this.labels, frame, () => frameLabel(shown, frame, nodeName(shown, node)));
  }

  // Scrolls a node's row into view and puts the ring around it.
  /** @param {number} node */
  select(node) {
    const { layout } = this;
    if (layout === null) return;
    this.selected = node;
    const row = layout.tree.path(node).length - 1;
    const { skipped } = this.rows;
    if (skipped > 0 && row > 0 && row <= skipped + 1) this.unfold();
    const top = this.rows.top(row);
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
    this.ring.hidden = hovered < 0 || hovered >= layout.boxCount;
    if (this.ring.hidden) return;
    this.ring.style.transform = `translate(${layout.x[hovered]}px, ${this.rows.top(layout.rowOf(hovered))}px)`;
    this.ring.style.width = `${layout.width[hovered]}px`;
  }

  // The boxes on the canvas, in CSS pixels of the page.
  drawn() {
    const { layout } = this;
    if (this.element.clientWidth === 0) return [];
    const at = this.canvas.getBoundingClientRect();
    const boxes = [];
    for (const row of this.painter.inView(this.rows, this.element.scrollTop)) {
      for (let box = layout.rows[row]; box < layout.rows[row + 1]; ++box) {
        const { name, self_bytes, total_bytes, count } = /** @type {import('./details.js').Details} */ (detailsOf(this, box));
        boxes.push({
          name, self_bytes, total_bytes, count,
          x: at.left + scrollX + layout.x[box],
          y: at.top + scrollY + this.rows.top(row) - this.element.scrollTop,
          width: layout.width[box],
          height: kRowHeight - 1,
        });
      }
    }
    return boxes;
  }
}
