import { localizeTimes } from "../lib/time.js"

const refreshEvery = 3000

/** A list of recordings that stays true while some of them are being transcribed. */
class RecordingList extends HTMLElement {
  #timer = 0

  connectedCallback() {
    this.#schedule()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #schedule() {
    if (!this.querySelector("[data-state=pending], [data-state=processing], [data-state=paused]")) return
    this.#timer = setTimeout(() => this.#refresh(), refreshEvery)
  }

  /** Fetches the page again and takes over each row that has changed; a row that holds the focus keeps it. */
  async #refresh() {
    const response = document.hidden ? undefined : await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined)
    if (response?.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html")
      localizeTimes(page)
      for (const fresh of page.querySelectorAll("recording-list .recording-row")) this.#renew(fresh)
    }
    this.#schedule()
  }

  /** @param {Element} fresh */
  #renew(fresh) {
    const id = fresh.getAttribute("data-id") ?? ""
    const row = this.querySelector(`[data-id="${CSS.escape(id)}"]`)
    const from = fresh.firstElementChild
    const link = row?.firstElementChild
    if (!row || !from || !link || from.innerHTML === link.innerHTML) return
    row.setAttribute("data-state", fresh.getAttribute("data-state") ?? "")
    link.replaceChildren(...from.childNodes)
  }
}

customElements.define("recording-list", RecordingList)
