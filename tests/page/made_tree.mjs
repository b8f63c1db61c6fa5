// Trees made by hand: [frame, self bytes, children…], frames by number.
import { CallTree } from '../../viewer/page/tree.js';

/** @typedef {[number, number, ...any[]]} Made */

/** @param {Made} root */
export function makeTree(root) {
  /** @type {{parent: number, end: number, frame: number, self: number}[]} */
  const nodes = [];
  // Without recursion: some trees here are deeper than the engine's stack.
  /** @type {{made: Made, parent: number}[]} */
  const open = [{ made: root, parent: -1 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [frame, self, ...children] = next.made;
    const parent = nodes.push({ parent: next.parent, end: 0, frame, self }) - 1;
    for (const made of children.reverse()) open.push({ made, parent });
  }
  for (let i = nodes.length; i-- > 0;) {
    nodes[i].end = Math.max(nodes[i].end, i + 1);
    if (i > 0) nodes[nodes[i].parent].end = Math.max(nodes[nodes[i].parent].end, nodes[i].end);
  }
  const tree = new CallTree(
    Int32Array.from(nodes, (n) => n.parent), Int32Array.from(nodes, (n) => n.end),
    Int32Array.from(nodes, (n) => n.frame), new Map());
  const sums = new Float64Array(nodes.length + 1);
  nodes.forEach((n, i) => { sums[i + 1] = sums[i] + n.self; });
  const present = new Uint32Array(nodes.length + 1);
  nodes.forEach((n, i) => { present[i + 1] = present[i] + (sums[n.end] > sums[i] ? 1 : 0); });
  return { tree, sums, present };
}
