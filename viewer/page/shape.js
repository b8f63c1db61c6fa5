// The tree in the shape that the state asks for: as recorded, merged, upside down, without some.

import { groupFrames } from './lines.js';
import { mergeDown, mergeUp } from './merge.js';
import { isPython, placeOf } from './names.js';
import { PathHashes, reshaping } from './state.js';
import { kStandard } from './texts.js';

/** @typedef {import('./totals.js').Totals} Totals */

// What a flamegraph or the table works on. `place`: by node of the recorded tree, where it is now;
// null: where it was.
/** @typedef {{totals: Totals, hashes: PathHashes, place: Int32Array | null}} View */
/** @typedef {View & {name: string, above: View | null}} Shape  above: the callers of a sandwich */

// The plain shape costs nothing; `last` is returned again if it is what is asked for.
/**
 * @param {import('./profile.js').ProcessProfile} process @param {import('./state.js').State} state
 * @param {Shape | null} last @returns {Shape}
 */
export function shapeOf(process, state, last) {
  const { view, thread, form, grouping, only, hide, recursion, plumbing, python, imports } = state;
  const isPlain = hasPlainShape(state);
  const wishes = [process.index, view, thread, ...(isPlain ? [] : [form, grouping, only, reshaping(state)])];
  const name = JSON.stringify(wishes);
  if (last?.name === name) return last;
  const totals = process.totals(view, thread);
  if (isPlain) {
    const hashes = last?.totals.tree === process.tree ? last.hashes : new PathHashes(process.tree, process.frames);
    return { name, totals, hashes, place: null, above: null };
  }
  const { frames } = process;
  const wish = {
    keys: groupFrames(frames, keysFor(form, grouping)).of,
    collapse: recursion !== '',
    only: only === '' ? null : framesOf(frames, only),
    hidden: hide + plumbing + python === '' ? null : hiddenFrames(frames, state),
    folded: imports === '' ? null : framesWhere(frames, (i) => isImport(frames.at(i))),
  };
  /** @param {import('./merge.js').Merged} merged @returns {View} */
  const viewOf = (merged) => ({ ...merged, hashes: new PathHashes(merged.totals.tree, frames) });
  const above = form === 'callers' || form === 'sandwich' ? viewOf(mergeUp(totals, wish)) : null;
  if (form === 'callers' && above !== null) return { ...above, name, above: null };
  return { ...viewOf(mergeDown(totals, wish)), name, above };
}

/** @param {import('./state.js').State} state */
function hasPlainShape(state) {
  const { form, grouping, only } = state;
  const isMerged = form === 'flame' && grouping !== 'line';
  const isWhole = form === 'flame' || form === 'table';
  return isWhole && !isMerged && only + reshaping(state) === '';
}

// Tables merge by themselves; in a sandwich a function is one thing, wherever it is called.
/** @param {string} form @param {import('./labels.js').Grouping} grouping */
function keysFor(form, grouping) {
  if (form === 'table') return 'line';
  return form === 'sandwich' && grouping === 'line' ? 'function' : grouping;
}

/** @param {import('./texts.js').Frames} frames @param {import('./state.js').State} state */
function hiddenFrames(frames, { hide, plumbing, python }) {
  const flags = framesNamed(frames, hide === '' ? [] : hide.split('\n'));
  return framesWhere(frames, (i) => flags[i] === 1 || (plumbing !== '' && (frames.kinds[i] & 3) === kStandard) ||
    (python !== '' && !isPython(frames.at(i))));
}

/** @param {import('./texts.js').Frames} frames */
export const hasPython = ({ files, texts }) => [...new Set(files)].some((file) => /\.py$|^<frozen /.test(texts.at(file)));

/** @param {import('./texts.js').Frame} frame */
const isImport = ({ function: name, file }) => name === 'import' && file.startsWith('<frozen importlib');

// One byte a frame: 1 where the function is one of `names`.
/** @param {import('./texts.js').Frames} frames @param {string[]} names @returns {Uint8Array} */
function framesNamed(frames, names) {
  const wanted = new Set(names);
  return framesWhere(frames, (i) => wanted.has(frames.texts.at(frames.functions[i])));
}

// Those of a function, or of one of its lines.
/** @param {import('./texts.js').Frames} frames @param {string} name */
function framesOf(frames, name) {
  const flags = framesNamed(frames, [name]);
  return flags.includes(1) || !name.includes('\n') ? flags
    : framesWhere(frames, (i) => name.startsWith(frames.texts.at(frames.functions[i])) && name === lineName(frames.at(i)));
}

/** @param {import('./texts.js').Frames} frames @param {(frame: number) => boolean} isWanted @returns {Uint8Array} */
function framesWhere(frames, isWanted) {
  const flags = new Uint8Array(frames.size);
  for (let i = 0; i < flags.length; ++i) flags[i] = isWanted(i) ? 1 : 0;
  return flags;
}

// What one line of a function is called in the state.
/** @param {import('./texts.js').Frame} frame @returns {string} */
export function lineName({ function: name, file, line }) {
  return file === '' ? name : `${name}\n${placeOf(file, line)}`;
}
