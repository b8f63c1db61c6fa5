// Pointer and keys over a flamegraph, turned into frames; what they mean is the listener's.

import { setProps } from './dom.js';
import { Flamegraph } from './flamegraph.js';

/**
 * @typedef {object} Listener
 * @property {(zoom: import('./layout.js').Zoom, isMoving: boolean) => void} onZoom  moving: more will follow
 * @property {(box: number, x: number, y: number) => void} onPoint  box -1: at nothing
 * @property {(node: number) => void} onSelect
 * @property {(node: number, x: number, y: number) => void} onMenu
 */

const kDragPixels = 5;

export class Controls {
  /** @param {Flamegraph} flamegraph @param {Listener} listener */
  constructor(flamegraph, listener) {
    this.flamegraph = flamegraph;
    this.listener = listener;
    /** @type {{x: number, y: number, top: number, from: number, moved: boolean} | null} */ this.drag = null;
    setProps(flamegraph.element, {
      pointerdown: (event) => this.#down(event),
      pointermove: (event) => this.#move(event),
      pointerup: () => this.#up(),
      pointercancel: () => this.#up(),
      pointerleave: (event) => this.#point(-1, event),
      click: (event) => this.#click(event),
      contextmenu: (event) => this.#menu(event),
      keydown: (event) => this.#key(event),
      wheel: (event) => this.#wheel(event),
    });
  }

  /** @param {MouseEvent} event */
  #boxUnder(event) {
    const { canvas, element, layout, rows } = this.flamegraph;
    const at = canvas.getBoundingClientRect();
    return layout.boxAt(rows.at(event.clientY - at.top + element.scrollTop), event.clientX - at.left);
  }

  /** @param {number} box @param {MouseEvent} event */
  #point(box, event) {
    this.flamegraph.point(box);
    this.listener.onPoint(box, event.clientX, event.clientY);
  }

  // ---- dragging pans; fingers scroll by themselves ----

  /** @param {PointerEvent} event */
  #down(event) {
    const { element, shown } = this.flamegraph;
    this.wasDragged = false;
    if (event.button !== 0 || event.pointerType === 'touch') return;
    this.drag = { x: event.clientX, y: event.clientY, top: element.scrollTop, from: shown.zoom.from, moved: false };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const { drag, flamegraph: { element, shown } } = this;
    if (drag === null) return this.#point(this.#boxUnder(event), event);
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved && Math.hypot(dx, dy) < kDragPixels) return;
    if (!drag.moved) element.setPointerCapture(event.pointerId);
    drag.moved = true;
    this.#point(-1, event);
    element.scrollTop = drag.top - dy;
    const { from, to } = shown.zoom;
    this.#showPart(drag.from - (dx / element.clientWidth) * (to - from), to - from);
  }

  #up() {
    this.wasDragged = this.drag?.moved ?? false;
    this.drag = null;
  }

  // The part of the zoomed frame that begins at `from`, as far as there is one.
  /** @param {number} from @param {number} span */
  #showPart(from, span) {
    const { shown } = this.flamegraph;
    const start = Math.min(1 - span, Math.max(0, from));
    this.listener.onZoom({ node: shown.zoom.node, from: start, to: start + span }, true);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const { layout } = this.flamegraph;
    const box = this.#boxUnder(event);
    if (this.wasDragged || box < 0) return;
    if (box === this.flamegraph.fold) {
      this.#point(-1, event);
      return this.flamegraph.unfold();
    }
    if (layout.hidden[box] > 0) {
      this.listener.onZoom(layout.zoomOfHidden(box), false);
    } else {
      this.flamegraph.selected = layout.node[box];
      this.listener.onZoom({ node: layout.node[box], from: 0, to: 1 }, false);
    }
  }

  // By mouse at the pointer; by the menu key at the selected frame.
  /** @param {MouseEvent} event */
  #menu(event) {
    const { layout, selected, ring } = this.flamegraph;
    event.preventDefault();
    const box = event.button === 2 ? this.#boxUnder(event) : layout.boxOf(selected);
    if (box < 0 || layout.hidden[box] > 0) return;
    const at = ring.getBoundingClientRect();
    const [x, y] = event.button === 2 ? [event.clientX, event.clientY] : [at.left + 8, at.bottom];
    this.flamegraph.selected = layout.node[box];
    this.listener.onMenu(layout.node[box], x, y);
  }

  // The wheel zooms around the pointer; where there is more to scroll to it does that, unless Ctrl is
  // held. Shift and sideways wheels pan.
  /** @param {WheelEvent} event */
  #wheel(event) {
    const { shown, canvas, rows, element } = this.flamegraph;
    const pan = event.shiftKey ? event.deltaX || event.deltaY : event.deltaX;
    const scrolls = rows.height > element.clientHeight + 1;
    const zooms = event.ctrlKey || (!scrolls && pan === 0);
    if (!zooms && pan === 0) return;
    event.preventDefault();
    const { from, to } = shown.zoom;
    const at = canvas.getBoundingClientRect();
    if (zooms) this.#zoomAround((event.clientX - at.left) / at.width, 2 ** (event.deltaY / 300));
    else this.#showPart(from + (pan / at.width) * (to - from), to - from);
  }

  /** @param {number} share  of the width @param {number} factor  below 1: closer */
  #zoomAround(share, factor) {
    const { from, to } = this.flamegraph.shown.zoom;
    const span = Math.min(1, (to - from) * factor);
    this.#showPart(from + share * (to - from - span), span);
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
      this.listener.onZoom({ node: selected, from: 0, to: 1 }, false);
    } else if (event.key === '+' || event.key === '-') {
      this.#zoomAround(0.5, event.key === '+' ? 0.5 : 2);
    } else {
      return;
    }
    event.preventDefault();
  }

  // Where a key leads from a node: as the boxes stand on the screen.
  /** @param {string} key @param {number} node @returns {number} */
  #neighbour(key, node) {
    const { layout, rows } = this.flamegraph;
    const [toCaller, toCallee] = rows.isUp ? ['ArrowDown', 'ArrowUp'] : ['ArrowUp', 'ArrowDown'];
    switch (key) {
      case toCaller: return layout.tree.parent[node];
      case toCallee: return layout.heaviestChildren(node)[0] ?? -1;
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
