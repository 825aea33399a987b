import { droppedFiles } from "../logic/files.js"
import { keepOptions } from "../logic/options.js"
import { UploadRow } from "./upload-row.js"

const uploadsAtOnce = 2

/** The form and drop target that turn files into rows, a few of which upload at a time. */
class UploadQueue extends HTMLElement {
  /** @type {UploadRow[]} */
  #rows = []

  // Lifecycle

  connectedCallback() {
    this.form = /** @type {HTMLFormElement} */ (this.querySelector("form"))
    this.input = /** @type {HTMLInputElement} */ (this.querySelector("input[type=file]"))
    this.list = /** @type {HTMLElement} */ (this.querySelector("[data-uploads]"))
    this.input.multiple = true
    this.options = keepOptions(this.form)
    this.input.addEventListener("change", () => this.#choose())
    this.form.addEventListener("submit", (event) => event.preventDefault())
    document.addEventListener("dragover", this.#dragOver)
    document.addEventListener("dragleave", this.#dragLeave)
    document.addEventListener("drop", this.#drop)
    window.addEventListener("beforeunload", this.#warn)
    // A browser may restore the files of an earlier visit before this code runs.
    if (this.input.files?.length) this.#choose()
  }

  disconnectedCallback() {
    document.removeEventListener("dragover", this.#dragOver)
    document.removeEventListener("dragleave", this.#dragLeave)
    document.removeEventListener("drop", this.#drop)
    window.removeEventListener("beforeunload", this.#warn)
  }

  // Actions

  #choose() {
    const files = [...(this.input?.files ?? [])]
    this.#add(files)
    if (this.input) this.input.value = ""
  }

  #dragOver = (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "copy"
    this.classList.add("is-dragging")
  }

  #dragLeave = (/** @type {DragEvent} */ event) => {
    if (event.relatedTarget === null) this.classList.remove("is-dragging")
  }

  #drop = async (/** @type {DragEvent} */ event) => {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    this.classList.remove("is-dragging")
    this.#add(await droppedFiles(event.dataTransfer))
  }

  /** @param {File[]} files */
  #add(files) {
    if (files.length === 0) return
    const opensAtOnce = files.length === 1 && this.#rows.every((row) => row.isOver)
    const options = this.options?.current() ?? {}
    for (const file of files) {
      const row = new UploadRow(file, options, () => this.#advance())
      row.opensAtOnce = opensAtOnce
      this.#rows.push(row)
      this.list?.append(row.element)
      if (file === files[0]) row.element.scrollIntoView({ block: "nearest" })
    }
    this.classList.add("upload-queue-busy")
    this.#announce(files.length === 1 ? `Uploading ${files[0].name}` : `Uploading ${files.length} files`)
    this.#advance()
  }

  // Private

  #advance() {
    const running = this.#rows.filter((row) => row.phase === "uploading").length
    const waiting = this.#rows.filter((row) => row.phase === "waiting")
    for (const row of waiting.slice(0, Math.max(0, uploadsAtOnce - running))) row.start()
  }

  /** Leaving the page loses only what is not uploaded yet. */
  #warn = (/** @type {BeforeUnloadEvent} */ event) => {
    if (this.#rows.some((row) => row.phase === "uploading" || row.phase === "waiting")) event.preventDefault()
  }

  /** @param {string} words */
  #announce(words) {
    const place = this.querySelector("[data-announce]")
    if (place) place.textContent = words
  }
}

customElements.define("upload-queue", UploadQueue)
