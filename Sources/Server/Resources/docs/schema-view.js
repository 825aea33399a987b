import { html } from "./html.js"
import { inline } from "./prose.js"

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Part} Part
 */

/**
 * The fields of a schema with their types, limits and descriptions; the fields of a field fold out.
 * @param {Part} part A schema.
 * @param {Description} description
 * @returns {HTMLElement | null} Null if it has no fields.
 */
export function schemaView(part, description) {
  const schema = withFields(part, description)
  if (!schema) return null
  const required = schema.required ?? []
  const properties = Object.entries(/** @type {Record<string, Part>} */ (schema.properties))
  return html`<ul class="fields">${properties.map(([name, field]) => fieldView(name, field, required.includes(name), description))}</ul>`
}

/**
 * @param {string} name
 * @param {Part} part
 * @param {boolean} isRequired
 * @param {Description} description
 */
function fieldView(name, part, isRequired, description) {
  return html`<li class="field">
    <p class="field-head"><code class="field-name">${name}</code> <span class="type">${typeName(part, description)}</span>${isRequired && html`<span class="required"> always present</span>`}</p>
    ${sentences(description.resolve(part))}
    ${withFields(part, description) && lazyFields(part, description)}
  </li>`
}

/**
 * A schema's description and its limits.
 * @param {Part} schema
 */
export function sentences(schema) {
  const limits = limitsOf(schema)
  return [
    schema.description && html`<p>${inline(schema.description)}</p>`,
    limits.length > 0 && html`<p class="limits">${limits.map((limit, index) => (index === 0 ? limit : [" · ", limit]))}</p>`,
  ]
}

/**
 * Fields that are made when they are first opened, because a schema may contain itself.
 * @param {Part} part
 * @param {Description} description
 */
function lazyFields(part, description) {
  const details = html`<details class="inner"><summary>Fields</summary></details>`
  details.addEventListener("toggle", () => details.append(schemaView(part, description) ?? ""), { once: true })
  return details
}

/**
 * The object whose fields are shown: the schema itself, its items, or the first of its choices that has fields.
 * @param {Part} part
 * @param {Description} description
 * @returns {Part | null}
 */
function withFields(part, description) {
  const schema = description.resolve(part)
  if (schema.properties) return schema
  if (schema.items) return withFields(schema.items, description)
  const choices = /** @type {Part[]} */ (schema.anyOf ?? schema.oneOf ?? [])
  return choices.map((choice) => withFields(choice, description)).find(Boolean) ?? null
}

/**
 * The type of a value: "string or null", "list of integer", "Transcription".
 * @param {Part} part
 * @param {Description} description
 * @returns {string}
 */
export function typeName(part, description) {
  const name = part.$ref?.match(/schemas\/(\w+)$/)?.[1]
  if (name) return name
  const schema = description.resolve(part)
  const choices = /** @type {Part[] | undefined} */ (schema.anyOf ?? schema.oneOf)
  if (choices) return choices.map((choice) => typeName(choice, description)).join(" or ")
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {}, description)}`
  if (schema.format === "binary") return "file"
  const type = [schema.type ?? "any"].flat().join(" or ")
  return schema.format ? `${type} (${schema.format})` : type
}

/** @param {Part} schema */
function limitsOf(schema) {
  const code = (/** @type {unknown} */ value) => html`<code>${typeof value === "string" ? value : JSON.stringify(value)}</code>`
  const { minimum, maximum } = schema
  const words = /** @type {unknown[] | undefined} */ (schema.enum)
  return [
    words && ["one of ", words.map((word, index) => (index === 0 ? code(word) : [", ", code(word)]))],
    minimum !== undefined && (maximum === undefined ? ["from ", code(minimum)] : [code(minimum), " to ", code(maximum)]),
    minimum === undefined && maximum !== undefined && ["to ", code(maximum)],
    schema.maxLength !== undefined && `up to ${schema.maxLength} characters`,
    schema.maxItems !== undefined && `up to ${schema.maxItems} items`,
    schema.default !== undefined && ["default ", code(schema.default)],
  ].filter(Boolean)
}
