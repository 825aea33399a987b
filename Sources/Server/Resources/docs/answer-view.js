import { html } from "./html.js"
import { size } from "./size.js"

/** How many characters of a body are shown. */
const limit = 500_000

/**
 * Shows a response as it arrives: status, headers, and the body as text or as a file to save.
 * @param {Response} response
 * @param {number} started The time of the request, by `performance.now()`.
 * @param {string} name The name of a file that the response does not name.
 * @param {HTMLElement} place
 */
export async function showAnswer(response, started, name, place) {
  const seconds = ((performance.now() - started) / 1000).toFixed(2)
  const status = `${response.status} ${response.statusText}`.trim()
  place.replaceChildren(
    html`<p class="status"><strong class="${response.ok ? "good" : "bad"}" data-status>${status}</strong> after ${seconds} s</p>`,
    html`<details class="inner">
      <summary>Headers</summary>
      <dl class="headers">${[...response.headers].map(([key, value]) => [html`<dt>${key}</dt>`, html`<dd>${value}</dd>`])}</dl>
    </details>`,
  )
  const type = response.headers.get("Content-Type") ?? ""
  if (isText(type)) await showText(response, type, place)
  else await showFile(response, name, place)
}

/** @param {string} type */
function isText(type) {
  return /^text\/|^application\/(json|lrc|x-subrip|ttml)|[+/](json|xml)\b/.test(type)
}

/**
 * @param {Response} response
 * @param {string} type
 * @param {HTMLElement} place
 */
async function showText(response, type, place) {
  const output = html`<pre class="body" tabindex="0" aria-label="Body" data-body></pre>`
  place.append(output)
  if (/\bjson\b/.test(type)) {
    output.textContent = shortened(pretty(await response.text()))
    return
  }
  let length = 0
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  for (let step = await reader?.read(); step?.value; step = await reader?.read()) {
    output.append(step.value.slice(0, limit - length))
    length += step.value.length
    if (length > limit) {
      output.append("\n… The rest is not shown.")
      await reader?.cancel()
      return
    }
  }
}

/** @param {string} text */
function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

/** @param {string} text */
function shortened(text) {
  return text.length > limit ? `${text.slice(0, limit)}\n… The rest is not shown.` : text
}

/**
 * @param {Response} response
 * @param {string} name
 * @param {HTMLElement} place
 */
async function showFile(response, name, place) {
  const file = await response.blob()
  if (file.size === 0) return
  const address = URL.createObjectURL(file)
  place.append(html`<p><a class="button" href="${address}" download="${fileName(response) ?? name}">Save the file (${size(file.size)})</a></p>`)
}

/**
 * The name that the server gives a file (RFC 6266).
 * @param {Response} response
 */
function fileName(response) {
  const disposition = response.headers.get("Content-Disposition") ?? ""
  const extended = disposition.match(/filename\*=UTF-8''([^;]+)/i)?.[1]
  try {
    return extended ? decodeURIComponent(extended) : disposition.match(/filename="([^"]+)"/)?.[1]
  } catch {
    return undefined
  }
}
