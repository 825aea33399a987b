/**
 * Seconds as `2:03` or `1:02:03`.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0))
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0")
  const rest = two(whole % 60)
  if (whole < 3600) return `${Math.floor(whole / 60)}:${rest}`
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${rest}`
}

/**
 * Shows times in the reader's own zone and words.
 * @param {ParentNode} root
 */
export function localizeTimes(root) {
  const now = new Date()
  for (const element of root.querySelectorAll("time[is-local]")) {
    const text = element.getAttribute("datetime") ?? ""
    const time = new Date(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
    if (Number.isNaN(time.getTime())) continue
    element.textContent = inWords(time, now)
    element.setAttribute("title", time.toLocaleString("en", { dateStyle: "full", timeStyle: "medium" }))
    element.removeAttribute("is-local")
  }
}

/**
 * @param {Date} time
 * @param {Date} now
 */
function inWords(time, now) {
  const hour = time.toLocaleTimeString([], { hour: "numeric", minute: "2-digit" })
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate())
  const days = (midnight.getTime() - time.getTime()) / 864e5
  if (days <= 0) return `today ${hour}`
  if (days <= 1) return `yesterday ${hour}`
  const year = time.getFullYear() === now.getFullYear() ? undefined : "numeric"
  return `${time.toLocaleDateString("en", { day: "numeric", month: "short", year })}, ${hour}`
}
