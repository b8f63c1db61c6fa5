// Live bytes over time: cells of equal length, each with its lowest and highest.

import { ByteReader } from './decode.js';

const kMostResident = 4;
const mostOf = (/** @type {Float64Array} */ values) => values.reduce((a, b) => Math.max(a, b), 0);

export class Curve {
  /** @param {ByteReader} reader */
  constructor(reader) {
    this.duration = reader.number();  // nanoseconds
    const count = reader.number();
    this.lowest = reader.sums(count, Float64Array);
    this.highest = reader.column(count, Float64Array);
    for (let i = 0; i < count; ++i) this.highest[i] += this.lowest[i];
    this.top = mostOf(this.highest);
    this.topAt = (this.highest.indexOf(this.top) + 0.5) / count;  // where first, as a fraction of the duration
    // In RAM, a value for each cell; none where nobody looked.
    this.resident = reader.sums(reader.number(), Float64Array).map((unit) => 1024 * unit);
    this.residentAt = this.resident.length > 0 ? reader.number() : 0;  // when it was most, in nanoseconds
    const resident = mostOf(this.resident);
    // Far above the heap it would flatten it: it is then not drawn.
    this.residentTop = resident <= kMostResident * this.top ? resident : 0;
    this.scale = Math.max(this.top, this.residentTop) || 1;
  }

  get size() { return this.lowest.length; }

  // The value around a moment, given as a fraction of the duration; 0 where nobody looked.
  /** @param {Float64Array} values @param {number} fraction */
  valueAt(values, fraction) {
    return values[Math.min(this.size - 1, Math.max(0, Math.floor(fraction * this.size)))] ?? 0;
  }

  // One value for each cell as an SVG path in a box of the given size. Steps: whether a cell's lowest
  // comes before its highest or behind it is not known, so no slope may lead from one to the other.
  /** @param {Float64Array} values @param {number} width @param {number} height @returns {string} */
  steps(values, width, height) {
    const y = (/** @type {number} */ bytes) => (height * (1 - bytes / this.scale)).toFixed(1);
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
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? end;
  const values = [];
  for (let value = step; value < end; value += step) values.push(value);
  return values;
}
