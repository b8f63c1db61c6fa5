// Bytes of the page back into numbers: base64, deflate, and the columns inside.
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
  const stream = new DecompressionStream('deflate');
  const writer = stream.writable.getWriter();
  // What is wrong with the bytes, the reading side says.
  writer.write(bytesOfBase64(base64)).catch(() => {});
  writer.close().catch(() => {});
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}

const kKinds = [Uint8Array, Int8Array, Uint16Array, Int16Array, Int32Array, Float64Array];

// Reads forward through one inflated block. Numbers are exact up to 2^53.
export class ByteReader {
  /** @param {Uint8Array} bytes @param {number} [at] */
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() { return this.column(1, Float64Array)[0]; }

  /** @param {number} count */
  take(count) {
    if (!(count <= this.bytes.length - this.at)) throw new RangeError('the data of this page is cut short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  // A column of `count` numbers, whichever it is packed as; as Float64Array those that may need more
  // than 32 bits.
  /**
   * @template {Int32Array | Float64Array} [T=Int32Array]
   * @param {number} count @param {new (values: ArrayLike<number>) => T} [Kind] @returns {T}
   */
  column(count, Kind = /** @type {any} */ (Int32Array)) {
    const Packed = kKinds[this.take(1)[0]];
    return new Kind(new Packed(this.take(count * Packed.BYTES_PER_ELEMENT).slice().buffer));
  }

  // Of a column of differences, the numbers themselves.
  /**
   * @template {Int32Array | Float64Array} [T=Int32Array]
   * @param {number} count @param {new (values: ArrayLike<number>) => T} [Kind] @returns {T}
   */
  sums(count, Kind) { return runningSum(this.column(count, Kind)); }
}

// Each number with all before it added.
/** @template {Int32Array | Float64Array} T @param {T} values @returns {T} */
export function runningSum(values) {
  const { length } = values;
  for (let i = 0, sum = 0; i < length; ++i) values[i] = sum += values[i];
  return values;
}
