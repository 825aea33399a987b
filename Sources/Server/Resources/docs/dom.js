/**
 * Makes an element. Text becomes text nodes and nothing else, so that nothing from the document or from an answer is ever markup.
 *
 * @param {string} name the element's name, perhaps with classes: "p.quiet"
 * @param {Record<string, unknown>} [attributes] functions are listeners; `true` is an attribute without a value; `null`, `false` and
 *   `undefined` are none
 * @param {...(Node | string | null | undefined)} children
 * @returns {HTMLElement}
 */
export function make(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length > 0) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * A text of the document: paragraphs between empty lines, `code` between backticks, and blocks of code behind four spaces.
 *
 * @param {string | undefined} text
 * @returns {HTMLElement[]}
 */
export function prose(text) {
  return (text ?? "")
    .split(/\n\n+/)
    .filter((part) => part.trim() !== "")
    .map((part) =>
      part.startsWith("    ")
        ? make("pre", { tabindex: 0 }, make("code", {}, part.replaceAll(/^ {4}/gm, "")))
        : make("p", {}, ...inline(part)),
    );
}

/** @param {string | undefined} text @returns {(Node | string)[]} the same within one paragraph */
export function inline(text) {
  return (text ?? "").split("`").map((part, index) => (index % 2 === 1 ? make("code", {}, part) : part));
}
