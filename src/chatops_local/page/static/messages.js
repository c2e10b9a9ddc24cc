// The conversation in the middle.

import { blocks } from "./blocks.js";
import { byId, element, span, unseen } from "./dom.js";
import { files } from "./files.js";
import { time } from "./marks.js";
import { mrkdwn } from "./mrkdwn.js";

const NEAR_THE_END = 80;

export class Messages {
  #log = byId("messages");
  #names;
  #controls;
  #shown = new Map();
  #channel;

  /**
   * @param names what ids are called
   * @param look gets the key of the command whose details somebody wants
   * @param reply gets the `ts` of the message that somebody wants to reply to
   * @param controls what is done with a message's controls, by its `ts`
   */
  constructor(names, look, reply, controls) {
    this.#names = names;
    this.#controls = controls;
    this.#log.addEventListener("click", ({ target }) => {
      if (target.dataset.run) look(target.dataset.run);
      if (target.dataset.reply) reply(target.dataset.reply);
    });
  }

  /** What is shown is not what it should be any more; until it is shown. */
  expire() {
    this.#log.setAttribute("aria-busy", "true");
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
    this.#log.removeAttribute("aria-busy");
    setTimeout(() => this.#log.setAttribute("aria-live", "polite"));
  }

  /** Show a message, or show it anew, if it is in this conversation. */
  put(key, message) {
    if (message.channel !== this.#channel) return;
    if (message.deleted) return this.#delete(key);
    const atTheEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
    const shown = this.#article(key, message);
    const before = this.#shown.get(key);
    this.#log.querySelector(".empty")?.remove();
    if (before) {
      const focused = before.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
      const within = before.querySelector(":scope > div > .content")?.contains(document.activeElement);
      shown.querySelector(".replies").append(...before.querySelector(".replies").children);
      before.replaceWith(shown);
      if (within) (shown.querySelector(`[data-key="${CSS.escape(focused)}"]`) ?? shown).focus();
    } else this.#insert(shown, message);
    this.#shown.set(key, shown);
    if (atTheEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Gone; but what others have replied to leaves its place. */
  #delete(key) {
    const before = this.#shown.get(key);
    if (!before) return;
    const replied = before.querySelector(".replies").children.length > 0;
    const gone = element("p", { className: "faint" }, "This message was deleted.");
    if (replied) return before.querySelector(".content").replaceChildren(gone);
    before.remove();
    this.#shown.delete(key);
  }

  #insert(shown, message) {
    const parent = message.thread ? this.#shown.get(message.thread) : undefined;
    const place = parent?.querySelector(".replies") ?? this.#log;
    const later = [...place.children].find((each) => Number(each.dataset.at) > message.at);
    place.insertBefore(shown, later ?? null);
  }

  #article(key, message) {
    const { author, ephemeral, at } = message;
    const content = message.blocks.length
      ? blocks(message.blocks, this.#names, this.#controls(message.ts))
      : this.#text(message);
    const className = `message ${author.kind}${ephemeral ? " ephemeral" : ""}`;
    return element(
      "article",
      { className, tabIndex: -1, "data-at": at, "data-key": key },
      element("span", { className: "picture", "aria-hidden": "true" }, author.name.slice(0, 1).toUpperCase()),
      element(
        "div",
        {},
        head(message),
        element("div", { className: "content" }, content, message.edited ? span("faint", " (edited)") : null),
        message.files.length ? element("div", { className: "content" }, files(message.files)) : null,
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

function head({ author, at, ephemeral, thread, ts, run }) {
  const reply = { type: "button", className: "look reply", "data-reply": thread ?? ts };
  return element(
    "header",
    {},
    ephemeral ? element("p", { className: "only" }, "Only visible to you") : null,
    element("strong", {}, author.name),
    author.kind === "app" ? span("badge", "app") : null,
    time(at),
    thread ? span("faint", "in a thread") : null,
    run ? element("button", { type: "button", className: "look", "data-run": run }, "details") : null,
    ts && !ephemeral ? element("button", reply, "reply", unseen(` to ${author.name}`)) : null,
  );
}

function nothingYet() {
  return element(
    "p",
    { className: "empty" },
    "Nothing was said here yet. Type ", element("kbd", {}, "/"), " to see what your app can do.",
  );
}
