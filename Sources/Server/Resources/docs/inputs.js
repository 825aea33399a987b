import { inline, make } from "./dom.js";
import { example } from "./example.js";
import { typeName } from "./schema-view.js";

/** @typedef {{ element: HTMLElement, values: () => (string | File)[] }} Input an input with its label, and what was given, perhaps nothing */

/**
 * An input for a value of a schema.
 *
 * @param {string} id
 * @param {string} name
 * @param {any} part its schema
 * @param {{ isRequired?: boolean, description?: string, example?: unknown, value?: string }} more
 * @param {import("./description.js").Description} description
 * @returns {Input}
 */
export function input(id, name, part, more, description) {
  const schema = description.resolve(part);
  const control = controlFor(id, schema, more);
  const label = make(
    "label",
    { for: id },
    make("code.field-name", {}, name),
    " ",
    make("span.type", {}, typeName(part, description)),
    more.isRequired ? make("span.required", {}, " required") : null,
  );
  const help = more.description ?? schema.description;
  const sentence = help ? make("p.help", { id: `${id}-help` }, ...inline(help)) : null;
  if (sentence) control.setAttribute("aria-describedby", `${id}-help`);
  return { element: make("div.input", {}, label, control, sentence), values: () => valuesOf(control, schema) };
}

/**
 * A field for a whole body of text, with an example to begin with.
 *
 * @returns {Input}
 */
export function textInput(id, media, type, description) {
  const isJSON = type.endsWith("json");
  const start = isJSON ? JSON.stringify(media.example ?? example(media.schema, description), null, 2) : "";
  const control = make("textarea", { id, rows: Math.min(16, Math.max(3, start.split("\n").length)), spellcheck: "false" }, start);
  return { element: make("div.input", {}, make("label", { for: id }, "Body"), control), values: () => [control.value] };
}

/** @returns {Input} */
export function fileInput(id) {
  const control = make("input", { id, type: "file", required: true });
  return { element: make("div.input", {}, make("label", { for: id }, "File"), control), values: () => [...control.files] };
}

function controlFor(id, schema, { isRequired, example: given, value }) {
  const words = schema.type === "boolean" ? ["true", "false"] : schema.enum;
  if (words) {
    const none = schema.default === undefined ? "not given" : `not given: ${schema.default}`;
    const options = words.map((word) => make("option", { value: word, selected: String(word) === value }, String(word)));
    return make("select", { id, required: isRequired }, ...(isRequired ? [] : [make("option", { value: "" }, none)]), ...options);
  }
  if (schema.format === "binary") return make("input", { id, type: "file", required: isRequired });
  const isNumber = schema.type === "integer" || schema.type === "number";
  return make("input", {
    id,
    type: isNumber ? "number" : "text",
    step: schema.type === "number" ? "any" : null,
    min: schema.minimum,
    max: schema.maximum,
    required: isRequired,
    placeholder: given ?? schema.examples?.[0] ?? schema.default,
    value,
    autocomplete: "off",
    spellcheck: "false",
  });
}

/** A list's items stand in one input with commas between them. */
function valuesOf(control, schema) {
  if (control.type === "file") return [...control.files];
  if (control.value === "") return [];
  return schema.type === "array" ? control.value.split(",").map((item) => item.trim()) : [control.value];
}
