// The first of `count` places at which something holds, that holds behind it too.
/** @param {number} count @param {(place: number) => boolean} isThere @returns {number} */
export function firstBehind(count, isThere) {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
