// Elements without markup: text is only ever text.

/** An element with properties, attributes (`aria-…`, `data-…`, `role`) and children; `null` children are left out. */
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

/** The element of that id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

/** Put other children into an element; what was open stays open, and what had the focus keeps it. */
export function refill(parent, ...children) {
  const open = new Set([...parent.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  const focused = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children.flat().filter(Boolean));
  for (const details of parent.querySelectorAll("details")) details.open ||= open.has(details.dataset.key);
  if (focused) parent.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}
