/**
 * A request that a person put together.
 *
 * @typedef {{ name: string, value: string | File }} Field
 * @typedef {{ kind: "form", fields: Field[] } | { kind: "text", type: string, text: string } | { kind: "file", type: string, file: File }} Body
 * @typedef {{ method: string, url: URL, headers: [string, string][], body?: Body }} Request
 */

/**
 * @param {string} method
 * @param {URL} address The address with the placeholders of its path.
 * @param {{ in: string, name: string, value: string }[]} parameters
 * @param {Body} [body]
 * @returns {Request}
 */
export function assemble(method, address, parameters, body) {
  const url = new URL(address)
  /** @type {[string, string][]} */
  const headers = []
  for (const { in: place, name, value } of parameters) {
    if (place === "path") url.pathname = url.pathname.replace(encodeURI(`{${name}}`), encodeURIComponent(value))
    else if (place === "query") url.searchParams.append(name, value)
    else if (place === "header") headers.push([name, value])
  }
  if (body && body.kind !== "form" && body.type) headers.push(["Content-Type", body.type])
  return { method, url, headers, body }
}

/**
 * The request for `fetch`.
 * @param {Request} request
 * @returns {RequestInit}
 */
export function init({ method, headers, body }) {
  return { method, headers, body: content(body), cache: "no-store" }
}

/** @param {Body | undefined} body */
function content(body) {
  switch (body?.kind) {
    case "form": {
      const form = new FormData()
      for (const { name, value } of body.fields) form.append(name, value)
      return form
    }
    case "text":
      return body.text
    case "file":
      return body.file
    default:
      return undefined
  }
}

/**
 * The request as a command for a terminal.
 * @param {Request} request
 */
export function curl({ method, url, headers, body }) {
  const parts = [method === "HEAD" ? "--head" : method === "GET" || (method === "POST" && body) ? "" : `-X ${method}`, quote(url.href)]
  for (const [name, value] of headers) parts.push(`-H ${quote(`${name}: ${value}`)}`)
  if (body?.kind === "form") {
    for (const { name, value } of body.fields) {
      parts.push(value instanceof File ? `-F ${quote(`${name}=@${fileName(value)}`)}` : `--form-string ${quote(`${name}=${value}`)}`)
    }
  }
  if (body?.kind === "text") parts.push(`--data-raw ${quote(body.text)}`)
  if (body?.kind === "file") parts.push(`--data-binary ${quote(`@${body.file.name}`)}`)
  const lines = parts.filter((part) => part !== "")
  return lines.length > 2 ? `curl ${lines.join(" \\\n  ")}` : `curl ${lines.join(" ")}`
}

/**
 * A file's name as curl reads it after the @ of a form's field.
 * @param {File} file
 */
function fileName(file) {
  return /[;,"]/.test(file.name) ? `"${file.name.replaceAll(/["\\]/g, "\\$&")}"` : file.name
}

/** @param {string} text */
function quote(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}
