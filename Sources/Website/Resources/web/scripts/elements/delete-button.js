import { deleteTranscription, Refused } from "../lib/api.js"

/** Deletes the transcription after a dialog; without scripts, the link inside leads to a page that asks. */
class DeleteButton extends HTMLElement {
  connectedCallback() {
    this.dialog = document.querySelector("dialog#delete-dialog")
    this.addEventListener("click", (event) => this.#ask(event))
    this.dialog?.querySelector("form")?.addEventListener("submit", (submission) => this.#answer(submission))
  }

  /** @param {MouseEvent} event */
  #ask(event) {
    if (!(this.dialog instanceof HTMLDialogElement)) return
    event.preventDefault()
    this.dialog.showModal()
  }

  /** @param {SubmitEvent} submission */
  async #answer(submission) {
    const button = submission.submitter
    if (!(button instanceof HTMLButtonElement) || button.value === "keep") return
    submission.preventDefault()
    button.disabled = true
    try {
      await deleteTranscription(document.querySelector("live-transcript")?.getAttribute("data-id") ?? "")
      location.assign("/library")
    } catch (error) {
      button.disabled = false
      const words = this.dialog?.querySelector("p")
      if (words) words.textContent = error instanceof Refused ? error.message : "The server could not be reached. Nothing was deleted."
    }
  }
}

customElements.define("delete-button", DeleteButton)
