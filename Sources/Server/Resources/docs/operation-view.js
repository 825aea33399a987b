import { html } from "./html.js"
import { inline, prose } from "./prose.js"
import { schemaView, sentences, typeName } from "./schema-view.js"
import { TryOut } from "./try-out.js"

/**
 * @typedef {import("./description.js").Description} Description
 * @typedef {import("./description.js").Operation} Operation
 * @typedef {import("./description.js").Part} Part
 */

/**
 * One operation, folded; its content is made when it is first opened.
 * @param {Operation} operation
 * @param {Description} description
 */
export function operationView(operation, description) {
  const view = html`<details class="operation" id="${operation.id}">
    <summary>
      <span class="method is-${operation.method.toLowerCase()}">${operation.method}</span>
      <h3><code class="path">${breakable(operation.path)}</code><span class="title">${operation.summary}</span></h3>
    </summary>
  </details>`
  view.addEventListener("toggle", () => view.append(content(operation, description)), { once: true })
  return view
}

/**
 * A path that may be broken before each of its parts.
 * @param {string} path
 */
function breakable(path) {
  return path.split(/(?=\/)/).map((part, index) => (index === 0 ? part : [html`<wbr>`, part]))
}

/**
 * @param {Operation} operation
 * @param {Description} description
 */
function content(operation, description) {
  const { parameters, body, responses } = operation
  return html`<div class="operation-inside">
    ${prose(operation.description)}
    ${parameters.length > 0 && [html`<h4>Parameters</h4>`, html`<ul class="fields">${parameters.map((each) => parameterView(each, description))}</ul>`]}
    ${body && [html`<h4>Body</h4>`, prose(body.description), mediaViews(body.content, description)]}
    <h4>Responses</h4>
    <ul class="fields">${Object.entries(responses).map(([status, response]) => responseView(status, response, description))}</ul>
    <h4>Try it out</h4>
    ${new TryOut(operation, description).element}
  </div>`
}

/**
 * @param {Part} parameter
 * @param {Description} description
 */
function parameterView(parameter, description) {
  const { name, schema, required } = parameter
  return html`<li class="field">
    <p class="field-head"><code class="field-name">${name}</code> <span class="type">${typeName(schema, description)}, in the ${parameter.in}</span>${required && html`<span class="required"> required</span>`}</p>
    ${sentences({ ...schema, description: parameter.description ?? schema.description })}
  </li>`
}

/**
 * @param {string} status
 * @param {Part} response
 * @param {Description} description
 */
function responseView(status, response, description) {
  const headers = Object.entries(/** @type {Record<string, Part>} */ (response.headers ?? {}))
  return html`<li class="field">
    <p class="field-head"><strong class="${Number(status) < 400 ? "good" : "bad"}">${status}</strong> ${inline(response.description)}</p>
    ${headers.map(([name, header]) => html`<p class="limits"><code>${name}</code> ${inline(description.resolve(header).description)}</p>`)}
    ${response.content && mediaViews(response.content, description)}
  </li>`
}

/**
 * The kinds of content, by media type.
 * @param {Record<string, Part>} content
 * @param {Description} description
 */
function mediaViews(content, description) {
  return html`<ul class="fields">${Object.entries(content).map(([type, media]) => mediaView(type, media, description))}</ul>`
}

/**
 * A media type with its description, its fields or its events, and an example.
 * @param {string} type
 * @param {Part} media
 * @param {Description} description
 */
function mediaView(type, media, description) {
  const part = media.itemSchema ?? media.schema
  const schema = description.resolve(part)
  return html`<li class="field">
    <p class="field-head"><code>${type}</code> <span class="type">${media.itemSchema && "events: "}${typeName(part, description)}</span></p>
    ${schema.description && html`<p>${inline(schema.description)}</p>`}
    ${media.itemSchema ? eventViews(schema, description) : folded("Fields", schemaView(part, description))}
    ${media.example !== undefined && folded("Example", html`<pre class="body" tabindex="0">${JSON.stringify(media.example, null, 2)}</pre>`)}
  </li>`
}

/**
 * The events of a stream by their names, with the fields of their data.
 * @param {Part} schema
 * @param {Description} description
 */
function eventViews(schema, description) {
  const events = /** @type {Part[]} */ (schema.oneOf ?? [schema])
  return html`<ul class="fields">${events.map((part) => {
    const { event, data } = part.properties
    return html`<li class="field">
      <p class="field-head">${event && html`<code class="field-name">${event.const}</code>`} ${inline(part.description)}</p>
      ${data.contentSchema && folded("Fields", schemaView(data.contentSchema, description))}
    </li>`
  })}</ul>`
}

/**
 * @param {string} title
 * @param {HTMLElement | null} content
 */
function folded(title, content) {
  return content && html`<details class="inner"><summary>${title}</summary>${content}</details>`
}
