// Files that an app has shared: their first lines, and the whole to open.

import { element, opening, span } from "./dom.js";

const UNITS = [["MB", 1_000_000], ["KB", 1_000]];

/** The files of a message. */
export function files(list) {
  return list.map(({ id, name, title, bytes, lines, preview, text }) => {
    const all = `All ${lines.toLocaleString("en")} lines`;
    return element(
      "div",
      { className: "file" },
      element("p", {}, element("strong", {}, title || name), span("faint", ` ${name} · ${size(bytes)}`)),
      written(preview),
      text.trimEnd().length > preview.length ? opening(`file-${id}`, all, written(text)) : null,
    );
  });
}

function written(text) {
  return element("pre", { tabIndex: 0 }, element("code", {}, text));
}

function size(bytes) {
  const [unit, one] = UNITS.find(([, each]) => bytes >= each) ?? ["bytes", 1];
  return `${one === 1 ? bytes : (bytes / one).toFixed(1)} ${unit}`;
}
