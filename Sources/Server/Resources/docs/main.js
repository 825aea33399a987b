import { fillContents, sectionId } from "./contents.js";
import { Description } from "./description.js";
import { inline, make, prose } from "./dom.js";
import { operationView } from "./operation-view.js";

const main = document.getElementById("main");

/** Opens the operation that the address names. */
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.matches("details.operation")) return;
  named.open = true;
  named.scrollIntoView();
  named.querySelector("summary").focus({ preventScroll: true });
}

try {
  const response = await fetch("openapi.json");
  if (!response.ok) throw new Error(`the server answered ${response.status}`);
  const description = new Description(await response.json());
  const groups = description.groups;
  main.replaceChildren(
    make("h1", {}, description.document.info.title),
    ...prose(description.document.info.description),
    ...groups.map((group) =>
      make(
        "section.group",
        { id: sectionId(group.name) },
        make("h2", {}, group.name),
        make("p.quiet", {}, ...inline(group.description)),
        ...group.operations.map((operation) => operationView(operation, description)),
      ),
    ),
  );
  fillContents(groups, document.getElementById("contents"));
  addEventListener("hashchange", openNamed);
  openNamed();
} catch (error) {
  document.getElementById("notice").textContent = `The document could not be read: ${error.message}. Is Earshot running?`;
}
