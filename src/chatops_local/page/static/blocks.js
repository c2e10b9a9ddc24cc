// Block Kit as elements: https://docs.slack.dev/reference/block-kit/blocks

import { element } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";
import { richText } from "./rich_text.js";

const NOT_ANSWERED = "Nothing here answers this control";

/** The elements of a message's blocks. */
export function blocks(list, names) {
  return list.map((block) => element("div", { className: `block ${block.type}` }, (KINDS[block.type] ?? unknown)(block, names)));
}

const KINDS = {
  section: (block, names) => [
    block.text ? element("div", {}, text(block.text, names)) : null,
    block.fields
      ? element("div", { className: "fields" }, block.fields.map((field) => element("div", {}, text(field, names))))
      : null,
    block.accessory ? control(block.accessory, names) : null,
  ],
  header: (block) => [element("p", { className: "heading" }, plain(block.text.text))],
  context: (block, names) => block.elements.map((each) => element("span", {}, each.type === "image" ? picture(each) : text(each, names))),
  actions: (block, names) => block.elements.map((each) => control(each, names)),
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

function control(each, names) {
  if (each.type === "image") return picture(each);
  const label = each.text?.text ?? each.placeholder?.text ?? each.type.replaceAll("_", " ");
  if (each.type === "button") {
    return element("button", { type: "button", disabled: true, title: NOT_ANSWERED, className: each.style ?? "" }, plain(label));
  }
  if (each.options) {
    const options = each.options.map((option) => element("option", {}, plain(option.text.text)));
    return element("select", { disabled: true, title: NOT_ANSWERED, "aria-label": label }, element("option", {}, plain(label)), options);
  }
  return element("span", { className: "placeholder", title: NOT_ANSWERED }, text({ type: "plain_text", text: `[${label}]` }, names));
}

function table(block, names) {
  const cell = (each, tag) => element(tag, {}, each.type === "rich_text" ? richText(each.elements ?? [], names) : plain(each.text ?? ""));
  const [head = [], ...rows] = block.rows ?? [];
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, head.map((each) => cell(each, "th")))),
    element("tbody", {}, rows.map((row) => element("tr", {}, row.map((each) => cell(each, "td"))))),
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
