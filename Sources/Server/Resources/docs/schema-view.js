import { inline, make } from "./dom.js";

/**
 * What a schema says: its fields with their types, limits and sentences; those of fields fold out.
 *
 * @param {any} part a schema
 * @param {import("./description.js").Description} description
 * @returns {HTMLElement | null} null where its type says all
 */
export function schemaView(part, description) {
  const schema = fields(part, description);
  if (!schema) return null;
  const required = schema.required ?? [];
  return make(
    "ul.fields",
    {},
    ...Object.entries(schema.properties).map(([name, field]) => fieldView(name, field, required.includes(name), description)),
  );
}

function fieldView(name, part, isRequired, description) {
  const schema = description.resolve(part);
  const inner = fields(part, description) && (() => schemaView(part, description));
  return make(
    "li.field",
    {},
    make(
      "p.field-head",
      {},
      make("code.field-name", {}, name),
      " ",
      make("span.type", {}, typeName(part, description)),
      isRequired ? make("span.required", {}, " always there") : null,
    ),
    ...sentences(schema),
    inner ? lazyDetails("Fields", inner) : null,
  );
}

/** @returns {HTMLElement[]} a schema's sentence and its limits */
export function sentences(schema) {
  const text = schema.description ? [make("p", {}, ...inline(schema.description))] : [];
  const limits = limitsOf(schema);
  return limits.length > 0 ? [...text, make("p.limits", {}, ...limits.flatMap((limit, index) => (index === 0 ? limit : [" · ", ...limit])))] : text;
}

/** Details whose inside is made when they are opened first: schemas may hold themselves. */
function lazyDetails(title, content) {
  const details = make("details.inner", {}, make("summary", {}, title));
  details.addEventListener("toggle", () => details.append(content()), { once: true });
  return details;
}

/** The object whose fields are worth showing: the schema itself, its items, or the first of its choices that is one. */
function fields(part, description) {
  const schema = description.resolve(part);
  if (schema.properties) return schema;
  if (schema.items) return fields(schema.items, description);
  return (schema.anyOf ?? schema.oneOf ?? []).map((choice) => fields(choice, description)).find(Boolean) ?? null;
}

/** @returns {string} "string or null", "list of integer", "Transcription" */
export function typeName(part, description) {
  const name = part.$ref?.match(/schemas\/(\w+)$/)?.[1];
  if (name) return name;
  const schema = description.resolve(part);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map((choice) => typeName(choice, description)).join(" or ");
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {}, description)}`;
  if (schema.format === "binary") return "file";
  const type = [schema.type ?? "any"].flat().join(" or ");
  return schema.format ? `${type} (${schema.format})` : type;
}

/** @returns {(Node | string)[][]} */
function limitsOf(schema) {
  const code = (value) => make("code", {}, typeof value === "string" ? value : JSON.stringify(value));
  const limits = [];
  if (schema.enum) limits.push(["one of ", ...schema.enum.flatMap((word, index) => (index === 0 ? [code(word)] : [", ", code(word)]))]);
  if (schema.minimum !== undefined && schema.maximum !== undefined) limits.push([code(schema.minimum), " to ", code(schema.maximum)]);
  else if (schema.minimum !== undefined) limits.push(["from ", code(schema.minimum)]);
  else if (schema.maximum !== undefined) limits.push(["to ", code(schema.maximum)]);
  if (schema.maxLength !== undefined) limits.push([`up to ${schema.maxLength} characters`]);
  if (schema.maxItems !== undefined) limits.push([`up to ${schema.maxItems} of them`]);
  if (schema.default !== undefined) limits.push(["default ", code(schema.default)]);
  return limits;
}
