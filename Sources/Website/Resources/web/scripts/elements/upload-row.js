import { Refused, upload } from "../lib/api.js"
import { follow } from "../lib/events.js"
import { html } from "../lib/html.js"
import { size } from "../lib/size.js"

/** @typedef {"waiting" | "uploading" | "transcribing" | "done" | "failed"} Phase */

const firstWords = 300
/** @type {Record<string, string>} */
const endings = { cancelled: "The transcription was canceled.", deleted: "The transcription was deleted." }

/** One uploaded file: its progress, its first words, its link. */
export class UploadRow {
  /** @type {Phase} */
  phase = "waiting"
  /** Whether its page is opened as soon as it exists. */
  opensAtOnce = false
  #abort = new AbortController()
  #stop = () => {}
  #words = ""

  /**
   * @param {File} file
   * @param {Record<string, string>} options
   * @param {() => void} onChange Called when the row no longer uploads.
   */
  constructor(file, options, onChange) {
    this.file = file
    this.options = options
    this.onChange = onChange
    this.actions = html`<div class="upload-row-actions"></div>`
    this.bar = /** @type {HTMLProgressElement} */ (html`<progress class="bar" max="1" value="0"></progress>`)
    this.state = html`<p class="upload-row-state"><span data-words>Waiting</span><span data-number></span></p>`
    this.preview = html`<p class="upload-row-words" dir="auto"></p>`
    this.element = html`<li class="upload-row" data-phase="waiting">
      <p class="upload-row-name"><bdi>${file.name}</bdi> <span class="upload-row-size">${size(file.size)}</span></p>
      ${this.actions}${this.bar}${this.state}${this.preview}
    </li>`
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`)
    this.#offer(this.#button("close", "Cancel", () => this.#remove()))
  }

  /** Whether it has ended, well or badly. */
  get isOver() {
    return this.phase === "done" || this.phase === "failed"
  }

  async start() {
    this.#enter("uploading", "Uploading")
    try {
      const accepted = await upload(this.file, this.options, (fraction) => this.#uploaded(fraction), this.#abort.signal)
      this.#accepted(accepted.id)
    } catch (error) {
      if (/** @type {Error} */ (error).name === "AbortError") return
      this.#failed(error instanceof Refused ? error.message : `The upload failed in the browser: ${error}`)
    } finally {
      this.onChange()
    }
  }

  // Steps

  /** @param {number} fraction */
  #uploaded(fraction) {
    this.#show(fraction, fraction < 1 ? "Uploading" : "Checking the file")
  }

  /** @param {string} id */
  #accepted(id) {
    this.id = id
    this.#enter("transcribing", "Waiting in the queue")
    this.bar.setAttribute("aria-label", `Transcription of ${this.file.name}`)
    this.#offer(this.#link("Open"))
    if (this.opensAtOnce) {
      location.assign(`/transcriptions/${id}`)
      return
    }
    this.#stop = follow(id, {
      status: (status) => this.#show(status.progress ?? 0, status.status === "processing" ? "Transcribing" : "Waiting in the queue"),
      segment: (segment) => this.#addWords(segment.text),
      done: (end) => this.#ended(end),
    })
  }

  /** @param {string} text */
  #addWords(text) {
    if (this.#words.length >= firstWords) return
    this.#words = `${this.#words} ${text}`.trim()
    this.preview.textContent = this.#words.slice(0, firstWords)
  }

  /** @param {import("../lib/api.js").Transcription} end */
  #ended(end) {
    if (end.status !== "completed") {
      this.#failed(end.error_message ?? endings[end.status] ?? "Transcription failed.")
      if (end.status !== "deleted") this.#offer(this.#link("Open"))
      return
    }
    this.#enter("done", this.#words || end.text ? "Done" : "Done: no speech was found")
    this.#show(1, this.#words || end.text ? "Done" : "Done: no speech was found")
    if (!this.#words && end.text) this.#addWords(end.text)
    this.#offer(this.#link("Open transcript"))
  }

  /** @param {string} reason */
  #failed(reason) {
    this.#enter("failed", reason)
    this.bar.hidden = true
    this.state.setAttribute("role", "alert")
    this.#offer(this.#button("close", "Remove from the list", () => this.#remove()))
  }

  #remove() {
    this.#abort.abort()
    this.#stop()
    this.phase = "failed"
    this.element.remove()
    this.onChange()
  }

  // Looks

  /**
   * @param {Phase} phase
   * @param {string} words
   */
  #enter(phase, words) {
    this.phase = phase
    this.element.dataset.phase = phase
    this.#show(0, words)
  }

  /**
   * @param {number} fraction
   * @param {string} words
   */
  #show(fraction, words) {
    this.bar.value = fraction
    const [place, number] = this.state.children
    place.textContent = words
    const isCounting = (this.phase === "uploading" || this.phase === "transcribing") && fraction > 0 && fraction < 1
    number.textContent = isCounting ? `${Math.floor(fraction * 100)} %` : ""
  }

  /** @param {...HTMLElement} actions */
  #offer(...actions) {
    this.actions.replaceChildren(...actions)
  }

  /** @param {string} words */
  #link(words) {
    return html`<a class="button is-small is-primary" href="/transcriptions/${this.id}">${words}</a>`
  }

  /**
   * @param {string} icon
   * @param {string} name
   * @param {() => void} action
   */
  #button(icon, name, action) {
    const button = html`<button class="button is-bare" type="button" aria-label="${name}" title="${name}"><svg class="icon" aria-hidden="true"><use href="#icon-${icon}"/></svg></button>`
    button.addEventListener("click", action)
    return button
  }
}
