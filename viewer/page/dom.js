// Elements in few words. Whatever a profile says gets into the page as text, never as markup. A child
// that is nothing is left out.

/**
 * @typedef {Node | string | false | null} Child
 * @typedef {Record<string, string | number | boolean | ((event: any) => void)>} Props  attributes; a function hears the event of its name
 */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  fill(element, ...children);
  return element;
}

/** @param {Element} element @param {...Child} children */
export const fill = (element, ...children) => element.replaceChildren(.../** @type {Node[]} */ (children.filter(Boolean)));

// Text of a profile, apart from the direction of what stands around it.
/** @param {string} text @param {string} [kind]  its class */
export const isolated = (text, kind) => make('bdi', { class: kind ?? false }, text);

/** @param {string} tag @param {Props} [props] @param {...Child} children */
export function makeSvg(tag, props = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setProps(element, props);
  fill(element, ...children);
  return element;
}

/** @param {EventTarget} target @param {Props} props  listeners only of what is no element */
export function setProps(target, props) {
  const element = /** @type {Element} */ (target);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
}

// To a point, but inside the window.
/** @param {HTMLElement} element @param {number} x @param {number} y */
export function moveTo({ style, offsetWidth, offsetHeight }, x, y) {
  const within = (/** @type {number} */ at, /** @type {number} */ room) => Math.max(4, Math.min(at, room - 4));
  style.transform = `translate(${within(x, innerWidth - offsetWidth)}px, ${within(y, innerHeight - offsetHeight)}px)`;
}

// The element of the page that a selector names; the markup is ours, so it is there.
/** @param {string} selector @returns {HTMLElement} */
export const find = (selector) => findIn(document, selector);

/** @param {ParentNode} parent @param {string} selector @returns {HTMLElement} */
export const findIn = (parent, selector) => /** @type {HTMLElement} */ (parent.querySelector(selector));
