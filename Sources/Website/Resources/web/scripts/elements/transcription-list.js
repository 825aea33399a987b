import { followAll } from "../lib/events.js"
import { localizeTimes } from "../lib/time.js"

// Several changes may happen at once; the page is fetched once for all of them.
const refreshAfter = 500

/** A list of transcriptions that is kept up to date. */
class TranscriptionList extends HTMLElement {
  #timer = 0
  #stop = () => {}
  #onVisibility = () => this.#follow()

  connectedCallback() {
    document.addEventListener("visibilitychange", this.#onVisibility)
    this.#follow()
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#onVisibility)
    clearTimeout(this.#timer)
    this.#stop()
  }

  /** A hidden page gives up its connection. */
  #follow() {
    this.#stop()
    this.#stop = document.hidden ? () => {} : followAll(() => this.#schedule())
  }

  #schedule() {
    if (this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = 0
      this.#refresh()
    }, refreshAfter)
  }

  /** Fetches the page again and updates each row that has changed; a focused row keeps the focus. */
  async #refresh() {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => undefined)
    if (!response?.ok) return
    const page = new DOMParser().parseFromString(await response.text(), "text/html")
    localizeTimes(page)
    for (const fresh of page.querySelectorAll("transcription-list .transcription-row")) this.#renew(fresh)
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

customElements.define("transcription-list", TranscriptionList)
