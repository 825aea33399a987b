/**
 * Makes an element from markup. A node, or each of a list, is inserted; `null`, `undefined` and `false` become nothing; any other value
 * becomes escaped text, which is safe between tags and in quoted attributes.
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
  // A template is the one element that parsers accept inside any other, such as a list or a select.
  for (const slot of template.content.querySelectorAll("template[data-node]")) {
    slot.replaceWith(nodes[Number(slot.getAttribute("data-node"))])
  }
  return /** @type {HTMLElement} */ (template.content.firstElementChild)
}

/**
 * @param {unknown} value
 * @param {Node[]} nodes
 * @returns {string}
 */
function inserted(value, nodes) {
  if (Array.isArray(value)) return value.map((item) => inserted(item, nodes)).join("")
  if (!(value instanceof Node)) return value === false ? "" : escaped(String(value ?? ""))
  nodes.push(value)
  return `<template data-node="${nodes.length - 1}"></template>`
}

/** @param {string} text */
function escaped(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
