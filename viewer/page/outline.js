// The tree around the selected frame, for those who hear it: its path, siblings and children.

import { fill, make, setProps } from './dom.js';
import { Flamegraph } from './flamegraph.js';
import { nodeName } from './labels.js';
import { shortName } from './names.js';
import { formatBytes } from './units.js';

const kMaxCallers = 30;
const kMaxSiblings = 21;
const kMaxChildren = 20;

/** @param {Flamegraph} flamegraph */
export function describeTree(flamegraph) {
  const { layout, shown, selected } = flamegraph;
  if (layout === null) return;
  const path = layout.tree.path(selected);
  const amongOf = (/** @type {number} */ node) => (node === 0 ? [0] : layout.heaviestChildren(layout.tree.parent[node]));
  const siblings = amongOf(selected);
  const children = layout.heaviestChildren(selected);
  const item = (/** @type {number} */ node, /** @type {number} */ level, /** @type {number[]} */ among) => {
    const text = `${shortName(nodeName(shown, node))}, ${formatBytes(shown.totals.total(node).bytes)}`;
    return make('div', {
      role: 'treeitem', id: `${flamegraph.element.id}-${node}`, 'aria-level': level, 'aria-setsize': among.length,
      'aria-posinset': among.indexOf(node) + 1, 'aria-selected': String(node === selected),
      'aria-expanded': level < path.length || (node === selected && children.length > 0) ? 'true' : false,
    }, text);
  };
  const first = Math.max(0, siblings.indexOf(selected) - (kMaxSiblings >> 1));
  const items = path.slice(0, -1).slice(-kMaxCallers).map((node) => item(node, path.indexOf(node) + 1, amongOf(node)));
  for (const node of siblings.slice(first, first + kMaxSiblings)) {
    items.push(item(node, path.length, siblings));
    if (node !== selected) continue;
    for (const child of children.slice(0, kMaxChildren)) items.push(item(child, path.length + 1, children));
  }
  fill(flamegraph.outline, ...items);
  setProps(flamegraph.element, { 'aria-activedescendant': `${flamegraph.element.id}-${selected}` });
}
