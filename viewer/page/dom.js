// Elements in few words. Whatever a profile says gets into the page as text, never as markup.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, string | number | boolean>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** @param {string} tag @param {Record<string, string | number | boolean>} [attributes] @param {...(Node | string)} children */
export function makeSvg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}

/** @param {Element} element @param {Record<string, string | number | boolean>} attributes */
export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

// The element of the page that a selector names; the markup is ours, so it is there.
/** @param {string} selector @returns {HTMLElement} */
export const find = (selector) => findIn(document, selector);

/** @param {ParentNode} parent @param {string} selector @returns {HTMLElement} */
export const findIn = (parent, selector) => /** @type {HTMLElement} */ (parent.querySelector(selector));

/** @param {string} selector @returns {HTMLInputElement} */
export function findInput(selector) {
  return /** @type {HTMLInputElement} */ (find(selector));
}
