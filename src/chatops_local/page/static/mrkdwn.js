// Slack's mrkdwn as elements: https://docs.slack.dev/messaging/formatting-message-text

import { element } from "./dom.js";
import { emoji } from "./emoji.js";

const FENCE = /```\n?([\s\S]+?)\n?```/;
const QUOTED = /^(?:&gt;|>) ?/;
const INLINE = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<control>[^<>\\n]+)>",
    "(?<![\\w*])\\*(?<bold>[^*\\s](?:[^*\\n]*[^*\\s])?)\\*(?![\\w*])",
    "(?<![\\w_])_(?<italic>[^_\\s](?:[^_\\n]*[^_\\s])?)_(?![\\w_])",
    "(?<![\\w~])~(?<struck>[^~\\s](?:[^~\\n]*[^~\\s])?)~(?![\\w~])",
    ":(?<emoji>[a-z0-9_+-]+):",
    "(?<url>https?://[^\\s<>|`*]+)",
  ].join("|"),
);
const CONTROL = /<([^<>\n]+)>/;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * The nodes of a text.
 * @param {string} text mrkdwn
 * @param {{user: (id: string) => string, channel: (id: string) => string}} names what ids are called
 */
export function mrkdwn(text, names) {
  const fence = FENCE.exec(text);
  if (!fence) return paragraphs(text, names);
  const [before, after] = [text.slice(0, fence.index), text.slice(fence.index + fence[0].length)];
  return [
    ...paragraphs(before.replace(/\n$/, ""), names),
    element("pre", { tabIndex: 0 }, element("code", {}, asWritten(fence[1], names))),
    ...mrkdwn(after.replace(/^\n/, ""), names),
  ];
}

/** A text of which nothing is formatted. */
export function plain(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (written, name) => emoji(name) ?? written);
}

function paragraphs(text, names) {
  if (!text) return [];
  const nodes = [];
  for (const line of text.split("\n")) {
    const quoted = QUOTED.test(line);
    const last = nodes.at(-1);
    const content = inline(line.replace(QUOTED, ""), names);
    if (last && (last.tagName === "BLOCKQUOTE") === quoted) last.append("\n", ...content);
    else nodes.push(element(quoted ? "blockquote" : "p", {}, ...content));
  }
  return nodes;
}

function inline(text, names) {
  const found = INLINE.exec(text);
  if (!found) return text ? [decoded(text)] : [];
  const { code, control, bold, italic, struck, emoji: name, url } = found.groups;
  let node;
  if (code !== undefined) node = element("code", {}, asWritten(code, names));
  else if (control !== undefined) node = meaning(control, names);
  else if (bold !== undefined) node = element("strong", {}, inline(bold, names));
  else if (italic !== undefined) node = element("em", {}, inline(italic, names));
  else if (struck !== undefined) node = element("s", {}, inline(struck, names));
  else if (name !== undefined) node = emoji(name) ?? found[0];
  else node = link(decoded(url), decoded(url));
  const rest = found.index + found[0].length;
  return [decoded(text.slice(0, found.index)), node, ...inline(text.slice(rest), names)].filter((each) => each !== "");
}

/** In code nothing is formatted, but Slack acts on `<…>` there as well. */
function asWritten(text, names) {
  const found = CONTROL.exec(text);
  if (!found) return [decoded(text)];
  const rest = text.slice(found.index + found[0].length);
  return [decoded(text.slice(0, found.index)), meaning(found[1], names), ...asWritten(rest, names)];
}

function meaning(control, names) {
  const [target, label] = control.split(/\|(.*)/s);
  const id = target.slice(1);
  if (target.startsWith("@")) return mention(`@${names.user(id)}`);
  if (target.startsWith("#")) return mention(`#${label || names.channel(id)}`);
  if (target.startsWith("!subteam^")) return mention(label ? decoded(label) : `@${target.slice("!subteam^".length)}`);
  if (target.startsWith("!date^")) return decoded(label ?? target);
  if (target.startsWith("!")) return mention(`@${label ? decoded(label) : id}`);
  if (/^(https?|mailto):/.test(target)) return link(decoded(target), decoded(label || target.replace(/^mailto:/, "")));
  return `<${decoded(control)}>`;
}

function mention(text) {
  return element("span", { className: "mention" }, text);
}

function link(url, text) {
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text);
}

function decoded(text) {
  return text.replace(/&(amp|lt|gt);/g, (entity) => ENTITIES[entity]);
}
