// The curve on the page: live bytes over time, the peak marked, what is chosen shaded. A click
// chooses a moment, a drag what came between two and stayed; arrow keys do too, Shift being the drag.

import { ticks } from './curve.js';
import { fill, find, makeSvg, setProps } from './dom.js';
import { formatBytes, formatCount, formatSeconds, formatSpan } from './units.js';

const kDragPixels = 4;
const kTickRoom = 24;  // half the words of a tick

export class CurveView {
  /** @param {(view: string) => void} onPick */
  constructor(onPick) {
    this.onPick = onPick;
    this.element = find('#curve');
    this.readout = find('#readout');
    /** @type {import('./profile.js').ProcessProfile | null} */ this.profile = null;
    this.view = 'peak';
    this.width = 0;  // as drawn
    this.height = 0;
    /** @type {number | null} */ this.dragFrom = null;
    this.anchor = -1;  // the moment at which an interval by keys began
    setProps(this.element, {
      pointerdown: (event) => this.#down(event),
      pointermove: (event) => this.#move(event),
      pointerup: (event) => this.#up(event),
      pointerleave: () => this.#tell(null),
      keydown: (event) => this.#key(event),
    });
    new ResizeObserver(([{ target }]) => {
      if (target.clientWidth !== this.width || target.clientHeight !== this.height) this.draw();
    }).observe(this.element);
  }

  /** @param {import('./profile.js').ProcessProfile} profile @param {string} view */
  show(profile, view) {
    this.profile = profile;
    this.view = view;
    const { moments } = profile.samples;
    find('#resolution').title = `${formatCount(moments.length)} moments, one for each ${formatSpan(profile.resolution)}`;
    find('#rss').hidden = !profile.curve.resident.length;
    this.draw();
  }

  get seconds() { return (this.profile?.curve.duration ?? 1) * 1e-9; }

  draw() {
    const { profile, element } = this;
    const { clientWidth: width, clientHeight: height } = element;
    if (profile === null || width === 0) return;
    Object.assign(this, { width, height });
    const { curve } = profile;
    const floor = height - 16;
    const path = (/** @type {Float64Array} */ values) => curve.steps(values, width, floor - 16);
    const area = (/** @type {string} */ steps) => `${steps}V${floor - 16}H0Z`;
    const highest = path(curve.highest);
    const x = (/** @type {number} */ ns) => (ns / curve.duration) * width;
    const svg = makeSvg('svg', { width, height, 'aria-hidden': 'true' });
    const plot = makeSvg('g', { transform: 'translate(0 16)' },
      makeSvg('path', { class: 'area between', d: area(highest) }),
      makeSvg('path', { class: 'area', d: area(path(curve.lowest)) }),
      makeSvg('path', { class: 'line', d: highest }));
    svg.append(plot, makeSvg('line', { class: 'axis', x1: 0, x2: width, y1: floor, y2: floor }));
    for (const tick of ticks(this.seconds, Math.max(2, width / 90))) {
      const at = (tick / this.seconds) * width;
      const isLast = at > width - kTickRoom;
      svg.append(makeSvg('text', { class: 'tick', x: isLast ? width : at, y: height - 3, 'text-anchor': isLast ? 'end' : 'middle' }, formatSpan(tick)));
    }
    this.#drawChoice(svg, profile, x, floor);
    const y = (/** @type {number} */ bytes) => 16 + (floor - 16) * (1 - bytes / curve.scale);
    if (curve.residentTop > 0) {
      plot.append(makeSvg('path', { class: 'line resident', d: path(curve.resident) }));
      // On the side where there is room.
      const at = x(curve.residentAt);
      const isRight = at > width / 2;
      svg.append(makeSvg('text', { class: 'tick', x: at + (isRight ? -7 : 7), y: y(curve.residentTop) - 5, 'text-anchor': isRight ? 'end' : 'start' },
        `${formatBytes(curve.residentTop)} in RAM`));
    }
    if (curve.top > 0) {
      const peak = width * curve.topAt;
      svg.append(makeSvg('line', { class: 'peak', x1: peak, x2: peak, y1: y(curve.top), y2: floor }),
        makeSvg('circle', { cx: peak, cy: y(curve.top), r: 3.5 }));
    }
    this.cursor = makeSvg('line', { class: 'cursor', y1: 0, y2: floor, hidden: true });
    svg.append(this.cursor);
    fill(element, svg);
    this.#tell(null);
  }

