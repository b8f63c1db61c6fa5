// Call trees made of a call tree: frames merged by function, file or module, recursion collapsed,
// functions hidden, towers of one function alone, and the same upside down: who called.

import { remembered } from './remembered.js';
import { addUp, emptySums, kSums } from './sums.js';
import { Totals } from './totals.js';
import { CallTree, kFolded, kRoot } from './tree.js';

/**
 * @typedef {object} Shape
 * @property {Int32Array} keys  by frame: frames of one key are merged
 * @property {boolean} collapse  a frame that is on its path already joins its elder
 * @property {Uint8Array | null} only  by frame: only their towers; null: all
 * @property {Uint8Array | null} hidden  by frame: these are taken out, what they call moves up
 * @property {Uint8Array | null} [folded]  by frame: callees become part of these
 */

const kDropped = -1;

// Grows a tree node by node, children found by key, then brings it into preorder.
class Grower {
  constructor() {
    /** @type {number[]} */ this.parent = [-1];
    /** @type {number[]} */ this.frame = [kRoot];
    /** @type {number[]} */ this.key = [-1];
    /** @type {Map<number, number>} */ this.children = new Map();
    /** @type {Map<number, number>} */ this.omitted = new Map();
    /** @type {Set<number>} */ this.folded = new Set();
  }

  /** @param {number} parent @param {number} key @param {number} frame */
  child(parent, key, frame) {
    return remembered(this.children, parent * 2 ** 26 + key + 3, () => {
      this.frame.push(frame);
      this.key.push(key);
      return this.parent.push(parent) - 1;
    });
  }

  // Gaps that merge are alike; boxes that merge count together.
  /** @param {number} node @param {number} frame @param {number} count */
  leaveOut(node, frame, count) {
    const before = frame === kFolded ? this.omitted.get(node) ?? 0 : 0;
    this.omitted.set(node, before + count);
  }

  // The nearest node with this key on the path to `node`, -1 for none.
  /** @param {number} node @param {number} key */
  onPath(node, key) {
    let at = node;
    while (at > 0 && this.key[at] !== key) at = this.parent[at];
    return at > 0 ? at : -1;
  }

  // Parents stand before their children already; now every subtree becomes a run.
  /** @returns {{tree: CallTree, place: Int32Array}} */
  finish() {
    const size = this.parent.length;
    const width = new Int32Array(size).fill(1);
    for (let i = size - 1; i > 0; --i) width[this.parent[i]] += width[i];
    const place = new Int32Array(size);
    const next = new Int32Array(size);  // where the next child goes
    const parent = new Int32Array(size).fill(-1);
    const end = new Int32Array(size);
    const frame = new Int32Array(size);
    for (let i = 0; i < size; ++i) {
      if (i > 0) {
        place[i] = next[this.parent[i]];
        next[this.parent[i]] += width[i];
        parent[place[i]] = place[this.parent[i]];
      }
      next[i] = place[i] + 1;
      end[place[i]] = place[i] + width[i];
      frame[place[i]] = this.frame[i];
    }
    const omitted = new Map([...this.omitted].map(([node, count]) => [place[node], count]));
    return { tree: new CallTree(parent, end, frame, omitted), place };
  }
}

// A merged tree, and for each node of the old one the node that it is part of now (-1: of none).
/** @typedef {{totals: Totals, place: Int32Array}} Merged */

// Callers above, callees below, as the shape asks.
/** @param {Totals} totals @param {Shape} shape @returns {Merged} */
export function mergeDown(totals, shape) {
  const { tree, sums } = totals;
  const grower = new Grower();
  const mapped = new Int32Array(tree.size).fill(kDropped);
  mapped[0] = shape.only === null ? 0 : kDropped;
  for (let node = 1; node < tree.size; ++node) {
    if (sums.count[tree.end[node]] > sums.count[node]) mapped[node] = mapNode(tree, node, mapped, shape, grower);
  }
  const { tree: merged, place } = grower.finish();
  const result = emptySums(merged.size);
  for (let node = 0; node < tree.size; ++node) {
    if (mapped[node] === kDropped) continue;
    mapped[node] = place[mapped[node]];
    if (sums.count[node + 1] === sums.count[node]) continue;
    const at = mapped[node] + 1;
    for (const column of kSums) result[column][at] += sums[column][node + 1] - sums[column][node];
  }
  return { totals: new Totals(merged, addUp(result)), place: mapped };
}

