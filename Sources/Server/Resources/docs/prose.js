import { html } from "./html.js"

/**
 * A text of the document: paragraphs between empty lines, `code` between backticks, and blocks of code after four spaces.
 * @param {string | undefined} text
 */
export function prose(text) {
  return (text ?? "")
    .split(/\n\n+/)
    .filter((part) => part.trim() !== "")
    .map((part) => (part.startsWith("    ") ? html`<pre tabindex="0"><code>${part.replaceAll(/^ {4}/gm, "")}</code></pre>` : html`<p>${inline(part)}</p>`))
}

/**
 * A text within one paragraph.
 * @param {string | undefined} text
 */
export function inline(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))
}
