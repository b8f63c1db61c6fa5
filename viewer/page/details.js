// What is known of one frame: as an object, and as the card beside the pointer.

import { fill, find, isolated, make, moveTo } from './dom.js';
import { hiddenName, nodeName } from './labels.js';
import { placeOf, shortName, visible } from './names.js';
import { kNotSampled } from './texts.js';
import { errorOf } from './totals.js';
import { formatBytes, formatCount, formatError, formatShare, plural } from './units.js';

const kMaxNameShown = 1500;

/**
 * @typedef {object} Details
 * @property {string} name  in full
 * @property {string} file
 * @property {number} line
 * @property {string} module
 * @property {string} source  the line's text; '' where it is not known
 * @property {number} self_bytes
 * @property {number} total_bytes
 * @property {number} count  allocations
 * @property {number} samples
 * @property {number} overhead_bytes  what malloc adds to total_bytes
 * @property {number} error_bytes  half the width of the 95 % interval of total_bytes
 * @property {string} exact  what to say of an error of 0
 * @property {number} share  of all, 0 to 1, by the metric shown
 * @property {number} share_of_zoom
 */

/** @param {import('./flamegraph.js').Flamegraph} flamegraph @param {number} box @returns {Details | null} */
export function detailsOf(flamegraph, box) {
  const { layout, shown } = flamegraph;
  if (layout === null || box < 0 || box >= layout.boxCount) return null;
  const node = layout.node[box];
  if (layout.hidden[box] === 0) return detailsOfNode(shown, node);
  const value = layout.hiddenValue[box];
  return {
    name: hiddenName(layout, box, shown.metric),
    self_bytes: 0,
    total_bytes: layout.hiddenSum(box, shown.totals.sums.bytes),
    count: Math.round(layout.hiddenSum(box, shown.totals.sums.count) / 65536),
    source: '', file: '', line: 0, module: '', samples: 0, overhead_bytes: 0, error_bytes: 0, exact: '',
    share: value / (layout.value(0) || 1),
    share_of_zoom: value / (layout.value(shown.zoom.node) || 1),
  };
}

/** @param {import('./flamegraph.js').Shown} shown @param {number} node @returns {Details} */
export function detailsOfNode(shown, node) {
  const { profile, totals, precision, zoom, metric } = shown;
  const frame = totals.tree.frame[node];
  const { file, line, module } = frame < 0 ? { file: '', line: 0, module: '' } : profile.frames.at(frame);
  const [total, self] = [totals.total(node), totals.self(node)];
  const shareOf = (/** @type {number} */ whole) => total[metric] / (totals.total(whole)[metric] || 1);
  return {
    name: nodeName(shown, node),
    source: profile.frames.sourceOf(frame),
    file, line, module,
    self_bytes: self.bytes,
    total_bytes: total.bytes,
    count: total.count,
    samples: total.samples,
    overhead_bytes: total.overhead,
    error_bytes: errorOf(total, precision),
    exact: precision.exact,
    share: shareOf(0),
    share_of_zoom: shareOf(zoom.node),
  };
}

export class Card {
  constructor() {
    this.element = find('#card');
  }

  hide() {
    this.element.hidden = true;
  }

  /** @param {Details} details @param {boolean} isZoomed */
  fill(details, isZoomed) {
    fill(this.element, ...said(details, isZoomed), fullName(details, kMaxNameShown));
  }

  // Beside a point, inside the window.
  /** @param {number} x @param {number} y */
  place(x, y) {
    const { element } = this;
    element.hidden = false;
    const { offsetWidth, offsetHeight } = element;
    moveTo(element, x + 14 + offsetWidth < innerWidth ? x + 14 : x - offsetWidth - 14,
      y + 18 + offsetHeight < innerHeight ? y + 18 : y - offsetHeight - 12);
  }
}

// The full name, where the short one is another.
/** @param {Details} details @param {number} most  characters */
export function fullName({ name }, most) {
  const text = visible(name);
  return text !== shortName(name) && make('p', { class: 'full name' }, isolated(text.length > most ? `${text.slice(0, most)}…` : text));
}

// What is said of a frame, its short name first.
/** @param {Details} details @param {boolean} isZoomed @returns {import('./dom.js').Child[]} */
export function said(details, isZoomed) {
  const { file, line, module, source, share, share_of_zoom } = details;
  const place = (/** @type {string} */ text) => text !== '' && make('p', { class: 'place' }, isolated(visible(text)));
  return [make('p', { class: 'short name' }, isolated(shortName(details.name))),
    details.name === kNotSampled && make('p', {}, 'Counted, but no sample tells whose.'), place(placeOf(file, line)),
    source !== '' && make('code', { class: 'source' }, isolated(visible(source))), place(module),
    make('p', { class: 'amount' }, make('b', {}, formatBytes(details.total_bytes)), ` ${formatShare(share, 1)} of all`,
      isZoomed && ` · ${formatShare(share_of_zoom, 1)} of the zoomed frame`),
    facts(details)];
}

/** @param {Details} details */
function facts(details) {
  const list = make('dl');
  const add = (/** @type {string} */ term, /** @type {string} */ text) =>
    list.append(make('div', {}, make('dt', {}, term), make('dd', {}, text)));
  if (details.count > 0) {
    add('itself', formatBytes(details.self_bytes));
    add(details.count === 1 ? 'allocation' : 'allocations', formatCount(details.count));
    if (details.count > 1) add('mean size', formatBytes(details.total_bytes / details.count));
    if (details.overhead_bytes > 0) add('malloc adds', formatBytes(details.overhead_bytes));
    const error = formatError(details.error_bytes, details.exact);
    if (error) add('±', error.startsWith('± ') ? `${error.slice(2)} (${plural(details.samples, 'sample')})` : error);
  }
  return list;
}

// The same in one sentence, for those who hear it.
/** @param {Details} details @returns {string} */
export function spoken(details) {
  const place = placeOf(visible(details.file), details.line);
  return `${shortName(details.name)}${place === '' ? '' : `, ${place}`}: ` +
    `${formatBytes(details.total_bytes)}, ${formatShare(details.share, 1)} of all, ` +
    `${formatBytes(details.self_bytes)} itself, ${plural(details.count, 'allocation')}`;
}
