import { showAnswer } from "./answer-view.js"
import { html } from "./html.js"
import { fileInput, input, textInput } from "./inputs.js"
import { assemble, curl, init } from "./request.js"

/**
 * @typedef {import("./description.js").Part} Part
 * @typedef {import("./inputs.js").Input} Input
 */

/**
 * The last values of path parameters, by name: the next operation is likely to be about the same thing.
 * @type {Map<string, string>}
 */
const lastValues = new Map()

/** A form that puts a request together, sends it and shows the response. */
export class TryOut {
  /** @type {{ name: string, input: Input }[] | undefined} */
  #fields
  #bodyType = ""
  /** @type {AbortController | undefined} */
  #controller

  /**
   * @param {import("./description.js").Operation} operation
   * @param {import("./description.js").Description} description
   */
  constructor(operation, description) {
    this.operation = operation
    this.description = description
    this.parameters = operation.parameters.map((parameter) => ({ parameter, input: this.#parameterInput(parameter) }))
    this.bodyPlace = html`<div class="inputs"></div>`
    this.command = html`<pre class="command" tabindex="0" aria-label="The request as a command for a terminal" data-command></pre>`
    this.answer = html`<div class="answer" role="status"></div>`
    this.stop = html`<button class="button" type="button" hidden>Stop</button>`
    this.copy = html`<button class="button is-small" type="button">Copy</button>`
    this.element = html`<form class="try-out">
      ${this.parameters.length > 0 && html`<div class="inputs">${this.parameters.map(({ input }) => input.element)}</div>`}
      ${this.#bodyChoice()}
      ${this.bodyPlace}
      <div class="terminal">${this.command}${this.copy}</div>
      <p class="actions"><button class="button is-primary" type="submit">Send</button>${this.stop}</p>
      ${this.answer}
    </form>`
    this.element.addEventListener("submit", (event) => this.#submit(event))
    this.element.addEventListener("input", () => this.#showCommand())
    this.element.addEventListener("change", () => this.#showCommand())
    this.stop.addEventListener("click", () => this.#controller?.abort())
    this.copy.addEventListener("click", () => this.#copyCommand())
    this.#showCommand()
  }

  /** @param {Part} parameter */
  #parameterInput(parameter) {
    const { name, schema } = parameter
    const details = {
      isRequired: parameter.required,
      description: parameter.description,
      example: parameter.example,
      value: parameter.in === "path" ? lastValues.get(name) : undefined,
    }
    return input(`${this.operation.id}-${parameter.in}-${name}`, name, schema, details, this.description)
  }

  /** A choice between the media types of the body, if there are several. */
  #bodyChoice() {
    const content = this.operation.body?.content
    if (!content) return null
    const types = Object.keys(content)
    this.#takeBody(types[0])
    if (types.length === 1) return null
    const id = `${this.operation.id}-type`
    const select = /** @type {HTMLSelectElement} */ (html`<select id="${id}">${types.map((type) => html`<option value="${type}">${type}</option>`)}</select>`)
    select.addEventListener("change", () => this.#takeBody(select.value))
    return html`<div class="input"><label for="${id}">Content type</label>${select}</div>`
  }

  /** @param {string} type */
  #takeBody(type) {
    const media = this.operation.body?.content[type]
    const id = `${this.operation.id}-body`
    if (type === "multipart/form-data") {
      const { properties, required = [] } = this.description.resolve(media.schema)
      // A field that may also be a query parameter has its input there already.
      const isParameter = (/** @type {string} */ name) => this.operation.parameters.some((parameter) => parameter.name === name)
      const own = Object.entries(/** @type {Record<string, Part>} */ (properties)).filter(([name]) => !isParameter(name))
      this.#fields = own.map(([name, part]) => ({
        name,
        input: input(`${id}-${name}`, name, part, { isRequired: required.includes(name) }, this.description),
      }))
    } else {
      const isText = type.endsWith("json") || type.startsWith("text/")
      this.#fields = [{ name: "", input: isText ? textInput(id, media, type, this.description) : fileInput(id) }]
    }
    this.#bodyType = type
    this.bodyPlace.replaceChildren(...this.#fields.map(({ input }) => input.element))
  }

  get #request() {
    const parameters = this.parameters.flatMap(({ parameter, input }) =>
      input.values().map((value) => ({ in: parameter.in, name: parameter.name, value: String(value) })),
    )
    return assemble(this.operation.method, this.description.address(this.operation.path), parameters, this.#body)
  }

  /** @returns {import("./request.js").Body | undefined} */
  get #body() {
    if (!this.#fields) return undefined
    if (this.#bodyType === "multipart/form-data") {
      return { kind: "form", fields: this.#fields.flatMap(({ name, input }) => input.values().map((value) => ({ name, value }))) }
    }
    const value = this.#fields[0].input.values()[0]
    if (value === undefined) return undefined
    const type = this.#bodyType === "*/*" ? "" : this.#bodyType
    return value instanceof File ? { kind: "file", type: type || value.type, file: value } : { kind: "text", type, text: value }
  }

  #showCommand() {
    this.command.textContent = curl(this.#request)
  }

  /** If the browser forbids it, as on plain HTTP from another machine, the command is selected instead. */
  async #copyCommand() {
    try {
      await navigator.clipboard.writeText(this.command.textContent ?? "")
      this.copy.textContent = "Copied"
    } catch {
      getSelection()?.selectAllChildren(this.command)
      this.copy.textContent = "Selected"
    }
  }

  /** @param {Event} event */
  async #submit(event) {
    event.preventDefault()
    this.#controller?.abort()
    const controller = new AbortController()
    this.#controller = controller
    for (const { parameter, input } of this.parameters) {
      const [value] = input.values()
      if (parameter.in === "path" && value) lastValues.set(parameter.name, String(value))
    }
    const request = this.#request
    const started = performance.now()
    this.stop.hidden = false
    this.answer.replaceChildren(html`<p class="quiet">Sent. Waiting for the response …</p>`)
    try {
      const response = await fetch(request.url, { ...init(request), signal: controller.signal })
      await showAnswer(response, started, this.operation.id, this.answer)
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error)
      if (this.#controller === controller) this.answer.append(html`<p class="bad">${name === "AbortError" ? "Stopped." : `The request failed: ${message}`}</p>`)
    }
    if (this.#controller === controller) this.stop.hidden = true
  }
}
