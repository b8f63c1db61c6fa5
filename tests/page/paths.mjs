/** @param {import('../../viewer/page/profile.js').ProcessProfile} profile @param {number} node @returns {string[]} */
export function nodePath(profile, node) {
  const { tree, frames } = profile;
  return tree.path(node).slice(1).map((at) => (tree.frame[at] < 0 ? '…' : frames.texts.at(frames.functions[tree.frame[at]])));
}
