// The message field: completion of commands and their arguments, and what was typed before.

import { argumentOf, commandOf, fitting } from "./completion.js";
import { byId, element } from "./dom.js";

export class Composer {
  #field = byId("text");
  #list = byId("suggestions");
  #hint = byId("hint");
  #commands;
  #fits = [];
  #active = -1;
  #typed = [];
  #position = 0;
  #thread = null;

  /**
   * @param commands gives the commands that there are
   * @param send gets what was typed, and the `ts` of the thread that it was typed in, if any
   */
  constructor(commands, send) {
    this.#commands = commands;
    this.#field.addEventListener("input", () => this.#suggest());
    this.#field.addEventListener("keydown", (event) => this.#key(event));
    this.#field.addEventListener("blur", () => this.#close());
    this.#list.addEventListener("pointerdown", (event) => this.#point(event));
    byId("leave-thread").addEventListener("click", () => this.reply(null));
    byId("composer").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(send);
    });
  }

  /** Put the cursor into the field. */
  focus() {
    this.#field.focus();
  }

  /** Write into the thread of a message from now on, or with null into the channel. */
  reply(thread, whose = "") {
    this.#thread = thread;
    byId("replying").hidden = thread === null;
    byId("replying-to").textContent = whose;
    this.focus();
  }

  #submit(send) {
    const text = this.#field.value.trim();
    if (!text) return;
    this.#typed.push(text);
    this.#position = this.#typed.length;
    this.#write("");
    send(text, this.#thread);
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.#list.hidden ? this.#historyKey(event.key) : this.#listKey(event);
    if (!action) return;
    event.preventDefault();
    action();
  }

  #historyKey(key) {
    if (key === "ArrowUp" && this.#position > 0) return () => this.#recall(this.#position - 1);
    if (key === "ArrowDown" && this.#position < this.#typed.length) return () => this.#recall(this.#position + 1);
    return null;
  }

  #listKey({ key, shiftKey }) {
    if (key === "ArrowDown") return () => this.#activate((this.#active + 1) % this.#fits.length);
    const last = this.#fits.length - 1;
    if (key === "ArrowUp") return () => this.#activate(this.#active > 0 ? this.#active - 1 : last);
    if (key === "Escape") return () => this.#close();
    const chosen = this.#fits[this.#active];
    const complete = chosen && this.#field.value.trimEnd() === chosen.text.trimEnd();
    if ((key === "Enter" || (key === "Tab" && !shiftKey)) && chosen && !complete) return () => this.#choose(chosen);
    return null;
  }

  #recall(position) {
    this.#position = position;
    this.#write(this.#typed[position] ?? "");
  }

  #point(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    event.preventDefault();
    this.#choose(this.#fits[Number(option.dataset.index)]);
  }

  #choose({ text }) {
    this.#write(text);
  }

  #write(text) {
    this.#field.value = text;
    this.#field.setSelectionRange(text.length, text.length);
    this.#close();
    this.#showHint();
  }

  #suggest() {
    this.#showHint();
    this.#fits = fitting(this.#field.value, this.#commands());
    if (!this.#fits.length) return this.#close();
    this.#list.replaceChildren(...this.#fits.map((each, index) => option(each, index)));
    this.#list.hidden = false;
    this.#field.setAttribute("aria-expanded", "true");
    // Enter sends a command whose next argument nobody has begun to type.
    this.#activate(this.#fits[0].isArgument && this.#field.value.endsWith(" ") ? -1 : 0);
  }

  #activate(index) {
    this.#active = index;
    [...this.#list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === index)));
    if (index < 0) return this.#field.removeAttribute("aria-activedescendant");
    this.#list.children[index].scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", `suggestion-${index}`);
  }

  #close() {
    this.#list.hidden = true;
    this.#active = -1;
    this.#field.setAttribute("aria-expanded", "false");
    this.#field.removeAttribute("aria-activedescendant");
  }

  #showHint() {
    const command = commandOf(this.#field.value, this.#commands());
    const wanted = command && argumentOf(this.#field.value, command);
    this.#hint.replaceChildren(...(command ? [element("code", {}, command.usage), ...about(wanted, command)] : []));
  }
}

/** The argument that is being typed, or the whole command. */
function about(wanted, { description }) {
  if (!wanted) return [` ${description}`];
  return [element("strong", {}, ` ${wanted.name}`), ` ${wanted.help ?? wanted.kind}`];
}

function option({ name, rest, description, app }, index) {
  return element(
    "li",
    { id: `suggestion-${index}`, role: "option", "aria-selected": "false", "data-index": index },
    element("code", {}, element("strong", {}, name), rest),
    element("span", { className: "description" }, description),
    element("span", { className: "faint" }, app),
  );
}
