import { inline, make, prose } from "./dom.js";
import { schemaView, sentences, typeName } from "./schema-view.js";
import { TryOut } from "./try-out.js";

/**
 * One operation, folded; its inside is made when it is opened first.
 *
 * @param {import("./description.js").Operation} operation
 * @param {import("./description.js").Description} description
 * @returns {HTMLElement}
 */
export function operationView(operation, description) {
  const view = make(
    "details.operation",
    { id: operation.id },
    make(
      "summary",
      {},
      make(`span.method.is-${operation.method.toLowerCase()}`, {}, operation.method),
      make("h3", {}, make("code.path", {}, ...breakable(operation.path)), make("span.title", {}, operation.summary)),
    ),
  );
  view.addEventListener("toggle", () => view.append(inside(operation, description)), { once: true });
  return view;
}

/** A path that may be broken before each of its parts. */
function breakable(path) {
  return path.split(/(?=\/)/).flatMap((part, index) => (index === 0 ? [part] : [make("wbr"), part]));
}

function inside(operation, description) {
  return make(
    "div.operation-inside",
    {},
    ...prose(operation.description),
    ...parametersView(operation, description),
    ...bodyView(operation, description),
    make("h4", {}, "Answers"),
    make("ul.fields", {}, ...Object.entries(operation.responses).map((entry) => answerView(...entry, description))),
    make("h4", {}, "Try it out"),
    new TryOut(operation, description).element,
  );
}

function parametersView({ parameters }, description) {
  if (parameters.length === 0) return [];
  const items = parameters.map((parameter) =>
    make(
      "li.field",
      {},
      make(
        "p.field-head",
        {},
        make("code.field-name", {}, parameter.name),
        " ",
        make("span.type", {}, `${typeName(parameter.schema, description)}, in the ${parameter.in}`),
        parameter.required ? make("span.required", {}, " required") : null,
      ),
      ...sentences({ ...parameter.schema, description: parameter.description ?? parameter.schema.description }),
    ),
  );
  return [make("h4", {}, "Parameters"), make("ul.fields", {}, ...items)];
}

function bodyView({ body }, description) {
  if (!body) return [];
  const kinds = Object.entries(body.content).map(([type, media]) => contentView(type, media, description));
  return [make("h4", {}, "Body"), ...prose(body.description), make("ul.fields", {}, ...kinds)];
}

function answerView(status, answer, description) {
  const headers = Object.entries(answer.headers ?? {}).map(([name, header]) =>
    make("p.limits", {}, make("code", {}, name), " ", ...inline(description.resolve(header).description)),
  );
  const kinds = Object.entries(answer.content ?? {}).map(([type, media]) => contentView(type, media, description));
  return make(
    "li.field",
    {},
    make("p.field-head", {}, make(`strong.${status < 400 ? "good" : "bad"}`, {}, status), " ", ...inline(answer.description)),
    ...headers,
    kinds.length > 0 ? make("ul.fields", {}, ...kinds) : null,
  );
}

/** A kind of content: its media type, what it is, its fields or its events, and an example. */
function contentView(type, media, description) {
  const part = media.itemSchema ?? media.schema;
  const schema = description.resolve(part);
  return make(
    "li.field",
    {},
    make("p.field-head", {}, make("code", {}, type), " ", make("span.type", {}, (media.itemSchema ? "events: " : "") + typeName(part, description))),
    ...(schema.description ? [make("p", {}, ...inline(schema.description))] : []),
    media.itemSchema ? eventsView(schema, description) : folded("Fields", schemaView(part, description)),
    media.example === undefined ? null : folded("Example", make("pre.body", { tabindex: 0 }, JSON.stringify(media.example, null, 2))),
  );
}

/** The events of a stream by their names, with the fields of their data. */
function eventsView(schema, description) {
  const events = (schema.oneOf ?? [schema]).map((event) => {
    const { event: name, data } = event.properties;
    return make(
      "li.field",
      {},
      make("p.field-head", {}, name ? make("code.field-name", {}, name.const) : null, " ", ...inline(event.description)),
      data.contentSchema ? folded("Fields", schemaView(data.contentSchema, description)) : null,
    );
  });
  return make("ul.fields", {}, ...events);
}

function folded(title, content) {
  return content ? make("details.inner", {}, make("summary", {}, title), content) : null;
}
