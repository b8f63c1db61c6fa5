// Paints the part of a layout that is in view. One fill style for all boxes of a colour: changing
// it costs more than the boxes.

import { boxColors, Colors, kFaded, kMatchColor, kRestColor } from './colors.js';
import { remembered } from './remembered.js';
import { Layout } from './layout.js';
import { elide } from './names.js';
import { kRowHeight, Rows } from './rows.js';

const kFontSize = 11.5;
const kPadding = 4;
const kMinAside = 9;

/**
 * @typedef {object} Scene
 * @property {Layout} layout
 * @property {Rows} rows
 * @property {number} fold  the box that stands for rows that are folded, -1: none
 * @property {number} top  CSS pixels scrolled off at the top
 * @property {boolean} dark
 * @property {(box: number) => string} label
 * @property {(box: number) => string[]} aside  what else there is room for at its end
 * @property {Colors} colors
 * @property {Uint8Array | null} matches  by frame; null: no search
 */

export class Painter {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.charWidth = this.width = this.height = 0;
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    const scale = globalThis.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.font = `${kFontSize}px ${getComputedStyle(this.canvas).fontFamily}`;
    this.context.textBaseline = 'middle';
    this.charWidth = this.context.measureText('x'.repeat(50)).width / 50;
  }

  /** @param {Rows} rows @param {number} top */
  inView(rows, top) {
    return rows.between(top, top + this.height);
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { context } = this;
    const style = getComputedStyle(this.canvas);
    context.fillStyle = style.backgroundColor;
    context.fillRect(0, 0, this.width, this.height);
    const inView = this.inView(scene.rows, scene.top);
    /** @type {Map<number, number[]>} */
    const byColor = new Map();
    for (const row of inView) this.#sortRow(scene, row, byColor);
    const plain = boxColors(scene.dark, false);
    const faded = boxColors(scene.dark, true);
    for (const [color, rects] of byColor) {
      context.fillStyle = color < kFaded ? plain[color] : faded[color - kFaded];
      for (let i = 0; i < rects.length; i += 3) {
        context.fillRect(rects[i], rects[i + 1], rects[i + 2], kRowHeight - 1);
      }
    }
    context.fillStyle = style.color;
    for (const row of inView) this.#labelRow(scene, row);
  }

  /** @param {Scene} scene @param {number} row @param {Map<number, number[]>} byColor */
  #sortRow({ layout, rows, fold, top, colors, matches }, row, byColor) {
    const y = rows.top(row) - top;
    const all = layout.value(0) || 1;
    for (let box = layout.rows[row]; box < layout.rows[row + 1]; ++box) {
      const frame = layout.tree.frame[layout.node[box]];
      const isMatch = matches !== null && frame >= 0 && layout.hidden[box] === 0 && matches[frame] === 1;
      let color = layout.hidden[box] > 0 || box === fold ? kRestColor : colors.at(frame, layout.value(layout.node[box]) / all);
      if (isMatch) color = kMatchColor;
      else if (matches !== null) color += kFaded;
      const width = layout.width[box];
      remembered(byColor, color, () => []).push(layout.x[box], y, width > 3 ? width - 1 : Math.max(0.5, width - 0.3));
    }
  }

  /** @param {Scene} scene @param {number} row */
  #labelRow({ layout, rows, top, label, aside }, row) {
    const y = rows.top(row) - top + kRowHeight / 2;
    for (let box = layout.rows[row]; box < layout.rows[row + 1]; ++box) {
      const room = Math.floor((layout.width[box] - 2 * kPadding) / this.charWidth);
      if (room < 3) continue;
      const text = elide(label(box), room);
      const left = layout.x[box] + kPadding;
      // Wide characters (CJK) are squeezed rather than spilt over the neighbour.
      const isWide = /[^\u0000-\u2fff]/.test(text);
      this.context.fillText(text, left, y, isWide ? layout.width[box] - 2 * kPadding : undefined);
      if (room - text.length > kMinAside && !isWide) {
        this.#labelEnd(aside(box), left, room, text.length, y);
      }
    }
  }

  // What else there is to say, fainter, at the end of a box: as much as fits, the last first.
  /** @param {string[]} words @param {number} left @param {number} room @param {number} used @param {number} y */
  #labelEnd(words, left, room, used, y) {
    this.context.globalAlpha = 0.85;
    for (let end = room; words.length > 0;) {
      const word = words.pop() ?? '';
      if (word === '' || end - used < word.length + 2) break;
      this.context.fillText(word, left + (end - word.length) * this.charWidth, y);
      end -= word.length + 2;
    }
    this.context.globalAlpha = 1;
  }
}
