// The side panel: what a command does behind the conversation, as it goes.

import { byId, element, refill } from "./dom.js";
import { callsOf } from "./calls.js";
import { time } from "./messages.js";

const MARKS = {
  succeeded: ["✓", "good"], failed: ["✕", "bad"], running: ["●", "busy"], sending: ["●", "busy"],
  done: ["✓", "good"], stopped: ["–", "faint"],
};

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
    const empty = "Type a slash command: its states, its API calls and the permission that allowed each are shown here as it goes.";
    refill(byId("run"), run ? this.#details(run) : element("p", { className: "empty" }, empty));
  }

  /** The commands to choose from; a list that is as it was is left alone, since somebody may have it open. */
  #list(runs, chosen) {
    const options = runs.toReversed().map(([key, run]) =>
      element("option", { value: key, selected: run === chosen }, `${MARKS[run.status][0]} ${run.typed} · ${this.#names.user(run.user)} · ${clock(run.began)}`),
    );
    const shown = [...byId("runs").options];
    byId("runs").hidden = !runs.length;
    if (shown.length === options.length && options.every((each, index) => each.isEqualNode(shown[index]))) {
      byId("runs").selectedIndex = options.findIndex(({ selected }) => selected);
    } else byId("runs").replaceChildren(...options);
  }

  #details(run) {
    return [
      summary(run),
      run.problems.length ? element("ul", { className: "problems" }, run.problems.map((each) => element("li", {}, each))) : null,
      ...run.executions.map((execution) => executionOf(execution, run)),
      run.instances.length ? part("Scripts", element("ul", { className: "rows" }, run.instances.map(scriptOf))) : null,
      run.calls.length ? part("API calls and what allowed them", ...callsOf(run.calls, run.began)) : null,
    ];
  }
}

/** A tick, a cross or a dot, with its word for those who do not see it. */
export function mark(status) {
  const [sign, kind] = MARKS[status];
  return element("span", { className: `mark ${kind}` }, element("span", { "aria-hidden": "true" }, sign), element("span", { className: "unseen" }, `${status} `));
}

function summary(run) {
  const ack = run.ack;
  const spent = run.over ? ` in ${seconds(run.over - run.began)}` : "";
  const said = ack === null ? "no ack yet" : ack.ms === null ? "no ack in 3,000 ms" : `ack after ${ack.ms.toLocaleString("en")} of 3,000 ms`;
  return element(
    "p",
    { className: "summary" },
    mark(run.status), element("strong", {}, run.status), spent,
    element("span", { className: ack?.error ? "bad" : "faint" }, ` · ${said}${ack?.error ? `: ${ack.error}` : ""}`),
    run.answers ? element("span", { className: "faint", title: "Slack takes five, within 30 minutes" }, ` · response_url used ${run.answers} of 5 times`) : null,
    ack?.problem ? element("span", { className: "faint" }, ` (${ack.problem})`) : null,
  );
}

function executionOf(execution, run) {
  const failed = execution.error && !run.problems.length ? element("p", { className: "bad" }, `${execution.error} ${execution.cause}`) : null;
  const list = element("ol", { className: "states" }, execution.states.map((state) => stateOf(state, run.began)));
  return part("State machine", element("p", { className: "faint path" }, execution.machine), failed, list);
}

function stateOf(state, began) {
  const spent = state.left === null ? "" : seconds(state.left - state.entered);
  const row = element(
    "li",
    { className: `depth-${Math.min(state.depth, 4)}` },
    mark(state.status),
    element("span", { className: "name" }, state.name),
    element("span", { className: "faint" }, state.resource || state.kind),
    element("span", { className: "moment", title: `entered ${seconds(state.entered - began)} after the command was typed` }, spent || "…"),
  );
  if (state.error) row.append(errorOf(state));
  return row;
}

function errorOf({ name, entered, error, cause }) {
  if (!cause) return element("p", { className: "bad" }, error);
  const key = `error-${name}-${entered}`;
  return element("details", { "data-key": key }, element("summary", { className: "bad", "data-key": `${key}-summary` }, error), element("p", {}, cause));
}

function scriptOf(script) {
  const code = script.exit_code === null ? script.status : `${script.status}, exit code ${script.exit_code}`;
  return element(
    "li",
    {},
    element(
      "details",
      { "data-key": `script-${script.id}` },
      element("summary", { "data-key": `summary-${script.id}` }, mark(script.status === "Success" ? "done" : script.exit_code === null && !/Failed|TimedOut|Undeliverable|Cancelled|Terminated/.test(script.status) ? "running" : "failed"), element("strong", {}, script.name), ` ${code}`),
      element("pre", { tabIndex: 0 }, script.output || "(no output)"),
    ),
  );
}

/** Instances, with a switch for the agent of each. */
export function showInstances(store, setOnline) {
  const rows = store.all("instance").map(([name, { tags, online }]) => {
    const box = element("input", { type: "checkbox", checked: online, "data-key": `online-${name}`, onchange: (event) => setOnline(name, event.target.checked) });
    const label = element("label", {}, box, " agent online", element("span", { className: "unseen" }, ` on ${name}`));
    const tagged = Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(", ");
    return element("li", {}, element("strong", {}, name), element("span", { className: "faint" }, tagged), label);
  });
  refill(byId("instances"), rows.length ? rows : element("li", { className: "faint" }, "This app has none."));
}

/** What an app would never learn from Slack. */
export function showNotes(store) {
  const notes = store.all("note");
  byId("noted").hidden = !notes.length;
  byId("notes").replaceChildren(...notes.map(([, { text, at }]) => element("li", {}, time(at), ` ${text}`)));
}

/** A part of the panel with its title. */
function part(title, ...children) {
  return element("div", { className: "part" }, element("h3", {}, title), ...children);
}

function clock(at) {
  return new Date(at * 1000).toLocaleTimeString();
}

function seconds(value) {
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(value < 10 ? 1 : 0)} s`;
}
