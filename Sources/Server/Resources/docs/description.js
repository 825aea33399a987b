/**
 * @typedef {Record<string, any>} Part A part of the document, as OpenAPI 3.1 defines it.
 * @typedef {{ method: string, path: string, id: string, summary: string, description?: string, tags: string[], parameters: Part[],
 *   body?: Part, responses: Record<string, Part> }} Operation
 * @typedef {{ name: string, description: string, operations: Operation[] }} Group
 */

/** An OpenAPI document, with its references followed. */
export class Description {
  /** @param {Part} document */
  constructor(document) {
    this.document = document
  }

  /**
   * A part of the document, or the part that it refers to; what is written beside a reference takes precedence.
   * @param {Part | undefined} part
   * @returns {Part}
   */
  resolve(part) {
    if (part?.$ref === undefined) return part ?? {}
    const { $ref, ...beside } = part
    const names = $ref.slice(2).split("/").map((/** @type {string} */ name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
    return { ...this.resolve(names.reduce((/** @type {any} */ value, /** @type {string} */ name) => value?.[name], this.document)), ...beside }
  }

  /**
   * The operations by their tags, both in the document's order.
   * @returns {Group[]}
   */
  get groups() {
    const operations = this.operations
    return this.document.tags.map((/** @type {any} */ tag) => ({ ...tag, operations: operations.filter(({ tags }) => tags.includes(tag.name)) }))
  }

  get operations() {
    const methods = ["get", "head", "options", "post", "put", "patch", "delete"]
    return Object.entries(/** @type {Record<string, Part>} */ (this.document.paths)).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => methods.includes(key))
        .map((method) => this.#operation(path, method, item)),
    )
  }

  /**
   * @param {string} path
   * @param {string} method
   * @param {Part} item
   * @returns {Operation}
   */
  #operation(path, method, item) {
    const operation = item[method]
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((part) => this.resolve(part))
    return {
      ...operation,
      method: method.toUpperCase(),
      path,
      id: operation.operationId,
      parameters: parameters.map((parameter) => ({ ...parameter, schema: this.resolve(parameter.schema) })),
      body: operation.requestBody && this.resolve(operation.requestBody),
      responses: Object.fromEntries(
        Object.entries(/** @type {Record<string, Part>} */ (operation.responses)).map(([status, part]) => [status, this.resolve(part)]),
      ),
    }
  }

  /**
   * The address of a path on the server that the document describes.
   * @param {string} path
   */
  address(path) {
    const base = new URL(this.document.servers?.[0]?.url ?? "/", location.href).href.replace(/\/$/, "")
    return new URL(base + path)
  }
}
