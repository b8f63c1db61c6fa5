// Numbers as people read them: decimal units, few digits. The same texts as viewer/units.cc.

const kUnits = ['kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** @param {number} bytes @returns {string} */
export function formatBytes(bytes) {
  if (Math.abs(bytes) < 1000) return `${Math.round(bytes)} B`;
  let value = bytes / 1000;
  let unit = 0;
  while (Math.abs(value) >= (unit < 2 ? 999.95 : 999.995) && unit + 1 < kUnits.length) {
    value /= 1000;
    ++unit;
  }
  return `${value.toFixed(unit < 2 ? 1 : 2)} ${kUnits[unit]}`;
}

/** @param {number} count @returns {string} */
export function formatCount(count) {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** @param {number} seconds @returns {string} */
export function formatSeconds(seconds) {
  if (seconds < 0.9995) return `${seconds.toFixed(3)} s`;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.floor(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** @param {number} part @param {number} whole @returns {string} */
export function formatShare(part, whole) {
  return `${((whole === 0 ? 0 : part / whole) * 100).toFixed(1)} %`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export function plural(count, one, many = `${one}s`) {
  return `${formatCount(count)} ${Math.round(count) === 1 ? one : many}`;
}

// What is held, by the measure shown.
/** @param {{bytes: number, count: number}} held @param {'bytes' | 'count'} metric */
export const formatAmount = ({ bytes, count }, metric) => (metric === 'bytes' ? formatBytes(bytes) : plural(count, 'allocation'));

// How sure it is. Only where every allocation was recorded may it be called exact.
/** @param {number} error  half the width of the 95 % interval @param {string} exact  of totals.js */
export const formatError = (error, exact) => errorBar(error).slice(1) || exact;

// What follows a size: nothing where it is smaller than a byte.
/** @param {number} error */
export const errorBar = (error) => (Math.round(error) > 0 ? ` ± ${formatBytes(error)}` : '');

// A span of time in few digits: 3.4 ms, 20 s, 1 h 30 min.
/** @param {number} seconds @returns {string} */
export function formatSpan(seconds) {
  if (seconds < 1e-3) return `${+(seconds * 1e6).toPrecision(2)} µs`;
  if (seconds < 1) return `${+(seconds * 1000).toPrecision(3)} ms`;
  return seconds < 60 ? `${+seconds.toPrecision(3)} s` : formatSeconds(seconds);
}
