import { make } from "./dom.js";

/**
 * The list of all operations, with a field that narrows it and the page down to those that hold some words.
 *
 * @param {ReturnType<import("./description.js").Description["groups"]>} groups
 * @param {HTMLElement} nav
 */
export function fillContents(groups, nav) {
  const search = make("input", { type: "search", id: "search", placeholder: "Find (press /)", "aria-label": "Find operations", autocomplete: "off" });
  const nothing = make("p.quiet", { hidden: true }, "Nothing has these words.");
  const lists = groups.map((group) => ({
    title: make("h2", {}, group.name),
    list: make("ul", {}, ...group.operations.map(({ id, summary }) => make("li", {}, make("a", { href: `#${id}` }, summary)))),
    section: document.getElementById(sectionId(group.name)),
    operations: group.operations,
  }));
  const fold = make("details", {}, make("summary", {}, "Contents"), search, nothing, ...lists.flatMap(({ title, list }) => [title, list]));
  nav.append(fold);
  nav.hidden = false;

  const isWide = matchMedia("(min-width: 60rem)");
  const unfold = () => (fold.open = isWide.matches);
  isWide.addEventListener("change", unfold);
  unfold();

  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    let found = 0;
    for (const { title, list, section, operations } of lists) {
      let here = 0;
      operations.forEach((operation, index) => {
        const text = `${operation.method} ${operation.path} ${operation.summary} ${operation.description}`.toLowerCase();
        const isMatch = words.every((word) => text.includes(word));
        list.children[index].hidden = !isMatch;
        document.getElementById(operation.id).hidden = !isMatch;
        if (isMatch) here += 1;
      });
      title.hidden = section.hidden = here === 0;
      found += here;
    }
    nothing.hidden = found > 0;
  });

  document.addEventListener("keydown", (event) => {
    const isWriting = event.target instanceof Element && event.target.matches("input, textarea, select");
    if (event.key !== "/" || isWriting || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    fold.open = true;
    search.focus();
  });
}

/** @param {string} name a group's @returns {string} the id of its section */
export function sectionId(name) {
  return `group-${name.toLowerCase().replaceAll(/\W+/g, "-")}`;
}