/** @param {CallTree} tree @param {number} node @param {Int32Array} mapped @param {Shape} shape @param {Grower} grower */
function mapNode(tree, node, mapped, shape, grower) {
  const frame = tree.frame[node];
  const under = mapped[tree.parent[node]];
  if (grower.folded.has(under)) return under;
  const isWanted = under !== kDropped || shape.only?.[frame] === 1;
  if (!isWanted) return kDropped;
  const parent = Math.max(under, 0);
  if (shape.hidden?.[frame] === 1) return parent;
  const key = frame < 0 ? frame : shape.keys[frame];
  const elder = shape.collapse && frame >= 0 ? grower.onPath(parent, key) : -1;
  if (elder > 0) return elder;
  const child = grower.child(parent, key, frame);
  if (shape.folded?.[frame] === 1) grower.folded.add(child);
  if (frame < 0) grower.leaveOut(child, frame, tree.omitted.get(node) ?? 0);
  return child;
}

// Upside down: the frames that hold memory themselves (or, with `only`, those functions with all
// they call) come first, under each who called it. Towers thinner than `least` samples' share of
// the whole are not followed further.
/** @param {Totals} totals @param {Shape} shape @param {number} [share] @returns {Merged} */
export function mergeUp(totals, shape, share = 1 / 20000) {
  const { tree, sums } = totals;
  const starts = startsOf(totals, shape);
  const all = starts.reduce((held, { node, end }) => held + sums.bytes[end] - sums.bytes[node], 0);
  const grower = new Grower();
  /** @type {{into: number, starts: Start[]}[]} */
  const open = [{ into: 0, starts }];
  /** @type {[number, Start][]} */
  const settled = [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { into } = next;
    /** @type {Map<number, {into: number, starts: Start[], held: number}>} */
    const groups = new Map();
    for (const start of next.starts) {
      const frame = tree.frame[start.at];
      if (start.at === 0) {
        settled.push([into, start]);
        continue;
      }
      const key = frame < 0 ? frame : shape.keys[frame];
      const group = remembered(groups, key, () => {
        const child = grower.child(into, key, frame);
        if (frame < 0) grower.leaveOut(child, frame, tree.omitted.get(start.at) ?? 0);
        return { into: child, starts: [], held: 0 };
      });
      group.held += sums.bytes[start.end] - sums.bytes[start.node];
      group.starts.push({ ...start, at: callerOf(tree, start.at, shape) });
    }
    for (const group of groups.values()) {
      if (group.held >= all * share) open.push(group);
      else for (const start of group.starts) settled.push([group.into, start]);
    }
  }
  return sumSettled(totals, settled, grower);
}

/** @typedef {{node: number, end: number, at: number}} Start  what a run of nodes holds, seen from `at` */

/** @param {Totals} totals @param {Shape} shape @returns {Start[]} */
function startsOf({ tree, sums }, shape) {
  const starts = [];
  for (let node = 0; node < tree.size; ++node) {
    const frame = tree.frame[node];
    const isOnly = shape.only !== null && frame >= 0 && shape.only[frame] === 1;
    const end = isOnly ? tree.end[node] : node + 1;
    if (shape.only !== null && !isOnly) continue;
    if (sums.count[end] > sums.count[node]) starts.push({ node, end, at: shown(tree, node, shape) });
    if (isOnly) node = tree.end[node] - 1;  // nested towers are inside already
  }
  return starts;
}

// The nearest frame from `node` to the root that is not hidden.
/** @param {CallTree} tree @param {number} node @param {Shape} shape */
function shown(tree, node, shape) {
  let at = node;
  while (at > 0 && tree.frame[at] >= 0 && shape.hidden?.[tree.frame[at]] === 1) at = tree.parent[at];
  return at;
}

/** @param {CallTree} tree @param {number} node @param {Shape} shape */
function callerOf(tree, node, shape) {
  let at = shown(tree, tree.parent[node], shape);
  const key = (/** @type {number} */ n) => (tree.frame[n] < 0 ? -1 : shape.keys[tree.frame[n]]);
  while (shape.collapse && at > 0 && key(at) === key(node)) at = shown(tree, tree.parent[at], shape);
  return at;
}

/** @param {Totals} totals @param {[number, Start][]} settled @param {Grower} grower @returns {Merged} */
function sumSettled({ tree: whole, sums }, settled, grower) {
  const { tree, place } = grower.finish();
  const result = emptySums(tree.size);
  const mapped = new Int32Array(whole.size).fill(kDropped);
  for (const [into, { node, end }] of settled) {
    mapped.fill(place[into], node, end);
    for (const column of kSums) result[column][place[into] + 1] += sums[column][end] - sums[column][node];
  }
  return { totals: new Totals(tree, addUp(result)), place: mapped };
}
