import { html } from "./html.js"

/** @typedef {import("./description.js").Group} Group */

/**
 * Fills the list of all operations, with a field that filters the list and the page by words.
 * @param {Group[]} groups
 * @param {HTMLElement} nav
 */
export function fillContents(groups, nav) {
  const search = /** @type {HTMLInputElement} */ (
    html`<input type="search" id="search" placeholder="Find (press /)" aria-label="Find operations" autocomplete="off">`
  )
  const nothing = html`<p class="quiet" hidden>No operation matches.</p>`
  const lists = groups.map((group) => new List(group))
  const fold = /** @type {HTMLDetailsElement} */ (
    html`<details><summary>Contents</summary>${search}${nothing}${lists.map(({ title, list }) => [title, list])}</details>`
  )
  nav.append(fold)
  nav.hidden = false

  const isWide = matchMedia("(min-width: 60rem)")
  const unfold = () => (fold.open = isWide.matches)
  isWide.addEventListener("change", unfold)
  unfold()

  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/)
    nothing.hidden = lists.map((list) => list.filter(words)).some(Boolean)
  })

  document.addEventListener("keydown", (event) => {
    const isWriting = event.target instanceof Element && event.target.matches("input, textarea, select")
    if (event.key !== "/" || isWriting || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    fold.open = true
    search.focus()
  })
}

/** The operations of one group in the contents. */
class List {
  /** @param {Group} group */
  constructor(group) {
    this.title = html`<h2>${group.name}</h2>`
    this.items = group.operations.map((operation) => ({
      element: html`<li><a href="#${operation.id}">${operation.summary}</a></li>`,
      view: document.getElementById(operation.id),
      text: `${operation.method} ${operation.path} ${operation.summary} ${operation.description}`.toLowerCase(),
    }))
    this.list = html`<ul>${this.items.map(({ element }) => element)}</ul>`
    this.section = document.getElementById(sectionId(group.name))
  }

  /**
   * Shows the operations that have all words, and returns whether there are any.
   * @param {string[]} words
   */
  filter(words) {
    let hasMatch = false
    for (const { element, view, text } of this.items) {
      const isMatch = words.every((word) => text.includes(word))
      element.hidden = !isMatch
      if (view) view.hidden = !isMatch
      hasMatch ||= isMatch
    }
    this.title.hidden = !hasMatch
    if (this.section) this.section.hidden = !hasMatch
    return hasMatch
  }
}

/**
 * The id of a group's section.
 * @param {string} name
 */
export function sectionId(name) {
  return `group-${name.toLowerCase().replaceAll(/\W+/g, "-")}`
}
