const key = "earshot.options"
const names = ["model", "language", "task", "prompt", "switch_languages", "channels", "word_timestamps"]

/**
 * Fills a form with the last options, stores changes, and keeps its one-line summary up to date.
 * @param {HTMLFormElement} form
 * @returns {{ current: () => Record<string, string> }}
 */
export function keepOptions(form) {
  const current = () => Object.fromEntries(names.map((name) => [name, String(new FormData(form).get(name) ?? "")]))
  restore(form)
  summarize(form)
  form.addEventListener("input", () => {
    remember(current())
    summarize(form)
  })
  return { current }
}

/** @param {HTMLFormElement} form */
function restore(form) {
  for (const [name, value] of Object.entries(remembered())) {
    const field = form.elements.namedItem(name)
    if (field instanceof HTMLSelectElement && ![...field.options].some((option) => option.value === value && !option.disabled)) continue
    if (field instanceof HTMLInputElement && field.type === "checkbox") field.checked = field.value === value
    else if (field instanceof RadioNodeList || field instanceof HTMLSelectElement || field instanceof HTMLInputElement) field.value = value
  }
}

/** @param {HTMLFormElement} form */
function summarize(form) {
  const summary = form.querySelector("[data-summary]")
  if (!summary) return
  const model = chosen(form, "model")
  const language = chosen(form, "language")
  const parts = [
    model?.dataset.name ?? "Default model",
    language?.value ? (language.dataset.name ?? language.value) : "auto language",
    String(new FormData(form).get("task")) === "translate" ? "to English" : "",
    String(new FormData(form).get("prompt")).trim() ? "vocabulary" : "",
    new FormData(form).has("channels") ? "separate channels" : "",
    new FormData(form).has("word_timestamps") ? "word times" : "",
    "options",
  ]
  summary.textContent = parts.filter(Boolean).join(" · ")
  const note = /** @type {HTMLElement | null} */ (form.querySelector("[data-demo-note]"))
  if (note) note.hidden = model?.dataset.demo === undefined
}

/**
 * @param {HTMLFormElement} form
 * @param {string} name
 */
function chosen(form, name) {
  const field = form.elements.namedItem(name)
  return field instanceof HTMLSelectElement ? field.selectedOptions[0] : undefined
}

/** @returns {Record<string, string>} */
function remembered() {
  try {
    const value = JSON.parse(localStorage.getItem(key) ?? "{}")
    return Object.fromEntries(Object.entries(value).filter(([name, text]) => names.includes(name) && typeof text === "string"))
  } catch {
    return {}
  }
}

/** @param {Record<string, string>} options */
function remember(options) {
  try {
    localStorage.setItem(key, JSON.stringify(options))
  } catch {
    // Without storage, the options are not remembered.
  }
}
