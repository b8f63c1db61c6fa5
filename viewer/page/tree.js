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

/** @param {ByteReader} reader @param {number} frameCount @returns {CallTree} */
export function readTree(reader, frameCount) {
  const size = reader.number();
  const { parent, end, elder } = readShape(reader.column(size - 1));
  /** @type {Map<number, number>} */
  const omitted = new Map();
  return new CallTree(parent, end, readFrames(reader, parent, elder, frameCount, omitted), omitted);
}

// `elder`: each node's sibling before it, -1 for a first child.
/** @param {Int32Array} climbs */
function readShape(climbs) {
  const size = climbs.length + 1;
  const parent = new Int32Array(size).fill(-1);
  const end = new Int32Array(size).fill(size);
  const elder = new Int32Array(size).fill(-1);
  for (let node = 1, last = 0; node < size; ++node) {
    for (let i = climbs[node - 1]; i > 0; --i) {
      end[last] = node;
      elder[node] = last;
      last = parent[last];
    }
    parent[node] = last;
    last = node;
  }
  return { parent, end, elder };
}

// A frame is usually the one that came under the same parent, or behind the same sibling, before.
/**
 * @param {ByteReader} reader @param {Int32Array} parent @param {Int32Array} elder
 * @param {number} frameCount @param {Map<number, number>} omitted @returns {Int32Array}
 */
function readFrames(reader, parent, elder, frameCount, omitted) {
  const frame = new Int32Array(parent.length).fill(kRoot);
  const firstUnder = new Int32Array(frameCount + 2);
  const nextBehind = new Int32Array(frameCount + 2);
  for (let node = 1; node < frame.length; ++node) {
    const table = elder[node] < 0 ? firstUnder : nextBehind;
    const context = Math.max(0, frame[elder[node] < 0 ? parent[node] : elder[node]] + 2);
    const code = reader.number();
    if (code === 0) {
      const left = reader.number();
      frame[node] = left % 2 ? kFolded : kGap;
      omitted.set(node, Math.floor(left / 2));
    } else {
      frame[node] = table[context] = code === 1 ? table[context] : code - 2;
    }
  }
  return frame;
}
