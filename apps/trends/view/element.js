/** Making elements. Text always goes in as text, so nothing from a record can become markup. */

/** @typedef {Node | string | null | undefined | false | readonly (Node | string | null | undefined | false)[]} Child */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `on…` members are listeners; false and undefined are left out
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), attributes, children))
}

/**
 * The same for shapes of an SVG.
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function shape(tag, attributes = {}, ...children) {
  return /** @type {SVGElement} */ (
    fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children)
  )
}

/**
 * @param {Element} node
 * @param {Record<string, unknown>} attributes
 * @param {readonly Child[]} children
 */
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), /** @type {EventListener} */ (value))
    else if (value !== undefined && value !== false)
      node.setAttribute(name, value === true ? '' : String(value))
  }
  node.append(...children.flat().filter((child) => child instanceof Node || typeof child === 'string'))
  return node
}

/**
 * Replaces what an element holds.
 * @param {Element} node
 * @param {...Child} children
 */
export function show(node, ...children) {
  node.replaceChildren()
  fill(node, {}, children)
}
