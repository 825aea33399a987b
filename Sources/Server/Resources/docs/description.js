/** @typedef {{ method: string, path: string, id: string, summary: string, description?: string, parameters: any[], body?: any, responses: Record<string, any> }} Operation */

/** What an OpenAPI document says, with its references followed. */
export class Description {
  /** @param {any} document */
  constructor(document) {
    this.document = document;
  }

  /**
   * A part of the document, or what it refers to; what stands beside the reference counts more.
   *
   * @param {any} part
   * @returns {any}
   */
  resolve(part) {
    if (part?.$ref === undefined) return part ?? {};
    const names = part.$ref.slice(2).split("/").map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
    const { $ref, ...beside } = part;
    return { ...this.resolve(names.reduce((value, name) => value?.[name], this.document)), ...beside };
  }

  /** @returns {{ name: string, description: string, operations: Operation[] }[]} the operations by their tags, both in the document's order */
  get groups() {
    const operations = this.operations;
    return this.document.tags.map((tag) => ({ ...tag, operations: operations.filter(({ tags }) => tags.includes(tag.name)) }));
  }

  /** @returns {(Operation & { tags: string[] })[]} */
  get operations() {
    const methods = ["get", "head", "options", "post", "put", "patch", "delete"];
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((key) => methods.includes(key))
        .map((method) => this.operation(path, method, item)),
    );
  }

  /** @private */
  operation(path, method, item) {
    const operation = item[method];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((part) => this.resolve(part));
    return {
      ...operation,
      method: method.toUpperCase(),
      path,
      id: operation.operationId,
      parameters: parameters.map((parameter) => ({ ...parameter, schema: this.resolve(parameter.schema) })),
      body: operation.requestBody && this.resolve(operation.requestBody),
      responses: Object.fromEntries(Object.entries(operation.responses).map(([status, part]) => [status, this.resolve(part)])),
    };
  }

  /** @param {string} path @returns {URL} where it is on the server that the document describes */
  address(path) {
    const base = new URL(this.document.servers?.[0]?.url ?? "/", location.href).href.replace(/\/$/, "");
    return new URL(base + path);
  }
}
