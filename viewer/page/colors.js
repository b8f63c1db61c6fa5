// The colours of boxes, in three modes: a calm hue for each module (of a program of one: as in the
// next), your code against libraries, or darker for what holds more.
//
// Hues are spread so that neighbours differ for colour-blind eyes too, at one lightness, so that
// text on them keeps its contrast. The system's own libraries are grey: they are rarely the answer.

import { baseName } from './names.js';

const kHues = [70, 235, 160, 315, 30, 105, 270, 195];
const kShades = 3;
const kGrey = kHues.length * kShades;  // three shades more
const kSizes = kGrey + kShades;
const kSizeSteps = 8;
export const kRestColor = kSizes + kSizeSteps;
export const kMatchColor = kRestColor + 1;
export const kFaded = 64;  // further on: the same colours where something else matches
const kSystem = /^(ld-[\w-]*|lib(c|m|pthread|dl|rt|stdc\+\+|gcc_s|heapcrest))[-.\d]*(\.so|$)/;

/** @typedef {'module' | 'own' | 'size'} Mode */
/** @typedef {{color: number, text: string}} Key  an entry of the legend */

/** @param {boolean} dark @param {boolean} faded @returns {string[]} */
export function boxColors(dark, faded) {
  const lightness = dark ? (faded ? 0.31 : 0.38) : (faded ? 0.94 : 0.85);
  const step = dark ? 0.015 : -0.022;
  const color = (/** @type {number} */ l, /** @type {number} */ chroma, /** @type {number} */ hue) =>
    `oklch(${l.toFixed(3)} ${faded ? Math.min(chroma, 0.018) : chroma} ${hue})`;
  const shades = [...Array(kShades).keys()].map((shade) => lightness + shade * step);
  return [
    ...kHues.flatMap((hue) => shades.map((l) => color(l, 0.085, hue))),
    ...shades.map((l) => color(l, 0.008, 250)),
    ...[...Array(kSizeSteps).keys()].map((i) => (dark
      ? color(0.29 + 0.03 * i, 0.015 + 0.017 * i, 65 - 3 * i) : color(0.955 - 0.032 * i, 0.015 + 0.017 * i, 90 - 6 * i))),
    dark ? 'oklch(0.36 0.01 250)' : 'oklch(0.9 0.008 250)',
    dark ? 'oklch(0.55 0.2 350)' : 'oklch(0.78 0.16 350)',
  ];
}

export class Colors {
  /** @param {import('./profile.js').ProcessProfile} process @param {Mode} mode */
  constructor({ frames, modules }, mode) {
    this.mode = mode;
    /** @type {Key[]} */ this.legend = [];
    const ranked = [...modules].map((frame) => frames.at(frame).module);
    const colored = ranked.filter((name) => baseName(name) !== '' && !isSystem(name));
    // One hue for all would say nothing.
    this.ofFrame = mode === 'module' && colored.length > 1 ? this.#byModule(frames, ranked, colored) : this.#byKind(frames);
    if (mode === 'size') {
      this.legend = ['< 2 %', '< 6 %', '< 25 %', 'half and more'].map((text, i) => ({ color: kSizes + 2 * i + 1, text }));
    }
  }

  // Of a frame that holds this share of all.
  /** @param {number} frame @param {number} share */
  at(frame, share) {
    if (frame < 0) return kRestColor;
    if (this.mode !== 'size') return this.ofFrame(frame);
    return kSizes + Math.min(kSizeSteps - 1, Math.max(0, Math.floor(kSizeSteps + Math.log2(share))));
  }

  // The modules that hold most get hues of their own.
  /** @param {import('./texts.js').Frames} frames @param {string[]} ranked  modules @param {string[]} colored  of these */
  #byModule(frames, ranked, colored) {
    const top = colored.slice(0, kHues.length);
    // With its folder where another is called the same.
    const textOf = (/** @type {string} */ name) => (colored.some((other) => other !== name && baseName(other) === baseName(name))
      ? name.split('/').slice(-2).join('/') : baseName(name));
    this.legend = top.map((name, rank) => ({ color: rank * kShades, text: textOf(name) }));
    const others = colored.length > kHues.length ? 'others' : ranked.some(isSystem) && 'system libraries';
    if (others) this.legend.push({ color: kGrey, text: others });
    return this.#shade(frames, (frame) => (top.indexOf(frames.texts.at(frames.modules[frame])) + kHues.length + 1) % (kHues.length + 1));
  }

  /** @param {import('./texts.js').Frames} frames */
  #byKind(frames) {
    const hues = [0, kHues.length, 1, 2];  // by kind: own, standard, library, type
    this.legend = ['your code', 'standard library', 'libraries', 'types'].map((text, i) => ({ color: hues[i] * kShades, text }))
      .slice(0, frames.kinds.includes(3) ? 4 : 3);
    return this.#shade(frames, (frame) => hues[frames.kinds[frame] & 3]);
  }

  // Neighbouring functions differ in shade.
  /** @param {import('./texts.js').Frames} frames @param {(frame: number) => number} hueOf */
  #shade(frames, hueOf) {
    /** @type {number[]} */ const known = [];
    return (/** @type {number} */ frame) => known[frame] ??= hueOf(frame) * kShades + shadeOf(frames.texts.at(frames.functions[frame]));
  }
}

/** @param {string} name */
const isSystem = (name) => kSystem.test(baseName(name));

// The same in every report of the program.
/** @param {string} name */
const shadeOf = (name) => (name.length + (name.charCodeAt(name.length >> 1) || 0)) % kShades;
