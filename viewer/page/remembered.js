// What a map knows of a key: made when it is first asked for.
/** @template K, V @param {Map<K, V>} map @param {K} key @param {() => V} make @returns {V} */
export function remembered(map, key, make) {
  let value = map.get(key);
  if (value === undefined) map.set(key, value = make());
  return value;
}
