// Names and frames, shared by all processes of the page: decoded once, turned into text on demand.

import { ByteReader, runningSum } from './decode.js';

// A frame's four facts, each an index into the texts (line: a number, 0 where unknown).
/** @typedef {{function: string, file: string, line: number, module: string}} Frame */

export const kUnknown = '[unknown]';
export const kNotSampled = '[not sampled]';  // viewer/reader.cc names it

// Whose code a frame is: 0 the program's own, 2 another library's, 3 nobody's: the type of an object.
// 4 is added where what it allocates is that of the Python that called it.
export const kStandard = 1;  // the standard library's: what it allocates is its caller's

// What a tree node without a frame of its own stands for.
const kLeftOut = { function: '[frames left out of a deep stack]', file: '', line: 0, module: '' };

export class Texts {
  /** @param {ByteReader} reader */
  constructor(reader) {
    const count = reader.number();
    this.size = count;
    // Sorted texts: each repeats the beginning of the one before it, and adds to that.
    this.shared = reader.column(count);
    this.added = reader.column(count);
    this.behind = runningSum(this.added.slice());  // where each one's addition ends
    this.bytes = reader.take(this.behind[count - 1] ?? 0);
    /** @type {(string | undefined)[]} */
    this.cache = new Array(count);
    this.decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  }

  /** @param {number} id @returns {string} */
  at(id) {
    return this.cache[id] ??= this.decoder.decode(this.#bytesOf(id));
  }

  // Its own addition behind those of texts before it, as far as they are shared.
  /** @param {number} id */
  #bytesOf(id) {
    const { shared, added, behind } = this;
    let missing = shared[id] + added[id];
    const text = new Uint8Array(missing);
    for (let from = id; missing > 0; --from) {
      if (shared[from] >= missing) continue;
      const begin = behind[from] - added[from];
      text.set(this.bytes.subarray(begin, begin + missing - shared[from]), shared[from]);
      missing = shared[from];
    }
    return text;
  }
}

export class Frames {
  /** @param {ByteReader} reader @param {Texts} texts */
  constructor(reader, texts) {
    this.texts = texts;
    this.size = reader.number();
    this.functions = reader.sums(this.size);
    this.files = reader.sums(this.size);
    this.lines = reader.sums(this.size);
    this.modules = reader.sums(this.size);
    this.sources = reader.sums(this.size);
    this.kinds = reader.column(this.size);  // whose code it is
  }

  /** @param {number} frame @returns {Frame} */
  at(frame) {
    if (frame < 0) return kLeftOut;
    return {
      function: this.texts.at(this.functions[frame]),
      file: this.texts.at(this.files[frame]),
      line: this.lines[frame],
      module: this.texts.at(this.modules[frame]),
    };
  }

  // The text of its line; '' where it is not known.
  /** @param {number} frame */
  sourceOf(frame) { return frame < 0 ? '' : this.texts.at(this.sources[frame]); }
}

// What a sample of each kind stands for.
export class Weights {
  /** @param {ByteReader} reader */
  constructor(reader) {
    this.size = reader.number();
    this.bytes = reader.column(this.size, Float64Array);
    this.count = reader.column(this.size, Float64Array);  // in units of 1/65536 block
    this.sizes = reader.column(this.size, Float64Array);  // of one block, as requested
    this.overhead = reader.column(this.size, Float64Array);  // what the allocator adds to all of them
    this.variance = reader.column(this.size, Float64Array);
    this.doubt = reader.column(this.size);  // in Python's objects, which have no variance here; of others 0
    this.hasObjects = this.doubt.some(Boolean);
    this.samples = new Float64Array(this.size).fill(1);
    this.scaled = this.bytes.map((bytes, i) => (this.variance[i] > 0 ? bytes : 0));  // of those that are sampled
  }

  // The same, scaled. A small block's own factor is a sum of what its sample stands for, times the
  // chance that it had been missed; an object's goes with its doubt (viewer/regression.h).
  /** @param {ArrayLike<number>} scale @returns {Weights} */
  by(scale) {
    const { bytes, count, overhead, variance } = this;
    const factors = bytes.map((of, i) =>
      1 + variance[i] / of ** 2 * (scale[0] * count[i] / 65536 + scale[1] * of + scale[2] * overhead[i]));
    const scaled = (/** @type {Float64Array} */ column, /** @type {number} */ factor, power = 1) => column.map((value, i) =>
      value * (variance[i] > 0 ? (factors[i] * factor) ** power : this.doubt[i] ? scale[6] * (1 + scale[7] * this.doubt[i]) : 1));
    return /** @type {any} */ ({
      ...this,
      bytes: scaled(bytes, scale[3]),
      count: scaled(count, scale[4]),
      overhead: scaled(overhead, scale[5]),
      variance: scaled(variance, scale[3], 2),
      scaled: scaled(this.scaled, scale[3]),
    });
  }
}
