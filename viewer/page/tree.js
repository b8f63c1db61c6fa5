// The call tree of one process, in preorder: a subtree is a run of nodes, [node, end[node]).

import { ByteReader } from './decode.js';

export const kRoot = -1;  // the frame of node 0
const kGap = -2;  // the frame of a node that stands for frames left out of a deep stack
export const kFolded = -3;  // of a box that stands for nodes folded to keep the page small

export class CallTree {
  /**
   * @param {Int32Array} parent @param {Int32Array} end  one behind the last node of the subtree
   * @param {Int32Array} frame @param {Map<number, number>} omitted  frames left out, by gap or box
   */
  constructor(parent, end, frame, omitted) {
    this.size = parent.length;
    this.parent = parent;
    this.end = end;
    this.frame = frame;
    this.omitted = omitted;
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

// A frame is usually the one that came under the same parent, or behind the same sibling, before.
/** @param {ByteReader} reader @param {number} frameCount @returns {CallTree} */
export function readTree(reader, frameCount) {
  const size = reader.number();
  const steps = reader.column(size);  // of each node's depth from that of the one before it
  const codes = reader.column(size - 1);
  const left = reader.column(reader.number());
  const parent = new Int32Array(size).fill(-1);
  const end = new Int32Array(size).fill(size);
  const frame = new Int32Array(size).fill(kRoot);
  const firstUnder = new Int32Array(frameCount + 2);
  const nextBehind = new Int32Array(frameCount + 2);
  /** @type {Map<number, number>} */
  const omitted = new Map();
  for (let node = 1, last = 0; node < size; ++node) {
    let table = firstUnder;
    let before = last;
    for (let i = steps[node]; i < 1; ++i) {
      table = nextBehind;
      before = last;  // its elder sibling, in the end
      end[last] = node;
      last = parent[last];
    }
    parent[node] = last;
    last = node;
    const code = codes[node - 1];
    if (code === 0) {
      const packed = left[omitted.size];
      frame[node] = packed % 2 ? kFolded : kGap;
      omitted.set(node, packed >> 1);
    } else {
      const context = Math.max(0, frame[before] + 2);
      frame[node] = table[context] = code === 1 ? table[context] : code - 2;
    }
  }
  return new CallTree(parent, end, frame, omitted);
}
