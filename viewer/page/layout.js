// Which boxes a flamegraph of a given width shows, and where: row by row, from the root down.
//
// Children stand heaviest first. Those narrower than `minWidth` share one box at the end of their
// row, so nothing is cut silently and no work is done for what cannot be seen.

import { firstBehind } from './bisect.js';
import { CallTree, kFolded } from './tree.js';

/**
 * @typedef {{node: number, from: number, to: number}} Zoom  a node, and which part of its width
 * @typedef {{zoom: Zoom, width: number, minWidth: number}} Viewport
 */

const kTrunkShare = 0.97;

/** @type {Zoom} */
export const kWhole = Object.freeze({ node: 0, from: 0, to: 1 });

export class Layout {
  /**
   * @param {CallTree} tree @param {Float64Array} sums  running: a subtree holds sums[end] - sums[start]
   * @param {Uint32Array} present  running count of the frames that hold anything
   * @param {Viewport} viewport
   */
  constructor(tree, sums, present, viewport) {
    this.tree = tree;
    this.sums = sums;
    this.present = present;
    this.viewport = viewport;
    // One entry for each box; rows[r] is the first box of row r.
    /** @type {number[]} */ this.node = [];
    /** @type {number[]} */ this.x = [];
    /** @type {number[]} */ this.width = [];
    /** @type {number[]} */ this.hidden = [];  // > 0: stands for so many frames under `node`
    /** @type {number[]} */ this.hiddenValue = [];  // and what they hold
    /** @type {number[]} */ this.rows = [0];
    /** @type {number[]} */ this.scratch = [];
    this.scale = 0;  // pixels for each unit
    // Heaviest first, and last what stands for many that are small.
    const { frame } = tree;
    this.order = (/** @type {number} */ a, /** @type {number} */ b) =>
      Number(frame[a] === kFolded) - Number(frame[b] === kFolded) || this.value(b) - this.value(a) || a - b;
    this.#placeAncestors();
    this.#placeZoomed();
  }

  get boxCount() { return this.node.length; }
  get rowCount() { return this.rows.length - 1; }

  /** @param {number} node */
  value(node) {
    return this.sums[this.tree.end[node]] - this.sums[node];
  }

  /** @param {number} node */
  selfValue(node) {
    return this.sums[node + 1] - this.sums[node];
  }

  // Those that hold anything, in the order in which they stand.
  /** @param {number} node @returns {number[]} */
  heaviestChildren(node) {
    const children = this.tree.children(node).filter((child) => this.value(child) > 0);
    return children.sort(this.order);
  }

  // The last of the frames that hold nearly all, one under the other, before anything branches.
  get trunk() {
    const { end } = this.tree;
    let node = 0;
    let depth = 0;
    for (let child = 1; child < end[node];) {
      const isTrunk = this.value(child) > kTrunkShare * this.value(0);
      if (isTrunk) [node, depth] = [child, depth + 1];
      child = isTrunk ? child + 1 : end[child];
    }
    return { node, depth };
  }

  /** @param {number} box */
  rowOf(box) {
    return firstBehind(this.rowCount, (row) => this.rows[row + 1] > box);
  }

  // The box at x in a row, -1 for none.
  /** @param {number} row @param {number} x */
  boxAt(row, x) {
    if (row < 0 || row >= this.rowCount) return -1;
    const first = this.rows[row];
    const count = this.rows[row + 1] - first;
    const place = firstBehind(count, (i) => this.x[first + i] + this.width[first + i] > x);
    return place < count && this.x[first + place] <= x ? first + place : -1;
  }

  // The box drawn for a node: its own, or the one that it is hidden in; -1 when out of view.
  /** @param {number} node */
  boxOf(node) {
    const depth = this.tree.path(node).length - 1;
    for (let i = this.rows[depth] ?? this.boxCount; i < (this.rows[depth + 1] ?? 0); ++i) {
      if (this.node[i] === node && this.hidden[i] === 0) return i;
    }
    return -1;
  }

