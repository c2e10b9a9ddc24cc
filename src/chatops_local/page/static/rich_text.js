// rich_text blocks as elements: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block

import { element } from "./dom.js";
import { emoji } from "./emoji.js";

/** The elements of a rich_text block. */
export function richText(parts, names) {
  return parts.map((part) => (PARTS[part.type] ?? PARTS.rich_text_section)(part, names));
}

const PARTS = {
  rich_text_section: (part, names) => element("p", {}, inside(part, names)),
  rich_text_preformatted: (part, names) => element("pre", { tabIndex: 0 }, element("code", {}, inside(part, names))),
  rich_text_quote: (part, names) => element("blockquote", {}, inside(part, names)),
  rich_text_list: (part, names) => {
    const items = (part.elements ?? []).map((each) => element("li", {}, inside(each, names)));
    return element(part.style === "ordered" ? "ol" : "ul", {}, items);
  },
};

const STYLES = [["bold", "strong"], ["italic", "em"], ["strike", "s"], ["code", "code"]];

function inside(part, names) {
  return (part.elements ?? []).map((each) => piece(each, names));
}

function piece(each, names) {
  switch (each.type) {
    case "text":
      return styled(each);
    case "link":
      if (!/^(https?|mailto):/.test(each.url ?? "")) return each.text ?? each.url ?? "";
      return element("a", { href: each.url, target: "_blank", rel: "noopener noreferrer" }, each.text ?? each.url);
    case "emoji":
      return emoji(each.name) ?? `:${each.name}:`;
    case "user":
      return mention(`@${names.user(each.user_id)}`);
    case "channel":
      return mention(`#${names.channel(each.channel_id)}`);
    case "usergroup":
      return mention(`@${each.usergroup_id}`);
    case "broadcast":
      return mention(`@${each.range}`);
    default:
      return `[${each.type}]`;
  }
}

function styled({ text = "", style = {} }) {
  return STYLES.reduce((node, [name, tag]) => (style[name] ? element(tag, {}, node) : node), text);
}

function mention(text) {
  return element("span", { className: "mention" }, text);
}
