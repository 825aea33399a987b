import { fillContents, sectionId } from "./contents.js"
import { Description } from "./description.js"
import { html } from "./html.js"
import { operationView } from "./operation-view.js"
import { inline, prose } from "./prose.js"

const main = /** @type {HTMLElement} */ (document.querySelector("main"))
const nav = /** @type {HTMLElement} */ (document.querySelector("nav"))

/** Opens the operation that the address names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!(named instanceof HTMLDetailsElement)) return
  named.open = true
  named.scrollIntoView()
  named.querySelector("summary")?.focus({ preventScroll: true })
}

try {
  const response = await fetch("openapi.json")
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const description = new Description(await response.json())
  const groups = description.groups
  const { title, description: text } = description.document.info
  main.replaceChildren(
    html`<h1>${title}</h1>`,
    ...prose(text),
    ...groups.map(
      (group) => html`<section class="group" id="${sectionId(group.name)}">
        <h2>${group.name}</h2>
        <p class="quiet">${inline(group.description)}</p>
        ${group.operations.map((operation) => operationView(operation, description))}
      </section>`,
    ),
  )
  fillContents(groups, nav)
  addEventListener("hashchange", openNamed)
  openNamed()
} catch (error) {
  const notice = document.querySelector("#notice")
  const reason = error instanceof Error ? error.message : error
  if (notice) notice.textContent = `openapi.json could not be loaded: ${reason}. Is Earshot running?`
}
