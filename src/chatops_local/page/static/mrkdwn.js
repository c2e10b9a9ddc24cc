// Slack's mrkdwn as elements: https://docs.slack.dev/messaging/formatting-message-text

import { date } from "./dates.js";
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
  "g",
);
const CONTROL = /<([^<>\n]+)>/g;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/**
 * The nodes of a text.
 * @param {string} text mrkdwn
 * @param {{user: (id: string) => string, channel: (id: string) => string}} names what ids are called
 */
export function mrkdwn(text, names) {
  const nodes = [];
  let rest = text;
  for (let fence = FENCE.exec(rest); fence; fence = FENCE.exec(rest)) {
    nodes.push(...paragraphs(rest.slice(0, fence.index).replace(/\n$/, ""), names));
    nodes.push(element("pre", { tabIndex: 0 }, element("code", {}, asWritten(fence[1], names))));
    rest = rest.slice(fence.index + fence[0].length).replace(/^\n/, "");
  }
  return [...nodes, ...paragraphs(rest, names)];
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
  return pieces(text, INLINE, (found) => formatted(found, names));
}

/** In code nothing is formatted, but Slack acts on `<…>` there as well. */
function asWritten(text, names) {
  return pieces(text, CONTROL, (found) => meaning(found[1], names));
}

/** What a pattern finds as `make` makes it, and the text in between. */
function pieces(text, pattern, make) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    nodes.push(decoded(text.slice(end, found.index)), make(found));
    end = found.index + found[0].length;
  }
  return [...nodes, decoded(text.slice(end))].filter((node) => node !== "");
}

function formatted(found, names) {
  const { code, control, bold, italic, struck, emoji: name, url } = found.groups;
  if (code !== undefined) return element("code", {}, asWritten(code, names));
  if (control !== undefined) return meaning(control, names);
  if (bold !== undefined) return element("strong", {}, inline(bold, names));
  if (italic !== undefined) return element("em", {}, inline(italic, names));
  if (struck !== undefined) return element("s", {}, inline(struck, names));
  if (name !== undefined) return emoji(name) ?? found[0];
  return link(decoded(url), decoded(url));
}

function meaning(control, names) {
  const [target, label] = control.split(/\|(.*)/s);
  const id = target.slice(1);
  if (target.startsWith("@")) return mention(`@${names.user(id)}`);
  if (target.startsWith("#")) return mention(`#${label || names.channel(id)}`);
  if (target.startsWith("!subteam^")) return mention(label ? decoded(label) : `@${target.slice("!subteam^".length)}`);
  if (target.startsWith("!date^")) return date(target, label && decoded(label));
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
