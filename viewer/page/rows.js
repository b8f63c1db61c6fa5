// Where the rows of a flamegraph stand: from the top down (icicle) or from the bottom up (flame).

export const kRowHeight = 20;

export class Rows {
  /**
   * @param {number} count  of the layout
   * @param {number} first  rows before it are not shown
   * @param {boolean} isUp
   * @param {number} room  the height of the area, in pixels
   * @param {number} [skipped]  so many behind row 1 have no place of their own: it stands for them
   */
  constructor(count, first, isUp, room, skipped = 0) {
    this.count = count;
    this.first = Math.min(first, count);
    this.isUp = isUp;
    this.skipped = skipped;
    const height = (count - this.first - skipped) * kRowHeight;
    this.height = isUp ? Math.max(height, room) : height;
  }

  // The upper edge of a row.
  /** @param {number} row */
  top(row) {
    const place = row - this.first - Math.min(this.skipped, Math.max(0, row - 1));
    return this.isUp ? this.height - (place + 1) * kRowHeight : place * kRowHeight;
  }

  // No row of the layout where none stands.
  /** @param {number} y */
  at(y) {
    return this.#rowAt(this.first + Math.floor((this.isUp ? this.height - y : y) / kRowHeight));
  }

  // The rows between two heights.
  /** @param {number} from @param {number} to @returns {number[]} */
  between(from, to) {
    const [near, far] = this.isUp ? [this.height - to, this.height - from] : [from, to];
    const rows = [];
    const last = this.first + Math.ceil(far / kRowHeight);
    for (let place = this.first + Math.max(0, Math.floor(near / kRowHeight)); place < last; ++place) {
      const row = this.#rowAt(place);
      if (row < this.count) rows.push(row);
    }
    return rows;
  }

  /** @param {number} place */
  #rowAt(place) {
    return place > 1 ? place + this.skipped : place;
  }
}
