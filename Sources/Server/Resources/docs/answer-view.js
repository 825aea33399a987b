import { make } from "./dom.js";

/** How many characters of an answer are shown. */
const LIMIT = 500_000;

/**
 * Shows an answer as it comes: status, headers, and the body as text or as a file to save.
 *
 * @param {Response} response
 * @param {number} started when it was asked for, by `performance.now()`
 * @param {string} name what a file without a name is called
 * @param {HTMLElement} place
 */
export async function showAnswer(response, started, name, place) {
  const seconds = ((performance.now() - started) / 1000).toFixed(2);
  const kind = response.ok ? "good" : "bad";
  place.replaceChildren(
    make("p.status", {}, make(`strong.${kind}`, { "data-status": "" }, `${response.status} ${response.statusText}`.trim()), ` after ${seconds} s`),
    make(
      "details.inner",
      {},
      make("summary", {}, "Headers"),
      make("dl.headers", {}, ...[...response.headers].flatMap(([key, value]) => [make("dt", {}, key), make("dd", {}, value)])),
    ),
  );
  const type = response.headers.get("Content-Type") ?? "";
  if (isText(type)) await showText(response, type, place);
  else await showFile(response, name, place);
}

function isText(type) {
  return /^text\/|^application\/(json|lrc|x-subrip|ttml)|[+/](json|xml)\b/.test(type);
}

async function showText(response, type, place) {
  const output = make("pre.body", { tabindex: 0, "aria-label": "Body", "data-body": "" });
  place.append(output);
  if (/\bjson\b/.test(type)) {
    output.textContent = shortened(pretty(await response.text()));
    return;
  }
  let length = 0;
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (let step = await reader?.read(); step?.value; step = await reader.read()) {
    output.append(step.value.slice(0, LIMIT - length));
    length += step.value.length;
    if (length > LIMIT) {
      output.append("\n… The rest is not shown.");
      return reader.cancel();
    }
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function shortened(text) {
  return text.length > LIMIT ? `${text.slice(0, LIMIT)}\n… The rest is not shown.` : text;
}

async function showFile(response, name, place) {
  const file = await response.blob();
  if (file.size === 0) return;
  const address = URL.createObjectURL(file);
  place.append(make("p", {}, make("a.button", { href: address, download: fileName(response) ?? name }, `Save the file (${size(file.size)})`)));
}

/** The name that the server gives a file (RFC 6266). */
function fileName(response) {
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const extended = disposition.match(/filename\*=UTF-8''([^;]+)/i)?.[1];
  try {
    return extended ? decodeURIComponent(extended) : disposition.match(/filename="([^"]+)"/)?.[1];
  } catch {
    return undefined;
  }
}

function size(bytes) {
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
