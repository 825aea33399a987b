import { example } from "./example.js"
import { html } from "./html.js"
import { inline } from "./prose.js"
import { typeName } from "./schema-view.js"

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Part} Part
 * @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control
 * @typedef {{ element: HTMLElement, values: () => (string | File)[] }} Input An input with its label, and its values, if any.
 * @typedef {{ isRequired?: boolean, description?: string, example?: unknown, value?: string }} Details
 */

/**
 * An input for a value of a schema.
 * @param {string} id
 * @param {string} name
 * @param {Part} part A schema.
 * @param {Details} details
 * @param {Description} description
 * @returns {Input}
 */
export function input(id, name, part, details, description) {
  const schema = description.resolve(part)
  const control = controlFor(id, schema, details)
  const help = details.description ?? schema.description
  if (help) control.setAttribute("aria-describedby", `${id}-help`)
  const element = html`<div class="input">
    <label for="${id}"><code class="field-name">${name}</code> <span class="type">${typeName(part, description)}</span>${details.isRequired && html`<span class="required"> required</span>`}</label>
    ${control}
    ${help && html`<p class="help" id="${id}-help">${inline(help)}</p>`}
  </div>`
  return { element, values: () => valuesOf(control, schema) }
}

/**
 * A field for a whole body of text, filled with an example.
 * @param {string} id
 * @param {Part} media
 * @param {string} type
 * @param {Description} description
 * @returns {Input}
 */
export function textInput(id, media, type, description) {
  const start = type.endsWith("json") ? JSON.stringify(media.example ?? example(media.schema, description), null, 2) : ""
  const rows = Math.min(16, Math.max(3, start.split("\n").length))
  const control = /** @type {HTMLTextAreaElement} */ (html`<textarea id="${id}" rows="${rows}" spellcheck="false">${start}</textarea>`)
  return { element: html`<div class="input"><label for="${id}">Body</label>${control}</div>`, values: () => [control.value] }
}

/**
 * A field for a file.
 * @param {string} id
 * @returns {Input}
 */
export function fileInput(id) {
  const control = /** @type {HTMLInputElement} */ (html`<input id="${id}" type="file" required>`)
  return { element: html`<div class="input"><label for="${id}">File</label>${control}</div>`, values: () => [...(control.files ?? [])] }
}

/**
 * @param {string} id
 * @param {Part} schema
 * @param {Details} details
 * @returns {Control}
 */
function controlFor(id, schema, { isRequired, example, value }) {
  const words = schema.type === "boolean" ? ["true", "false"] : schema.enum
  if (words) return choice(id, words, schema, isRequired === true, value)
  const control = /** @type {HTMLInputElement} */ (html`<input id="${id}" autocomplete="off" spellcheck="false">`)
  control.required = isRequired === true
  if (schema.format === "binary") {
    control.type = "file"
    return control
  }
  control.type = schema.type === "integer" || schema.type === "number" ? "number" : "text"
  if (schema.type === "number") control.step = "any"
  control.min = String(schema.minimum ?? "")
  control.max = String(schema.maximum ?? "")
  control.placeholder = String(example ?? schema.examples?.[0] ?? schema.default ?? "")
  control.defaultValue = value ?? ""
  return control
}

/**
 * @param {string} id
 * @param {unknown[]} words
 * @param {Part} schema
 * @param {boolean} isRequired
 * @param {string | undefined} value
 */
function choice(id, words, schema, isRequired, value) {
  const none = schema.default === undefined ? "not set" : `not set: ${schema.default}`
  const select = /** @type {HTMLSelectElement} */ (html`<select id="${id}">
    ${!isRequired && html`<option value="">${none}</option>`}
    ${words.map((word) => html`<option value="${word}">${word}</option>`)}
  </select>`)
  select.required = isRequired
  if (value !== undefined && words.map(String).includes(value)) select.value = value
  return select
}

/**
 * The values of a control; a list's items are written in one input with commas between them.
 * @param {Control} control
 * @param {Part} schema
 */
function valuesOf(control, schema) {
  if (control instanceof HTMLInputElement && control.type === "file") return [...(control.files ?? [])]
  if (control.value === "") return []
  return schema.type === "array" ? control.value.split(",").map((item) => item.trim()) : [control.value]
}
