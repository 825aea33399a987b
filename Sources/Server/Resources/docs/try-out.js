import { showAnswer } from "./answer-view.js";
import { make } from "./dom.js";
import { fileInput, input, textInput } from "./inputs.js";
import { assemble, curl, init } from "./request.js";

/** What was last given for a path's parameters, by name: the next operation is likely to be about the same thing. */
const lastGiven = new Map();

/** A form that puts a request together, sends it and shows the answer. */
export class TryOut {
  /**
   * @param {import("./description.js").Operation} operation
   * @param {import("./description.js").Description} description
   */
  constructor(operation, description) {
    this.operation = operation;
    this.description = description;
    this.parameters = operation.parameters.map((parameter) => ({ parameter, input: this.parameterInput(parameter) }));
    this.bodyPlace = make("div.inputs");
    this.command = make("pre.command", { tabindex: 0, "aria-label": "The same for a terminal", "data-command": "" });
    this.answer = make("div.answer", { role: "status" });
    this.stop = make("button.button", { type: "button", hidden: true, click: () => this.controller?.abort() }, "Stop");
    this.element = make(
      "form.try-out",
      { submit: (event) => this.submit(event), input: () => this.showCommand(), change: () => this.showCommand() },
      this.parameters.length > 0 ? make("div.inputs", {}, ...this.parameters.map(({ input }) => input.element)) : null,
      this.bodyChoice(),
      this.bodyPlace,
      make("div.terminal", {}, this.command, this.copyButton()),
      make("p.actions", {}, make("button.button.is-primary", { type: "submit" }, "Send"), this.stop),
      this.answer,
    );
    this.showCommand();
  }

  /** @private */
  parameterInput(parameter) {
    const { name, schema } = parameter;
    const more = {
      isRequired: parameter.required,
      description: parameter.description,
      example: parameter.example,
      value: parameter.in === "path" ? lastGiven.get(name) : undefined,
    };
    return input(`${this.operation.id}-${parameter.in}-${name}`, name, schema, more, this.description);
  }

  /** A choice between the kinds of body that the operation takes, where there are several. @private */
  bodyChoice() {
    const content = this.operation.body?.content;
    if (!content) return null;
    const types = Object.keys(content);
    this.takeBody(types[0]);
    if (types.length === 1) return null;
    const id = `${this.operation.id}-type`;
    const select = make("select", { id, change: () => this.takeBody(select.value) }, ...types.map((type) => make("option", { value: type }, type)));
    return make("div.input", {}, make("label", { for: id }, "Kind of body"), select);
  }

  /** @private */
  takeBody(type) {
    const media = this.operation.body.content[type];
    const id = `${this.operation.id}-body`;
    if (type === "multipart/form-data") {
      const { properties, required = [] } = this.description.resolve(media.schema);
      // What may stand in the query as well has its input there already.
      const isElsewhere = (name) => this.operation.parameters.some((parameter) => parameter.name === name);
      const own = Object.entries(properties).filter(([name]) => !isElsewhere(name));
      this.fields = own.map(([name, part]) => ({
        name,
        input: input(`${id}-${name}`, name, part, { isRequired: required.includes(name) }, this.description),
      }));
    } else {
      const isText = type.endsWith("json") || type.startsWith("text/");
      this.fields = [{ name: "", input: isText ? textInput(id, media, type, this.description) : fileInput(id) }];
    }
    this.bodyType = type;
    this.bodyPlace.replaceChildren(...this.fields.map(({ input }) => input.element));
  }

  /** @private @returns {import("./request.js").Request} */
  get request() {
    const given = this.parameters.flatMap(({ parameter, input }) =>
      input.values().map((value) => ({ in: parameter.in, name: parameter.name, value: String(value) })),
    );
    return assemble(this.operation.method, this.description.address(this.operation.path), given, this.body);
  }

  /** @private */
  get body() {
    if (!this.fields) return undefined;
    if (this.bodyType === "multipart/form-data") {
      return { kind: "form", fields: this.fields.flatMap(({ name, input }) => input.values().map((value) => ({ name, value }))) };
    }
    const value = this.fields[0].input.values()[0];
    if (value === undefined) return undefined;
    const type = this.bodyType === "*/*" ? "" : this.bodyType;
    return value instanceof File ? { kind: "file", type: type || value.type, file: value } : { kind: "text", type, text: value };
  }

  /** @private */
  showCommand() {
    this.command.textContent = curl(this.request);
  }

  /** @private */
  copyButton() {
    const button = make("button.button.is-small", { type: "button", click: () => this.copy(button) }, "Copy");
    return button;
  }

  /** Where the browser forbids it, as on plain HTTP from another machine, the command is selected instead. @private */
  async copy(button) {
    try {
      await navigator.clipboard.writeText(this.command.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(this.command);
      button.textContent = "Selected";
    }
  }

  /** @private */
  async submit(event) {
    event.preventDefault();
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    for (const { parameter, input } of this.parameters) {
      if (parameter.in === "path" && input.values()[0]) lastGiven.set(parameter.name, input.values()[0]);
    }
    const request = this.request;
    const started = performance.now();
    this.stop.hidden = false;
    this.answer.replaceChildren(make("p.quiet", {}, "Sent, and waiting for an answer …"));
    try {
      const response = await fetch(request.url, { ...init(request), signal: controller.signal });
      await showAnswer(response, started, this.operation.id, this.answer);
    } catch (error) {
      const text = error.name === "AbortError" ? "Stopped." : `There was no answer, or it broke off: ${error.message}`;
      if (this.controller === controller) this.answer.append(make("p.bad", {}, text));
    }
    if (this.controller === controller) this.stop.hidden = true;
  }
}
