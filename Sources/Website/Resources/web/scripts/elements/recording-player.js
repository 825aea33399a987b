/** The player of a recording: keys, jumps from the transcript, and the mark on the current segment. */
class RecordingPlayer extends HTMLElement {
  /** @type {HTMLElement[]} */
  #segments = []
  /** @type {HTMLElement | undefined} */
  #current
  #lastScroll = 0

  // Lifecycle

  connectedCallback() {
    this.audio = /** @type {HTMLAudioElement} */ (this.querySelector("audio"))
    this.audio.addEventListener("timeupdate", () => this.#mark())
    this.audio.addEventListener("seeked", () => this.#mark())
    this.audio.addEventListener("error", () => this.#explain())
    if (this.audio.error) this.#explain()
    document.addEventListener("keydown", this.#key)
    document.addEventListener("click", this.#click)
    document.addEventListener("transcript-grew", this.#read)
    window.addEventListener("hashchange", this.#openAtAddress)
    for (const kind of ["wheel", "touchmove"]) document.addEventListener(kind, this.#scrolled, { passive: true })
    this.#read()
    this.#openAtAddress()
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.#key)
    document.removeEventListener("click", this.#click)
    document.removeEventListener("transcript-grew", this.#read)
    window.removeEventListener("hashchange", this.#openAtAddress)
    for (const kind of ["wheel", "touchmove"]) document.removeEventListener(kind, this.#scrolled)
  }

  // Actions

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#isBusyWithKeys(event)) return
    const action = {
      " ": () => this.toggle(),
      k: () => this.toggle(),
      j: () => this.move(-10),
      l: () => this.move(10),
      ArrowLeft: () => this.move(-5),
      ArrowRight: () => this.move(5),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key]
    if (!action) return
    event.preventDefault()
    action()
  }

  #click = (/** @type {MouseEvent} */ event) => {
    const target = /** @type {Element} */ (event.target)
    const time = target.closest("[data-seek]")
    const segment = target.closest("[data-segment]")
    if (time instanceof HTMLElement) {
      event.preventDefault()
      history.replaceState(null, "", time.getAttribute("href"))
      this.seek(Number(time.dataset.seek), true)
    } else if (segment instanceof HTMLElement && getSelection()?.isCollapsed) {
      this.seek(Number(segment.dataset.start), false)
    }
  }

  #scrolled = () => {
    this.#lastScroll = Date.now()
  }

  toggle() {
    if (!this.audio) return
    if (this.audio.paused) this.#play()
    else this.audio.pause()
  }

  /** @param {number} seconds */
  move(seconds) {
    if (this.audio) this.seek(this.audio.currentTime + seconds, false)
  }

  /**
   * @param {number} seconds
   * @param {boolean} plays Starts playing too.
   */
  seek(seconds, plays) {
    if (!this.audio) return
    const end = Number.isFinite(this.audio.duration) ? this.audio.duration : Infinity
    this.audio.currentTime = Math.min(Math.max(0, seconds), end)
    this.#lastScroll = 0
    if (plays) this.#play()
    this.#mark()
  }

  // Private

  #play() {
    this.audio?.play().catch(() => {})
  }

  /** @param {KeyboardEvent} event */
  #isBusyWithKeys(event) {
    const target = /** @type {Element} */ (event.target)
    if (document.querySelector("dialog[open]") || target.closest("input, select, textarea, [contenteditable], audio")) return true
    return event.key === " " && target.closest("button, a, summary") !== null
  }

  #read = () => {
    this.#segments = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-transcript] [data-segment]"))]
    this.#mark()
  }

  #mark() {
    const now = this.audio?.currentTime ?? 0
    const hasBegun = now > 0 || !this.audio?.paused
    const found = hasBegun ? this.#segments[this.#indexAt(now)] : undefined
    const current = found && now < Number(found.dataset.end) ? found : undefined
    if (current === this.#current) return
    this.#current?.removeAttribute("aria-current")
    current?.setAttribute("aria-current", "true")
    this.#current = current
    if (current) this.#show(current)
  }

  /**
   * The last segment that has begun at a time, or -1.
   * @param {number} seconds
   */
  #indexAt(seconds) {
    let low = 0
    let high = this.#segments.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (Number(this.#segments[middle].dataset.start) <= seconds + 0.01) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** @param {HTMLElement} segment */
  #show(segment) {
    if (this.audio?.paused || Date.now() - this.#lastScroll < 4000) return
    const box = segment.getBoundingClientRect()
    const isSeen = box.top > this.getBoundingClientRect().bottom && box.bottom < innerHeight * 0.85
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches
    if (!isSeen) segment.scrollIntoView({ block: "center", behavior: isCalm ? "auto" : "smooth" })
  }

  /** An address that ends in `#t=SECONDS` opens at that time. */
  #openAtAddress = () => {
    const seconds = Number(/^#t=(\d+(\.\d+)?)$/.exec(location.hash)?.[1] ?? NaN)
    if (Number.isNaN(seconds) || !this.audio) return
    const go = () => {
      this.seek(seconds, false)
      this.#current?.scrollIntoView({ block: "center" })
    }
    if (this.audio.readyState >= HTMLMediaElement.HAVE_METADATA) go()
    else this.audio.addEventListener("loadedmetadata", go, { once: true })
  }

  #explain() {
    const words = this.querySelector(".player-error")
    if (words instanceof HTMLElement) words.hidden = false
  }
}

customElements.define("recording-player", RecordingPlayer)
