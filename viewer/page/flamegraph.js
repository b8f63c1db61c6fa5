// The flamegraph on the page: a canvas no larger than what is in view, inside an area that scrolls.
// Turns pointer and keys into frames; what they mean is decided by whoever listens.

import { kRowHeight, Painter } from './canvas.js';
import { find, make, setAttributes } from './dom.js';
import { Layout } from './layout.js';
import { baseName, placeOf, shortName, visible } from './names.js';
import { formatBytes, formatCount, plural } from './units.js';

/**
 * @typedef {object} Shown
 * @property {import('./profile.js').ProcessProfile} profile
 * @property {import('./totals.js').Totals} totals
 * @property {'bytes' | 'count'} metric
 * @property {import('./layout.js').Zoom} zoom
 * @property {Uint8Array | null} matches
 * @property {Uint8Array} colors
 * @property {boolean} dark
 *
 * @typedef {object} Listener
 * @property {(zoom: import('./layout.js').Zoom) => void} onZoom
 * @property {() => void} onReset
 * @property {(box: number, x: number, y: number) => void} onPoint  box -1: at nothing
 * @property {(node: number) => void} onSelect
 */

const kMinWidth = 1;

export class Flamegraph {
  /** @param {Listener} listener */
  constructor(listener) {
    this.listener = listener;
    this.area = find('#flame');
    this.canvas = /** @type {HTMLCanvasElement} */ (find('#canvas'));
    this.floor = find('#floor');
    this.ring = find('#ring');
    this.painter = new Painter(this.canvas);
    /** @type {Shown | null} */ this.shown = null;
    /** @type {Layout | null} */ this.layout = null;
    /** @type {Map<number, string>} */ this.labels = new Map();
    this.selected = 0;
    this.hovered = -1;
    this.#listen();
  }

  /** @param {Shown} shown */
  show(shown) {
    if (this.shown?.profile !== shown.profile) this.selected = 0;
    this.shown = shown;
    this.relayout();
  }

