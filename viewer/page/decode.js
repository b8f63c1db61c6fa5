// Bytes of the page back into numbers: base64, deflate, and the columns of varints inside.
// The writing side is viewer/report/; the layout of the columns is described there.

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
function bytesOfBase64(text) {
  const bytesAtOnce = /** @type {any} */ (Uint8Array).fromBase64?.(text);  // in browsers since 2025
  if (bytesAtOnce) return bytesAtOnce;
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** @param {string} base64 @returns {Promise<Uint8Array<ArrayBuffer>>} */
export async function inflate(base64) {
  const packed = new Blob([bytesOfBase64(base64)]).stream();
  const plain = packed.pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(plain).arrayBuffer());
}

// Reads forward through one inflated block. Numbers are exact up to 2^53.
export class ByteReader {
  /** @param {Uint8Array} bytes @param {number} [at] */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let byte = this.bytes[this.at++];
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let scale = 128;
    do {
      if (this.at >= this.bytes.length) throw new RangeError('the data of this page is cut short');
      byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte >= 0x80);
    return value;
  }

  // Zigzag: small negative numbers are small too.
  signed() {
    const value = this.number();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  double() {
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 8);
    this.at += 8;
    return view.getFloat64(0, true);
  }

  /** @param {number} count */
  take(count) {
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  // A column of `count` numbers; as Float64Array those that may need more than 31 bits.
  /**
   * @template {Int32Array | Float64Array} [T=Int32Array]
   * @param {number} count @param {new (count: number) => T} [Kind] @returns {T}
   */
  column(count, Kind = /** @type {any} */ (Int32Array)) {
    if (!(count <= this.bytes.length - this.at)) throw new RangeError('the data of this page is cut short');
    const values = new Kind(count);
    for (let i = 0; i < count; ++i) values[i] = this.number();
    return values;
  }
}
