// The call tree of one process, in preorder: a subtree is a run of nodes, [node, end[node]).

import { ByteReader } from './decode.js';

export const kRoot = -1;  // the frame of node 0
export const kGap = -2;   // the frame of a node that stands for frames left out

export class CallTree {
  /** @param {ByteReader} reader @param {number} frameCount */
  constructor(reader, frameCount) {
    this.size = reader.number();
    const climbs = reader.column(this.size - 1);
    this.parent = new Int32Array(this.size).fill(-1);
    this.end = new Int32Array(this.size).fill(this.size);
    this.frame = new Int32Array(this.size).fill(kRoot);
    /** @type {Map<number, number>} */
    this.omitted = new Map();
    const before = this.#readShape(climbs);
    this.#readFrames(reader, before, frameCount);
  }

  // Returns each node's elder sibling, -1 for a first child.
  /** @param {Int32Array} climbs */
  #readShape(climbs) {
    const { parent, end } = this;
    const before = new Int32Array(this.size).fill(-1);
    for (let node = 1, last = 0; node < this.size; ++node) {
      let sibling = -1;
      for (let i = climbs[node - 1]; i > 0; --i) {
        end[last] = node;
        sibling = last;
        last = parent[last];
      }
      parent[node] = last;
      before[node] = sibling;
      last = node;
    }
    return before;
  }

  // A frame is usually the one that came under the same parent, or behind the same sibling, before.
  /** @param {ByteReader} reader @param {Int32Array} before @param {number} frameCount */
  #readFrames(reader, before, frameCount) {
    const { parent, frame } = this;
    const firstUnder = new Int32Array(frameCount + 2);
    const nextBehind = new Int32Array(frameCount + 2);
    for (let node = 1; node < this.size; ++node) {
      const table = before[node] < 0 ? firstUnder : nextBehind;
      const context = frame[before[node] < 0 ? parent[node] : before[node]] + 2;
      const code = reader.number();
      const found = code === 1 ? table[context] : code - 2;
      frame[node] = code === 0 ? kGap : found;
      if (code === 0) this.omitted.set(node, reader.number());
      else table[context] = found;
    }
  }

  // The nodes from the root to `node`, both included.
  /** @param {number} node @returns {number[]} */
  path(node) {
    const nodes = [];
    for (let at = node; at >= 0; at = this.parent[at]) nodes.push(at);
    return nodes.reverse();
  }

  /** @param {number} node @returns {number[]} */
  children(node) {
    const nodes = [];
    for (let at = node + 1; at < this.end[node]; at = this.end[at]) nodes.push(at);
    return nodes;
  }
}
