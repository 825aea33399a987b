/**
 * @typedef {{ status: string, progress?: number | null, seconds_left?: number | null }} Download Progress in percent.
 * @typedef {{ id: number, start: number, end: number, text: string, speaker?: string | null }} Segment Times in seconds.
 * @typedef {{ id: string, status: string, text?: string, language?: string, progress?: number, error_message?: string,
 *   queue_position?: number | null, estimated_seconds_left?: number | null, model_download?: Download | null,
 *   duration_seconds?: number, segments?: Segment[] }} Transcription
 */

const root = "/api/v1/transcriptions"

/** @param {string} id */
export const transcriptionPath = (id) => `${root}/${encodeURIComponent(id)}`

/** An answer of the API that says no, in words for the person who waits. */
export class Refused extends Error {}

/**
 * Sends a file; `onProgress` gets the fraction that has left this machine, from 0 to 1.
 * @param {File} file
 * @param {Record<string, string>} options
 * @param {(fraction: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<Transcription>}
 */
export function upload(file, options, onProgress, signal) {
  // Options in the address are judged before the file is sent; what may be private stays out of it.
  const { prompt, ...judged } = options
  const query = new URLSearchParams(Object.entries(judged).filter(([, value]) => value))
  const form = new FormData()
  if (prompt) form.append("prompt", prompt)
  form.append("file", file, file.name)
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open("POST", `${root}?${query}`)
    request.responseType = "text"
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    request.onload = () => (request.status < 300 ? resolve(JSON.parse(request.responseText)) : reject(refusal(request)))
    request.onerror = () => reject(new Refused(lostConnection(file)))
    request.onabort = () => reject(new DOMException("The upload was cancelled", "AbortError"))
    signal.addEventListener("abort", () => request.abort())
    request.send(form)
  })
}

/** @param {XMLHttpRequest} request */
function refusal(request) {
  return new Refused(detail(request.responseText) ?? `The server answered ${request.status} ${request.statusText} and gave no reason.`)
}

/** @param {File} file */
function lostConnection(file) {
  return file.size === 0
    ? "The file is empty."
    : "The connection broke off before the file had arrived. If the file still exists unchanged and the server runs, try again."
}

/**
 * The reason in an error body.
 * @param {string} body
 */
function detail(body) {
  try {
    const value = JSON.parse(body).detail
    return typeof value === "string" ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * @param {string} id
 * @returns {Promise<Transcription>}
 */
export async function transcription(id) {
  const response = await fetch(transcriptionPath(id), { headers: { Accept: "application/json" } })
  const body = await response.text()
  if (!response.ok) throw new Refused(detail(body) ?? `The server answered ${response.status}.`)
  return JSON.parse(body)
}

/** @param {string} id */
export async function deleteTranscription(id) {
  const response = await fetch(transcriptionPath(id), { method: "DELETE" })
  if (!response.ok && response.status !== 404) throw new Refused(detail(await response.text()) ?? `The server answered ${response.status}.`)
}
