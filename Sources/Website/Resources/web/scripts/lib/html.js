/**
 * Makes an element from markup; every value is escaped unless it is an element itself.
 * @param {TemplateStringsArray} strings
 * @param {...unknown} values
 * @returns {HTMLElement}
 */
export function html(strings, ...values) {
  /** @type {Node[]} */
  const nodes = []
  const markup = strings.reduce((text, string, index) => text + inserted(values[index - 1], nodes) + string)
  const template = document.createElement("template")
  template.innerHTML = markup.trim()
  for (const slot of template.content.querySelectorAll("slot[data-node]")) {
    slot.replaceWith(nodes[Number(slot.getAttribute("data-node"))])
  }
  return /** @type {HTMLElement} */ (template.content.firstElementChild)
}

/**
 * @param {unknown} value
 * @param {Node[]} nodes
 */
function inserted(value, nodes) {
  if (!(value instanceof Node)) return escaped(String(value ?? ""))
  nodes.push(value)
  return `<slot data-node="${nodes.length - 1}"></slot>`
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
