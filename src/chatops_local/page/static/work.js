// The side panel: what a command does behind the conversation, as it goes, and what it does it on.

import { detailsOf } from "./details.js";
import { byId, element, refill, span, unseen } from "./dom.js";
import { clock, sign, time } from "./marks.js";

const EMPTY =
  "Type a slash command: its states, its API calls and the permission that allowed each are shown here as it goes.";

export class Work {
  #store;
  #names;
  #chosen;

  /**
   * @param store what the server told
   * @param names what ids are called
   */
  constructor(store, names) {
    this.#store = store;
    this.#names = names;
    byId("runs").addEventListener("change", (event) => this.choose(event.target.value));
  }

  /** Look at a command. */
  choose(key) {
    this.#chosen = key;
    this.show();
  }

  /** Show the command that is chosen, by default the latest. */
  show() {
    const runs = this.#store.all("run");
    const run = this.#store.get("run", this.#chosen) ?? runs.at(-1)?.[1];
    this.#list(runs, run);
    refill(byId("run"), run ? detailsOf(run) : element("p", { className: "empty" }, EMPTY));
  }

  /** The commands to choose from; a list that is as it was is left alone, since somebody may have it open. */
  #list(runs, chosen) {
    const list = byId("runs");
    const options = runs.toReversed().map(([key, run]) => this.#option(key, run, run === chosen));
    const shown = [...list.options];
    list.hidden = !runs.length;
    const same = shown.length === options.length && options.every((each, index) => each.isEqualNode(shown[index]));
    if (same) list.selectedIndex = options.findIndex(({ selected }) => selected);
    else list.replaceChildren(...options);
  }

  #option(key, { status, typed, user, began }, selected) {
    const text = `${sign(status)} ${typed} · ${this.#names.user(user)} · ${clock(began)}`;
    return element("option", { value: key, selected }, text);
  }
}

/** Instances, with a switch for the agent of each. */
export function showInstances(store, setOnline) {
  const rows = store.all("instance").map(([name, instance]) => instanceOf(name, instance, setOnline));
  refill(byId("instances"), rows.length ? rows : element("li", { className: "faint" }, "This app has none."));
}

function instanceOf(name, { tags, online }, setOnline) {
  const tagged = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const box = element("input", { type: "checkbox", checked: online, "data-key": `online-${name}` });
  box.addEventListener("change", () => setOnline(name, box.checked));
  return element(
    "li",
    {},
    element("strong", {}, name),
    span("faint", tagged.join(", ")),
    element("label", {}, box, " agent online", unseen(` on ${name}`)),
  );
}

/** What an app would never learn from Slack. */
export function showNotes(store) {
  const notes = store.all("note");
  byId("noted").hidden = !notes.length;
  byId("notes").replaceChildren(...notes.map(([, { text, at }]) => element("li", {}, time(at), ` ${text}`)));
}
