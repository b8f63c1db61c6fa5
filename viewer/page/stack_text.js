// A frame's stack as text to paste into a ticket or a chat: plain, or as Markdown.

import { nodeName } from './labels.js';
import { placeBeside, visible } from './names.js';
import { formatBytes, formatShare, plural } from './units.js';

/** @param {import('./flamegraph.js').Shown} shown @param {number} node @param {boolean} isMarkdown @returns {string} */
export function stackText(shown, node, isMarkdown) {
  const { totals, profile } = shown;
  const { tree } = totals;
  const held = totals.total(node);
  const head = `${formatBytes(held.bytes)} (${formatShare(held.bytes, totals.total(0).bytes)}) in ${plural(held.count, 'allocation')}`;
  const lines = tree.path(node).slice(1).reverse().map((at) => {
    const frame = tree.frame[at];
    const name = visible(nodeName(shown, at));
    if (frame < 0) return name;
    return `${name}  ${visible(placeBeside(profile.frames.at(frame)))}`.trimEnd();
  });
  if (!isMarkdown) return [head, ...lines.map((line) => `  ${line}`)].join('\n');
  return [`**${head}**`, '', '```', ...lines.map((line) => line.replaceAll('```', "'''")), '```'].join('\n');
}