  // What the frames in a box of hidden ones hold under other running sums.
  /** @param {number} box @param {Float64Array} sums */
  hiddenSum(box, sums) {
    const { end } = this.tree;
    let held = 0;
    for (let child = this.node[box] + 1; child < end[this.node[box]]; child = end[child]) {
      if (this.value(child) * this.scale < this.viewport.minWidth) held += sums[end[child]] - sums[child];
    }
    return held;
  }

  // The part of its parent that a box of hidden frames covers: what a click on it zooms to.
  /** @param {number} box @returns {Zoom} */
  zoomOfHidden(box) {
    const node = this.node[box];
    const total = this.value(node);
    const to = total - this.selfValue(node);
    return { node, from: (to - this.hiddenValue[box]) / total, to: to / total };
  }

  /**
   * @param {number} node @param {number} x @param {number} width
   * @param {number} [hidden] @param {number} [hiddenValue]
   */
  #place(node, x, width, hidden = 0, hiddenValue = 0) {
    const right = Math.min(x + width, this.viewport.width);
    const left = Math.max(x, 0);
    if (right <= left) return;
    this.node.push(node);
    this.x.push(left);
    this.width.push(right - left);
    this.hidden.push(hidden);
    this.hiddenValue.push(hiddenValue);
  }

  #placeAncestors() {
    const path = this.tree.path(this.viewport.zoom.node);
    for (const node of path.slice(0, -1)) {
      this.#place(node, 0, this.viewport.width);
      this.rows.push(this.boxCount);
    }
  }

  #placeZoomed() {
    const { zoom, width } = this.viewport;
    const total = this.value(zoom.node);
    if (!(total > 0)) return;
    const scale = width / (total * (zoom.to - zoom.from));
    this.scale = scale;
    /** @type {number[]} */ let nodes = [zoom.node];
    /** @type {number[]} */ let starts = [-zoom.from * total * scale];
    this.#place(zoom.node, starts[0], total * scale);
    this.rows.push(this.boxCount);
    while (nodes.length > 0) {
      /** @type {number[]} */ const nextNodes = [];
      /** @type {number[]} */ const nextStarts = [];
      for (let i = 0; i < nodes.length; ++i) {
        this.#placeChildren(nodes[i], starts[i], scale, nextNodes, nextStarts);
      }
      if (this.boxCount === this.rows[this.rowCount]) return;
      this.rows.push(this.boxCount);
      nodes = nextNodes;
      starts = nextStarts;
    }
  }

  /**
   * @param {number} node @param {number} start @param {number} scale
   * @param {number[]} nextNodes @param {number[]} nextStarts
   */
  #placeChildren(node, start, scale, nextNodes, nextStarts) {
    const { minWidth, width } = this.viewport;
    const { present, sums, scratch: wide } = this;
    const { end } = this.tree;
    const last = end[node];
    wide.length = 0;
    let hidden = present[last] - present[node + 1];
    let rest = sums[last] - sums[node + 1];
    for (let child = node + 1, next; child < last; child = next) {
      next = end[child];
      const value = sums[next] - sums[child];
      if (value * scale < minWidth) continue;
      wide.push(child);
      hidden -= present[next] - present[child];
      rest -= value;
    }
    wide.sort(this.order);
    let x = start;
    for (let i = 0; i < wide.length; ++i) {
      const child = wide[i];
      const childWidth = (sums[end[child]] - sums[child]) * scale;
      if (x + childWidth > 0 && x < width) {
        this.#place(child, x, childWidth);
        nextNodes.push(child);
        nextStarts.push(x);
      }
      x += childWidth;
    }
    if (hidden <= 0) return;
    // Visible however little it is: as wide as the narrowest box, where its parent has the room.
    const room = Math.min(minWidth, start + this.value(node) * scale - x);
    this.#place(node, x, Math.max(rest * scale, room), hidden, rest);
  }
}