  relayout() {
    if (this.shown === null || this.area.clientWidth === 0) return;
    const { profile, totals, metric, zoom } = this.shown;
    const width = this.area.clientWidth;
    const sums = metric === 'bytes' ? totals.bytes : totals.counts;
    this.layout = new Layout(profile.tree, sums, totals.present, { zoom, width, minWidth: kMinWidth });
    this.floor.style.height = `${this.layout.rowCount * kRowHeight}px`;
    this.painter.resize(width, this.area.clientHeight);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${this.area.clientHeight}px`;
    this.#point(-1, 0, 0);
    this.paint();
  }

  paint() {
    const { layout, shown } = this;
    if (layout === null || shown === null) return;
    const { colors, matches, dark } = shown;
    const label = (/** @type {number} */ box) => this.label(box);
    const aside = (/** @type {number} */ box) => this.#aside(box);
    this.painter.paint({ layout, top: this.area.scrollTop, dark, label, aside, colors, matches });
    this.#placeRing();
  }

  // What a box says: its function's short name, or what it stands for.
  /** @param {number} box @returns {string} */
  label(box) {
    const { layout, shown } = this;
    if (layout === null || shown === null) return '';
    const node = layout.node[box];
    if (layout.hidden[box] > 0) return hiddenName(layout, box, shown.metric);
    const frame = shown.profile.tree.frame[node];
    if (frame < 0) return nodeName(shown.profile, node);
    let label = this.labels.get(frame);
    if (label === undefined) {
      label = shortName(nodeName(shown.profile, node));
      this.labels.set(frame, label);
    }
    return label;
  }

  // The place in the source, the amount: for boxes with room to spare.
  /** @param {number} box @returns {string[]} */
  #aside(box) {
    const { layout, shown } = this;
    if (layout === null || shown === null || layout.hidden[box] > 0) return [];
    const value = layout.value(layout.node[box]);
    const amount = shown.metric === 'bytes' ? formatBytes(value) : formatCount(value / 65536);
    const frame = shown.profile.tree.frame[layout.node[box]];
    if (frame < 0) return [amount];
    const { file, line } = shown.profile.frames.at(frame);
    return [visible(placeOf(baseName(file), line)), amount].filter((word) => word !== '');
  }

  // Scrolls a node's row into view and puts the ring around it.
  /** @param {number} node */
  select(node) {
    const { layout } = this;
    if (layout === null) return;
    this.selected = node;
    const row = layout.tree.path(node).length - 1;
    const { scrollTop, clientHeight } = this.area;
    if (row * kRowHeight < scrollTop) this.area.scrollTop = row * kRowHeight;
    const below = (row + 1) * kRowHeight - clientHeight;
    if (below > scrollTop) this.area.scrollTop = below;
    this.hovered = layout.boxOf(node);
    this.#placeRing();
    this.listener.onSelect(node);
  }

  // The boxes on the canvas, in CSS pixels of the page.
  drawn() {
    const { layout, shown } = this;
    if (layout === null || shown === null) return [];
    const at = this.canvas.getBoundingClientRect();
    const { first, last } = this.painter.range(layout, this.area.scrollTop);
    const boxes = [];
    for (let row = first; row < last; ++row) {
      for (let box = layout.rows[row]; box < layout.rows[row + 1]; ++box) {
        boxes.push({
          ...this.amounts(box),
          x: at.left + scrollX + layout.x[box],
          y: at.top + scrollY + row * kRowHeight - this.area.scrollTop,
          width: layout.width[box],
          height: kRowHeight - 1,
        });
      }
    }
    return boxes;
  }

  /** @param {number} box */
  amounts(box) {
    const { layout, shown } = this;
    if (layout === null || shown === null) throw new Error('nothing is shown');
    const node = layout.node[box];
    if (layout.hidden[box] > 0) {
      return {
        name: hiddenName(layout, box, shown.metric),
        self_bytes: 0,
        total_bytes: layout.hiddenSum(box, shown.totals.bytes),
        count: Math.round(layout.hiddenSum(box, shown.totals.counts) / 65536),
      };
    }
    const total = shown.totals.total(node);
    const self = shown.totals.self(node);
    return {
      name: nodeName(shown.profile, node),
      self_bytes: self.bytes,
      total_bytes: total.bytes,
      count: total.count,
    };
  }

  #listen() {
    const { area } = this;
    area.addEventListener('scroll', () => this.paint(), { passive: true });
    area.addEventListener('pointermove', (event) => this.#move(event));
    area.addEventListener('pointerleave', () => this.#point(-1, 0, 0));
    area.addEventListener('click', (event) => this.#click(event));
    area.addEventListener('keydown', (event) => this.#key(event));
    area.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => this.relayout()).observe(area);
  }

  /** @param {MouseEvent} event */
  #boxUnder(event) {
    const at = this.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - at.top + this.area.scrollTop) / kRowHeight);
    return this.layout?.boxAt(row, event.clientX - at.left) ?? -1;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#point(this.#boxUnder(event), event.clientX, event.clientY);
  }

  /** @param {number} box @param {number} x @param {number} y */
  #point(box, x, y) {
    this.hovered = box;
    this.#placeRing();
    this.listener.onPoint(box, x, y);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const box = this.#boxUnder(event);
    if (box >= 0) this.#zoomTo(box);
  }

  /** @param {number} box */
  #zoomTo(box) {
    const { layout } = this;
    if (layout === null) return;
    if (layout.hidden[box] > 0) return this.listener.onZoom(layout.zoomOfHidden(box));
    this.selected = layout.node[box];
    this.listener.onZoom({ node: this.selected, from: 0, to: 1 });
  }

  // Ctrl and wheel zoom around the pointer; the wheel alone scrolls.
  /** @param {WheelEvent} event */
  #wheel(event) {
    const { layout, shown } = this;
    if (!event.ctrlKey || layout === null || shown === null) return;
    event.preventDefault();
    const { node, from, to } = shown.zoom;
    const at = this.canvas.getBoundingClientRect();
    const share = (event.clientX - at.left) / at.width;
    const center = from + share * (to - from);
    const span = Math.min(1, (to - from) * 2 ** (event.deltaY / 300));
    const start = Math.min(1 - span, Math.max(0, center - share * span));
    this.listener.onZoom({ node, from: start, to: start + span });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { shown, selected } = this;
    if (shown === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = this.#neighbour(event.key, selected);
    if (next >= 0) {
      event.preventDefault();
      this.select(next);
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.listener.onZoom({ node: selected, from: 0, to: 1 });
    }
  }

  // Where a key leads from a node, -1 for nowhere.
  /** @param {string} key @param {number} node @returns {number} */
  #neighbour(key, node) {
    const { layout } = this;
    if (layout === null) return -1;
    const heaviest = (/** @type {number} */ parent) => layout.tree.children(parent)
      .filter((child) => layout.value(child) > 0)
      .sort((a, b) => layout.value(b) - layout.value(a) || a - b);
    switch (key) {
      case 'ArrowUp': return layout.tree.parent[node];
      case 'ArrowDown': return heaviest(node)[0] ?? -1;
      case 'Home': return 0;
      case 'ArrowLeft':
      case 'ArrowRight': {
        if (node === 0) return -1;
        const siblings = heaviest(layout.tree.parent[node]);
        return siblings[siblings.indexOf(node) + (key === 'ArrowLeft' ? -1 : 1)] ?? -1;
      }
      default: return -1;
    }
  }

  #placeRing() {
    const { layout, hovered } = this;
    this.ring.hidden = layout === null || hovered < 0 || hovered >= layout.boxCount;
    if (layout === null || this.ring.hidden) return;
    const row = layout.rows.findIndex((first) => first > hovered) - 1;
    this.ring.style.transform = `translate(${layout.x[hovered]}px, ${row * kRowHeight}px)`;
    this.ring.style.width = `${layout.width[hovered]}px`;
  }
}

// The full name of what a node stands for.
/** @param {import('./profile.js').ProcessProfile} profile @param {number} node @returns {string} */
export function nodeName(profile, node) {
  const { tree, frames } = profile;
  if (node === 0) return 'all';
  const omitted = tree.omitted.get(node);
  if (omitted !== undefined) return `(${plural(omitted, 'frame')} left out of a deep stack)`;
  return frames.texts.at(frames.functions[tree.frame[node]]) || '(unknown)';
}

/** @param {Layout} layout @param {number} box @param {'bytes' | 'count'} metric */
function hiddenName(layout, box, metric) {
  const value = layout.hiddenValue[box];
  const amount = metric === 'bytes' ? formatBytes(value) : plural(value / 65536, 'block');
  return `(${formatCount(layout.hidden[box])} ${layout.hidden[box] === 1 ? 'frame' : 'frames'}, ${amount})`;
}

// The tree around the selected frame, for those who hear it: its path, siblings and children.
/** @param {HTMLElement} list @param {Flamegraph} flamegraph */
export function describeTree(list, flamegraph) {
  const { layout, shown, selected } = flamegraph;
  if (layout === null || shown === null) return;
  const { tree } = layout;
  const path = tree.path(selected);
  const near = (/** @type {number} */ parent) => tree.children(parent)
    .filter((child) => layout.value(child) > 0)
    .sort((a, b) => layout.value(b) - layout.value(a) || a - b);
  const siblings = selected === 0 ? [0] : near(tree.parent[selected]);
  const at = siblings.indexOf(selected);
  const children = near(selected);
  const total = shown.totals;
  const item = (/** @type {number} */ node, /** @type {number} */ level, /** @type {number[]} */ among) => {
    const text = `${shortName(nodeName(shown.profile, node))}, ${formatBytes(total.total(node).bytes)}`;
    const element = make('div', {
      role: 'treeitem', id: `node-${node}`, 'aria-level': level, 'aria-setsize': among.length,
      'aria-posinset': among.indexOf(node) + 1, 'aria-selected': String(node === selected),
    }, text);
    if (node === selected && children.length > 0) setAttributes(element, { 'aria-expanded': 'true' });
    return element;
  };
  const around = siblings.slice(Math.max(0, at - 10), at + 11);
  list.replaceChildren(
    ...path.slice(0, -1).slice(-30).map((node) => item(node, path.indexOf(node) + 1, [node])),
    ...around.flatMap((node) => [item(node, path.length, siblings), ...(node === selected
      ? children.slice(0, 20).map((child) => item(child, path.length + 1, children)) : [])]));
  setAttributes(flamegraph.area, { 'aria-activedescendant': `node-${selected}` });
}
