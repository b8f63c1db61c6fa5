// Light and dark, and the colours of boxes: a calm hue for each module, its shade by function.
//
// Hues are spread so that neighbours differ for colour-blind eyes too, at one lightness, so that
// text on them keeps its contrast. The system's own libraries are grey: they are rarely the answer.

import { Frames } from './texts.js';
import { baseName } from './names.js';
import { CallTree } from './tree.js';

const kHues = [70, 235, 160, 315, 30, 105, 270, 195];
const kShades = 3;
const kGrey = kHues.length * kShades;  // three shades more
export const kRestColor = kGrey + kShades;
export const kMatchColor = kRestColor + 1;
const kSystem = /^(ld-linux|ld-|libc|libm|libpthread|libdl|librt|libstdc\+\+|libgcc_s|libheapcrest)[-.\d]*(\.so|$)/;

/** @param {boolean} dark @param {boolean} faded @returns {string[]} */
export function boxColors(dark, faded) {
  const colors = [];
  const lightness = dark ? (faded ? 0.31 : 0.43) : (faded ? 0.94 : 0.85);
  const step = dark ? 0.025 : -0.022;
  for (const hue of kHues) {
    for (let shade = 0; shade < kShades; ++shade) {
      colors.push(`oklch(${(lightness + shade * step).toFixed(3)} ${faded ? 0.018 : 0.085} ${hue})`);
    }
  }
  for (let shade = 0; shade < kShades; ++shade) {
    colors.push(`oklch(${(lightness + shade * step).toFixed(3)} 0.008 250)`);
  }
  colors.push(dark ? 'oklch(0.36 0.01 250)' : 'oklch(0.9 0.008 250)');
  colors.push(dark ? 'oklch(0.55 0.2 350)' : 'oklch(0.78 0.16 350)');
  return colors;
}

// Each frame's place in boxColors(). The modules with most nodes in the tree get hues of their own.
/** @param {CallTree} tree @param {Frames} frames @returns {Uint8Array} */
export function colorFrames(tree, frames) {
  const nodes = new Int32Array(frames.texts.size);  // by module
  for (let node = 1; node < tree.size; ++node) {
    if (tree.frame[node] >= 0) ++nodes[frames.modules[tree.frame[node]]];
  }
  const ranked = [...nodes.keys()].filter((id) => nodes[id] > 0).sort((a, b) => nodes[b] - nodes[a] || a - b);
  const colored = ranked.filter((id) => !kSystem.test(baseName(frames.texts.at(id))));
  const hueOf = new Map(colored.map((id, rank) => [id, rank % kHues.length]));
  const colors = new Uint8Array(frames.size);
  for (let frame = 0; frame < colors.length; ++frame) {
    const hue = hueOf.get(frames.modules[frame]);
    const shade = (frames.functions[frame] * 7) % kShades;
    colors[frame] = hue === undefined ? kGrey + shade : hue * kShades + shade;
  }
  return colors;
}

// auto follows the system; a choice is remembered where the browser lets us.
export class Theme {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.system = matchMedia('(prefers-color-scheme: dark)');
    this.choice = this.#stored();
    this.onChange = onChange;
    this.system.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  get dark() {
    return this.choice === 'auto' ? this.system.matches : this.choice === 'dark';
  }

  toggle() {
    this.choice = this.dark ? 'light' : 'dark';
    if (this.dark === this.system.matches) this.choice = 'auto';
    try {
      localStorage.setItem('heapcrest-theme', this.choice);
    } catch {
      // A sandboxed page has no storage: the choice lasts as long as the page.
    }
    this.#apply();
  }

  #stored() {
    try {
      const choice = localStorage.getItem('heapcrest-theme');
      return choice === 'light' || choice === 'dark' ? choice : 'auto';
    } catch {
      return 'auto';
    }
  }

  #apply() {
    document.documentElement.dataset.theme = this.dark ? 'dark' : 'light';
    this.onChange();
  }
}