  /**
   * @param {Element} svg @param {import('./profile.js').ProcessProfile} profile
   * @param {(ns: number) => number} x @param {number} floor
   */
  #drawChoice(svg, profile, x, floor) {
    const selection = profile.selection(this.view);
    const { moments } = profile.samples;
    if (selection.kind === 'grown') {
      const from = x(moments[selection.from]);
      svg.append(makeSvg('rect', { class: 'chosen', x: from, y: 0, width: Math.max(1, x(moments[selection.to]) - from), height: floor }));
    } else if (selection.kind === 'live' && this.view !== 'peak') {
      const at = Math.min(x(moments[selection.moment]), this.element.clientWidth - 1);
      svg.append(makeSvg('line', { class: 'chosen', x1: at, x2: at, y1: 0, y2: floor }));
    }
  }

  /** @param {PointerEvent} event */
  #fraction(event) {
    const at = this.element.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - at.left) / at.width));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0) return;
    this.dragFrom = this.#fraction(event);
    this.element.setPointerCapture(event.pointerId);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    this.#tell(this.#fraction(event));
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.dragFrom === null) return;
    const [a, b] = [this.dragFrom, this.#fraction(event)].sort((p, q) => p - q);
    this.dragFrom = null;
    const isDrag = (b - a) * this.element.clientWidth > kDragPixels;
    this.onPick(isDrag ? `grown:${this.#stamp(a)}-${this.#stamp(b)}` : `at:${this.#stamp(b)}`);
  }

  // Arrow keys walk from moment to moment; with Shift the one walked from stays, as the other end.
  /** @param {KeyboardEvent} event */
  #key(event) {
    const { profile } = this;
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -20, PageUp: 20, Home: -Infinity, End: Infinity }[event.key];
    if (profile === null || step === undefined) return;
    event.preventDefault();
    const selection = profile.selection(this.view);
    const [from, to] = selection.kind === 'grown' ? [selection.from, selection.to]
      : Array(2).fill(selection.kind === 'live' ? selection.moment : profile.samples.peak);
    /** @type {number} */ const head = this.anchor === to ? from : to;
    const next = Math.min(profile.lastMoment, Math.max(0, head + step));
    this.anchor = event.shiftKey ? from + to - head : next;
    const [a, b] = [this.anchor, next].sort((p, q) => p - q).map((moment) => (profile.samples.moments[moment] * 1e-9).toFixed(6));
    this.onPick(a === b ? `at:${a}` : `grown:${a}-${b}`);
  }

  /** @param {number} fraction */
  #stamp(fraction) {
    return (fraction * this.seconds).toFixed(6);
  }

  // The time and bytes under the pointer; without one, under what is chosen.
  /** @param {number | null} fraction */
  #tell(fraction) {
    const { profile, cursor } = this;
    if (profile === null || cursor === undefined) return;
    setProps(cursor, { hidden: fraction === null });
    if (fraction === null) {
      this.readout.textContent = '';
      return;
    }
    const { curve } = profile;
    const x = fraction * this.element.clientWidth;
    setProps(cursor, { x1: x, x2: x });
    // Of the moment that would be chosen here.
    const time = (/** @type {number} */ at) =>
      formatSeconds(profile.samples.moments[profile.momentAt(at * curve.duration)] * 1e-9);
    const [from, to] = [fraction, this.dragFrom ?? fraction].sort((a, b) => a - b);
    this.readout.textContent = from !== to ? `what came from ${time(from)} to ${time(to)} and stayed`
      : `${formatBytes(curve.valueAt(curve.highest, fraction))} at ${time(fraction)}`;
  }
}
