// Elements without markup: text is only ever text.

/**
 * An element with properties and attributes (`aria-…`, `data-…`, `role`), and with children. What is `null` or
 * `undefined` is left out.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name in made && !name.includes("-")) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A part of a line, of a class or of several. */
export function span(className, ...children) {
  return element("span", { className }, ...children);
}

/** What only those hear who do not see. */
export function unseen(text) {
  return span("unseen", text);
}

/** The element of that id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

// Which parts somebody has opened or closed by hand.
document.addEventListener("click", ({ target }) => {
  const details = target.closest?.("summary")?.parentElement;
  if (details) details.dataset.touched = "";
});

/** A part that opens; `key` tells it from others, also when it is shown anew. */
export function opening(key, summary, content, open = false) {
  return element(
    "details",
    { "data-key": key, open },
    element("summary", { "data-key": `${key}-summary` }, summary),
    content,
  );
}

/** Put other children into an element; what somebody has opened or closed stays so, and the focus where it was. */
export function refill(parent, ...children) {
  const touched = new Map();
  for (const { dataset, open } of parent.querySelectorAll("details[data-touched]")) touched.set(dataset.key, open);
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children.flat().filter(Boolean));
  for (const details of parent.querySelectorAll("details")) {
    if (!touched.has(details.dataset.key)) continue;
    details.open = touched.get(details.dataset.key);
    details.dataset.touched = "";
  }
  if (focused) parent.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
