// The conversation in the middle.

import { blocks } from "./blocks.js";
import { byId, element, span } from "./dom.js";
import { time } from "./marks.js";
import { mrkdwn } from "./mrkdwn.js";

const NEAR_THE_END = 80;

export class Messages {
  #log = byId("messages");
  #names;
  #shown = new Map();
  #channel;

  /**
   * @param names what ids are called
   * @param look gets the key of the command whose details somebody wants
   */
  constructor(names, look) {
    this.#names = names;
    this.#log.addEventListener("click", ({ target }) => {
      if (target.dataset.run) look(target.dataset.run);
    });
  }

  /** Show another conversation from its beginning, without reading all of it out. */
  show(channel, messages) {
    this.#channel = channel;
    this.#shown.clear();
    this.#log.setAttribute("aria-live", "off");
    this.#log.replaceChildren();
    messages.forEach(([key, message]) => this.put(key, message));
    if (!this.#shown.size) this.#log.append(nothingYet());
    this.#log.scrollTop = this.#log.scrollHeight;
    setTimeout(() => this.#log.setAttribute("aria-live", "polite"));
  }

  /** Show a message, or show it anew, if it is in this conversation. */
  put(key, message) {
    if (message.channel !== this.#channel) return;
    const atTheEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
    const shown = this.#article(key, message);
    const before = this.#shown.get(key);
    this.#log.querySelector(".empty")?.remove();
    if (before) {
      shown.querySelector(".replies").append(...before.querySelector(".replies").children);
      before.replaceWith(shown);
    } else this.#insert(shown, message);
    this.#shown.set(key, shown);
    if (atTheEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  #insert(shown, message) {
    const parent = message.thread ? this.#shown.get(message.thread) : undefined;
    const place = parent?.querySelector(".replies") ?? this.#log;
    const later = [...place.children].find((each) => Number(each.dataset.at) > message.at);
    place.insertBefore(shown, later ?? null);
  }

  #article(key, message) {
    const { author, ephemeral, at } = message;
    const content = message.blocks.length ? blocks(message.blocks, this.#names) : this.#text(message);
    return element(
      "article",
      { className: `message ${author.kind}${ephemeral ? " ephemeral" : ""}`, "data-at": at, "data-key": key },
      element("span", { className: "picture", "aria-hidden": "true" }, author.name.slice(0, 1).toUpperCase()),
      element(
        "div",
        {},
        head(message),
        element("div", { className: "content" }, content),
        message.truncated ? element("p", { className: "faint" }, "Slack cuts text after 40,000 characters.") : null,
        element("div", { className: "replies" }),
      ),
    );
  }

  #text(message) {
    if (message.typed) return [element("p", {}, element("code", { className: "typed" }, message.text))];
    return mrkdwn(message.text, this.#names);
  }
}

function head({ author, at, ephemeral, thread, run }) {
  return element(
    "header",
    {},
    ephemeral ? element("p", { className: "only" }, "Only visible to you") : null,
    element("strong", {}, author.name),
    author.kind === "app" ? span("badge", "app") : null,
    time(at),
    thread ? span("faint", "in a thread") : null,
    run ? element("button", { type: "button", className: "look", "data-run": run }, "details") : null,
  );
}

function nothingYet() {
  return element(
    "p",
    { className: "empty" },
    "Nothing was said here yet. Type ", element("kbd", {}, "/"), " to see what your app can do.",
  );
}
