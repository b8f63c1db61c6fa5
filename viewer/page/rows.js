// Where the rows of a flamegraph stand: from the top down (icicle) or from the bottom up (flame).

export const kRowHeight = 20;

export class Rows {
  /**
   * @param {number} count  of the layout
   * @param {number} first  rows before it are not shown
   * @param {boolean} isUp
   * @param {number} room  the height of the area, in pixels
   */
  constructor(count, first, isUp, room) {
    this.count = count;
    this.first = Math.min(first, count);
    this.isUp = isUp;
    const height = (count - this.first) * kRowHeight;
    this.height = isUp ? Math.max(height, room) : height;
  }

  // The upper edge of a row.
  /** @param {number} row */
  top(row) {
    const place = row - this.first;
    return this.isUp ? this.height - (place + 1) * kRowHeight : place * kRowHeight;
  }

  // -1 where there is none.
  /** @param {number} y */
  at(y) {
    const row = this.first + Math.floor((this.isUp ? this.height - y : y) / kRowHeight);
    return row >= this.first && row < this.count ? row : -1;
  }

  // The rows between two heights, [first, last).
  /** @param {number} from @param {number} to */
  between(from, to) {
    const [near, far] = this.isUp ? [this.height - to, this.height - from] : [from, to];
    const clamp = (/** @type {number} */ row) => Math.min(this.count, Math.max(this.first, this.first + row));
    return { first: clamp(Math.floor(near / kRowHeight)), last: clamp(Math.ceil(far / kRowHeight)) };
  }
}
