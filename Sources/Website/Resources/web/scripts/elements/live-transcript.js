import { follow, isUnfinished } from "../lib/events.js"
import { html } from "../lib/html.js"
import { clock, localizeTimes } from "../lib/time.js"
import { endsBefore, joinsWithSpace } from "../logic/paragraphs.js"

/** @typedef {import("../lib/api.js").Segment} Segment */

/** A transcript that grows while the transcription runs. */
class LiveTranscript extends HTMLElement {
  #stop = () => {}
  #numbers = new Set()

  // Lifecycle

  connectedCallback() {
    this.transcript = /** @type {HTMLElement} */ (this.querySelector("[data-transcript]"))
    for (const segment of this.transcript.querySelectorAll("[data-segment]")) this.#numbers.add(segment.getAttribute("data-number"))
    if (!isUnfinished(this.dataset.state ?? "")) return
    this.#stop = follow(this.dataset.id ?? "", {
      status: (status) => this.#report(status),
      segment: (segment) => this.#append(segment),
      done: () => this.#finish(),
    })
  }

  disconnectedCallback() {
    this.#stop()
  }

  // Events

  /** @param {import("../lib/api.js").Transcription} status */
  #report(status) {
    if (status.language) this.dataset.language = status.language
    // The final state is shown together with the last segments.
    if (!isUnfinished(status.status)) return
    if (status.status !== this.dataset.state) this.#renewToolbar(status.status)
    const place = document.querySelector("[data-status]")
    if (place) {
      place.textContent = status.status
      place.setAttribute("data-state", status.status)
    }
    const percent = Math.floor((status.progress ?? 0) * 100)
    const bar = this.querySelector("progress")
    if (bar) bar.value = percent
    this.#write("[data-percent]", String(percent))
    this.#write("[data-progress-words]", words(status))
  }

  /** @param {Segment} segment */
  #append(segment) {
    const number = String(segment.id)
    if (this.#numbers.has(number)) return
    this.#numbers.add(number)
    const element = html`<span data-segment id="segment-${number}" data-number="${number}" data-start="${segment.start}" data-end="${segment.end}">${segment.text}</span>`
    if (segment.speaker) element.dataset.speakerName = segment.speaker
    this.#paragraphFor(segment).append(element, this.#gap())
    this.dispatchEvent(new CustomEvent("transcript-grew", { bubbles: true }))
  }

  /** The end may change more than was streamed, so the page is fetched once more. */
  async #finish() {
    const page = await this.#currentPage()
    if (!page) {
      location.reload()
      return
    }
    const fresh = page.querySelector("live-transcript")
    const isWhole = fresh?.getAttribute("data-state") === "completed" && fresh.querySelectorAll("[data-segment]").length === this.#numbers.size
    if (fresh && !(isWhole && this.#numbers.size > 0)) this.replaceChildren(...fresh.children)
    this.querySelector("[data-progress]")?.remove()
    for (const part of ["[data-facts]", "[data-model-note]", "[data-toolbar]", "[data-details] dl"]) this.#renew(page, part)
    localizeTimes(document)
    this.dispatchEvent(new CustomEvent("transcript-grew", { bubbles: true }))
  }

  // Private

  async #currentPage() {
    const response = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => undefined)
    return response?.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : undefined
  }

  /**
   * The possible actions depend on the state, which another window may have changed.
   * @param {string} state
   */
  async #renewToolbar(state) {
    this.dataset.state = state
    const page = await this.#currentPage()
    if (page && this.dataset.state === state) this.#renew(page, "[data-toolbar]")
  }

  /** @param {Segment} segment */
  #paragraphFor(segment) {
    const last = this.transcript?.lastElementChild
    const previous = last?.querySelector("[data-segment]:last-of-type")
    const isOpen =
      last instanceof HTMLElement &&
      previous instanceof HTMLElement &&
      !endsBefore({ end: Number(previous.dataset.end), length: last.textContent?.length ?? 0, lastCharacter: previous.textContent?.slice(-1) ?? "", speaker: previous.dataset.speakerName }, segment)
    if (isOpen) return last
    const time = clock(segment.start)
    const paragraph = html`<p class="paragraph" dir="auto"><a class="time" href="#t=${segment.start}" data-seek="${segment.start}" data-clock="${time}" aria-label="Play from ${time}"></a></p>`
    if (segment.speaker) paragraph.append(html`<b class="speaker" data-speaker>${segment.speaker}</b>`, " ")
    this.transcript?.append(paragraph)
    return paragraph
  }

  #gap() {
    const language = "translation" in this.dataset ? "en" : this.dataset.language
    return joinsWithSpace(language) ? " " : ""
  }

  /**
   * @param {string} selector
   * @param {string} words
   */
  #write(selector, words) {
    const place = this.querySelector(selector)
    if (place) place.textContent = words
  }

  /**
   * @param {ParentNode} page
   * @param {string} selector
   */
  #renew(page, selector) {
    const fresh = page.querySelector(selector)
    if (fresh) document.querySelector(selector)?.replaceWith(fresh)
  }
}

/** @param {import("../lib/api.js").Transcription} status */
function words(status) {
  if (status.status === "paused") return "Paused"
  if (status.model_download) return downloading(status.model_download)
  if (status.held_by) return status.held_by.message
  if (status.status === "pending") return (status.queue_position ?? 1) > 1 ? `Number ${status.queue_position} in the queue` : "Waiting in the queue"
  const left = status.estimated_seconds_left ?? 0
  return left >= 5 ? `Transcribing, about ${clock(left)} left` : "Transcribing"
}

/**
 * The progress of a model's download.
 * @param {import("../lib/api.js").Download} download
 */
function downloading(download) {
  if (download.status === "checking") return "Checking the downloaded model"
  const percent = download.progress == null ? "" : `, ${Math.floor(download.progress)} %`
  const left = download.seconds_left == null ? "" : `, about ${clock(download.seconds_left)} left`
  return `Downloading the model${percent}${left}`
}

customElements.define("live-transcript", LiveTranscript)
