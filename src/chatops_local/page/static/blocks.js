// Block Kit as elements: https://docs.slack.dev/reference/block-kit/blocks

import { control } from "./controls.js";
import { element } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

/**
 * The elements of a message's blocks.
 * @param names what ids are called
 * @param use what is done with the message's controls
 */
export function blocks(list, names, use) {
  return list.map((block) => {
    const content = (KINDS[block.type] ?? unknown)(block, names, use);
    return element("div", { className: `block ${block.type}` }, content);
  });
}

const KINDS = {
  section: (block, names, use) => [
    block.text ? element("div", {}, text(block.text, names)) : null,
    block.fields
      ? element("div", { className: "fields" }, block.fields.map((field) => element("div", {}, text(field, names))))
      : null,
    block.accessory ? interactive(block.accessory, block, use) : null,
  ],
  header: (block) => [element("p", { className: "heading" }, plain(block.text.text))],
  context: (block, names) =>
    block.elements.map((each) => element("span", {}, each.type === "image" ? picture(each) : text(each, names))),
  actions: (block, _, use) => block.elements.map((each) => interactive(each, block, use)),
  input: (block, _, use) => [
    element("p", { className: "faint" }, plain(block.label.text)),
    interactive(block.element, block, use),
  ],
  divider: () => [element("hr")],
  markdown: (block, names) => mrkdwn(asMrkdwn(block.text), names),
  rich_text: (block, names) => richText(block.elements ?? [], names),
  image: (block) => [picture(block)],
  table: (block, names) => [table(block, names)],
};

function unknown(block) {
  return [element("p", { className: "placeholder" }, `[${block.type}]`)];
}

function text(object, names) {
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : [plain(object.text)];
}

/** Pictures are elsewhere, and this page loads nothing from there. */
function picture(block) {
  return element("span", { className: "placeholder", title: block.image_url }, `[picture: ${block.alt_text ?? ""}]`);
}

function interactive(each, block, use) {
  return each.type === "image" ? picture(each) : control(each, block.block_id, use);
}

function table(block, names) {
  const content = (cell) => (cell.type === "rich_text" ? richText(cell.elements ?? [], names) : plain(cell.text ?? ""));
  const row = (cells, tag) => element("tr", {}, cells.map((cell) => element(tag, {}, content(cell))));
  const [head = [], ...rows] = block.rows ?? [];
  return element(
    "table",
    {},
    element("thead", {}, row(head, "th")),
    element("tbody", {}, rows.map((cells) => row(cells, "td"))),
  );
}

/** Of Markdown what differs most: bold, headings, bullets and links. */
function asMrkdwn(markdown) {
  return markdown
    .replace(/^#{1,6} +(.+)$/gm, "*$1*")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/^(\s*)[-*] +/gm, "$1• ")
    .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>");
}
