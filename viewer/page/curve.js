// Live bytes over time: cells of equal length, each with its lowest and highest.

import { ByteReader } from './decode.js';

export class Curve {
  /** @param {ByteReader} reader */
  constructor(reader) {
    this.duration = reader.number();  // nanoseconds
    const count = reader.number();
    this.lowest = new Float64Array(count);
    for (let i = 0, bytes = 0; i < count; ++i) this.lowest[i] = bytes += reader.signed();
    this.highest = reader.wideColumn(count);
    for (let i = 0; i < count; ++i) this.highest[i] += this.lowest[i];
    this.top = this.highest.reduce((a, b) => Math.max(a, b), 0);
  }

  // Where it is highest first, as a fraction of the duration.
  get topAt() { return (this.highest.indexOf(this.top) + 0.5) / (this.size || 1); }

  get size() { return this.lowest.length; }

  // What was live around a moment, given as a fraction of the duration.
  /** @param {number} fraction */
  highestAt(fraction) {
    const cell = Math.floor(fraction * this.size);
    return this.highest[Math.min(this.size - 1, Math.max(0, cell))];
  }

  // One value for each cell as an SVG path in a box of the given size. Steps: whether a cell's lowest
  // comes before its highest or behind it is not known, so no slope may lead from one to the other.
  /** @param {Float64Array} values @param {number} width @param {number} height @returns {string} */
  steps(values, width, height) {
    const y = (/** @type {number} */ bytes) => (height * (1 - bytes / (this.top || 1))).toFixed(1);
    let last = y(values[0] ?? 0);
    let path = `M0 ${last}`;
    for (let i = 1; i < values.length; ++i) {
      const next = y(values[i]);
      if (next === last) continue;
      path += `H${(i * width / values.length).toFixed(1)}V${next}`;
      last = next;
    }
    return `${path}H${width}`;
  }
}

// Round numbers for an axis: at most `most` steps up to `end`.
/** @param {number} end @param {number} most @returns {number[]} */
export function ticks(end, most) {
  const rough = end / most;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? end;
  const values = [];
  for (let value = step; value < end; value += step) values.push(value);
  return values;
}
