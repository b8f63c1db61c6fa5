// The recording inside this page: opened once, its processes one by one as they are asked for.

import { ByteReader, inflate } from './decode.js';
import { remembered } from './remembered.js';
import { Frames, Texts, Weights } from './texts.js';
import { readThreads } from './threads.js';
import { readTree } from './tree.js';
import { Samples } from './samples.js';
import { select } from './totals.js';
import { Curve } from './curve.js';

/**
 * @typedef {[bytes: number, blocks: number, samples: number, error: number]} Held
 *
 * @typedef {object} ProcessColumns  one entry for each process, largest peak first
 * @property {number[]} pid
 * @property {number[]} parent
 * @property {string[]} command
 * @property {number[]} start  seconds since the first process started
 * @property {number[]} started  milliseconds since 1970
 * @property {number[]} duration  seconds
 * @property {number[]} peakAt  seconds since its own start
 * @property {Held[]} atPeak
 * @property {Held[]} atEnd
 * @property {Held[]} allocated
 * @property {string[]} why  what made the peak, and what else is in RAM: sentences, a line each
 * @property {string[][]} hints  what to do to see more
 * @property {([peak: number, end: number, allocated: number] | null)[]} sumErrors  relative, of the exact sums
 * @property {number[]} interval
 * @property {string[]} sampling
 * @property {string[]} exit
 * @property {string[][]} warnings
 * @property {([frame: number, bytes: number, count: number, overhead: number, callers: number[], called: string][] | null)[]} top  its lines; null: add them up
 * @property {number[]} block
 * @property {number[]} offset
 */

// A pid, and which of its programs where it executed several, largest peak first: PID, PID.2, ...
/** @param {ProcessColumns} columns @param {number} index */
export function processName({ pid }, index) {
  const nth = pid.slice(0, index + 1).filter((other) => other === pid[index]).length;
  return index === 0 ? '' : nth === 1 ? String(pid[index]) : `${pid[index]}.${nth}`;
}

// 0, the largest, if there is none of that name.
/** @param {ProcessColumns} columns @param {string} name */
export function processNamed({ pid }, name) {
  const [wanted, nth = 1] = name.split('.').map(Number);
  return [...pid.keys()].filter((index) => pid[index] === wanted)[nth - 1] ?? 0;
}

export class Profile {
  /** @param {(id: string) => string} read  the text of one of the page's blocks */
  constructor(read) {
    this.read = read;
    /** @type {Map<number, Promise<Uint8Array<ArrayBuffer>>>} */
    this.blocks = new Map();
  }

  // The columns of some processes, inflated once.
  /** @param {number} block */
  #bytesOf(block) {
    return remembered(this.blocks, block, () => inflate(this.read(`heapcrest-trees-${block}`)));
  }

  // Reads the index, and the frames and weights that a block begins with.
  /** @param {string} id */
  async #open(id) {
    const [index, bytes] = await Promise.all(['heapcrest-index', id].map((block) => inflate(this.read(block))));
    const parsed = JSON.parse(new TextDecoder().decode(index));
    /** @type {string[]} */
    this.warnings = parsed.warnings;
    /** @type {ProcessColumns} */
    this.processes = parsed.processes;
    const reader = new ByteReader(bytes);
    this.frames = new Frames(reader, new Texts(reader));
    this.weights = new Weights(reader);
    return reader;
  }

  // The largest process as far as a first picture of its peak shows it; null where the whole is as soon
  // there. Opens nothing else.
  /** @returns {Promise<ProcessProfile | null>} */
  async preview() {
    const id = 'heapcrest-preview';
    if (this.read(id) === '') return null;
    return this.#processIn(await this.#open(id), 0);
  }

  async open() {
    void this.#bytesOf(0);  // nearly always the one to come
    await this.#open('heapcrest-shared');
    return this;
  }

  /** @param {number} index @returns {Promise<ProcessProfile>} */
  async process(index) {
    const { block, offset } = /** @type {ProcessColumns} */ (this.processes);
    return this.#processIn(new ByteReader(await this.#bytesOf(block[index]), offset[index]), index);
  }

  /** @param {ByteReader} reader @param {number} index */
  #processIn(reader, index) {
    const { processes, frames, weights } = /** @type {{processes: ProcessColumns, frames: Frames, weights: Weights}} */ (/** @type {unknown} */ (this));
    return new ProcessProfile(index, reader, frames, weights, processes.sumErrors[index], processes.interval[index] <= 1);
  }
}

export class ProcessProfile {
  /**
   * @param {number} index @param {ByteReader} reader @param {Frames} frames @param {Weights} weights
   * @param {number[] | null} sumErrors @param {boolean} isExact  every allocation was recorded
   */
  constructor(index, reader, frames, weights, sumErrors, isExact) {
    this.index = index;
    this.sumErrors = sumErrors;
    this.isExact = isExact;
    this.frames = frames;
    this.weights = weights;
    this.tree = readTree(reader, frames.size);
    this.modules = reader.column(reader.number());  // a frame of each, those that hold most first
    this.threads = readThreads(reader);
    this.samples = new Samples(reader);
    this.curve = new Curve(reader);
    /** @type {Map<string, import('./totals.js').Totals>} */
    this.known = new Map();
  }

  get lastMoment() { return this.samples.moments.length - 1; }

  // Seconds between two moments, on average: what is freed sooner was never seen live.
  get resolution() { return (this.curve.duration * 1e-9) / this.lastMoment; }

  // The moment nearest to a time in nanoseconds since the process's start.
  /** @param {number} time */
  momentAt(time) {
    const { moments } = this.samples;
    return moments.reduce((best, at, i) => (Math.abs(at - time) < Math.abs(moments[best] - time) ? i : best), 0);
  }

  // What a view's name selects (state.js).
  /** @param {string} view @returns {import('./samples.js').Selection} */
  selection(view) {
    const [kind, times] = view.split(':');
    const [a, b] = (times ?? '').split('-').map((t) => this.momentAt(Number(t) * 1e9));
    switch (kind) {
      case 'end': return { kind: 'live', moment: this.lastMoment };
      case 'allocated': return { kind: 'allocated' };
      case 'temporary': return { kind: 'temporary' };
      case 'at': return { kind: 'live', moment: a };
      case 'rss': return { kind: 'live', moment: this.momentAt(this.curve.residentAt) };
      case 'grown': return { kind: 'grown', from: a, to: b };
      default: return { kind: 'live', moment: this.samples.peak };
    }
  }

  // Of Python's objects it is known in three views only, and of no single thread.
  /** @param {{view: string, thread: number | null}} state @returns {import('./totals.js').Precision} */
  precision({ view, thread }) {
    const place = view === 'end' ? 1 : view === 'allocated' || view === 'temporary' ? 2 : 0;
    const isKnown = !this.weights.hasObjects || (thread === null && ['peak', 'end', 'allocated'].includes(view));
    return {
      whole: this.totals(view).total(0), ofSum: this.sumErrors?.[place] ?? null,
      exact: this.isExact ? 'exact' : isKnown ? '≈ exact' : '',
    };
  }

  /** @param {string} view @param {number | null} [thread] @returns {import('./totals.js').Totals} */
  totals(view, thread = null) {
    return remembered(this.known, `${view} ${thread}`, () => {
      if (this.known.size > 4) this.known.clear();
      return select(this.tree, this.samples, this.weights, this.selection(view), thread);
    });
  }
}
