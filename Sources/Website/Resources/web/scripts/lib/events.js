import { transcription, transcriptionPath } from "./api.js"

/**
 * @typedef {import("./api.js").Segment} Segment
 * @typedef {import("./api.js").Transcription} Transcription
 * @typedef {object} Listener
 * @property {(status: Transcription) => void} [status] State and progress.
 * @property {(segment: Segment) => void} [segment] Each segment, the stored ones first.
 * @property {(transcription: Transcription) => void} done Called once, however the transcription ended.
 */

// A browser opens six connections to one host; streams must leave some for uploads and audio.
const streamsAtOnce = 2
const pollEvery = 3000
let streams = 0

/**
 * Follows a transcription to its end, through server-sent events while few are followed, otherwise by polling.
 * @param {string} id
 * @param {Listener} listener
 * @returns {() => void} Stops following.
 */
export function follow(id, listener) {
  let stop = () => {}
  const begin = () => {
    stop = streams < streamsAtOnce ? stream(id, listener) : poll(id, listener, begin)
  }
  begin()
  return () => stop()
}

/**
 * @param {string} id
 * @param {Listener} listener
 */
function stream(id, listener) {
  const source = new EventSource(`${transcriptionPath(id)}/events`)
  let isOpen = true
  let stopPolling = () => {}
  streams += 1
  const close = () => {
    if (isOpen) streams -= 1
    isOpen = false
    source.close()
  }
  source.addEventListener("status", (event) => listener.status?.(JSON.parse(event.data)))
  source.addEventListener("segment", (event) => listener.segment?.(JSON.parse(event.data)))
  source.addEventListener("done", (event) => {
    close()
    listener.done(JSON.parse(event.data))
  })
  source.addEventListener("deleted", () => {
    close()
    listener.done({ id, status: "deleted" })
  })
  // The browser reconnects after a lost connection, but not after a refusal, so that is followed by polling.
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED || !isOpen) return
    close()
    stopPolling = poll(id, listener)
  })
  return () => {
    close()
    stopPolling()
  }
}

/**
 * @param {string} id
 * @param {Listener} listener
 * @param {() => void} [upgrade] Called once a stream is free.
 */
function poll(id, listener, upgrade) {
  const timer = setInterval(async () => {
    if (upgrade && streams < streamsAtOnce) {
      clearInterval(timer)
      upgrade()
      return
    }
    const current = await transcription(id).catch(() => undefined)
    if (!current) return
    if (isUnfinished(current.status)) {
      listener.status?.(current)
      return
    }
    clearInterval(timer)
    current.segments?.forEach((segment) => listener.segment?.(segment))
    listener.done(current)
  }, pollEvery)
  return () => clearInterval(timer)
}

/**
 * Follows all changes of transcriptions.
 * @param {() => void} listener Called at each event, and at the start, because the page may be out of date already.
 * @returns {() => void} Stops following.
 */
export function followAll(listener) {
  const types = ["created", "status", "completed", "failed", "cancelled", "deleted", "changed"]
  const source = new EventSource(`/api/v1/events?types=${types.join(",")}`)
  for (const type of [...types, "ready", "reset"]) source.addEventListener(type, listener)
  return () => source.close()
}

/** @param {string} status */
export function isUnfinished(status) {
  return status === "pending" || status === "processing" || status === "paused"
}
