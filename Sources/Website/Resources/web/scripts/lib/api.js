/**
 * @typedef {{ status: string, progress?: number | null, seconds_left?: number | null }} Download Progress in percent.
 * @typedef {{ id: number, start: number, end: number, text: string, speaker?: string | null }} Segment Times in seconds.
 * @typedef {{ id: string, status: string, text?: string, language?: string, progress?: number, error_message?: string,
 *   queue_position?: number | null, estimated_seconds_left?: number | null, model_download?: Download | null,
 *   held_by?: { message: string } | null,
 *   duration_seconds?: number, segments?: Segment[] }} Transcription
 */

const root = "/api/v1/transcriptions"

/** @param {string} id */
export const transcriptionPath = (id) => `${root}/${encodeURIComponent(id)}`

/** A refusal by the API, in words for people. */
export class Refused extends Error {}

/**
 * Sends a file; `onProgress` gets the fraction that was sent, from 0 to 1.
 * @param {File} file
 * @param {Record<string, string>} options
 * @param {(fraction: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<Transcription>}
 */
export function upload(file, options, onProgress, signal) {
  // Options in the address are checked before the file is sent; the prompt may be private and stays out of it.
  const { prompt, ...checked } = options
  const query = new URLSearchParams(Object.entries(checked).filter(([, value]) => value))
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
    request.onabort = () => reject(new DOMException("The upload was canceled", "AbortError"))
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
    : "The connection was lost before the upload was complete. Check that the file is unchanged and the server is running, then try again."
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
