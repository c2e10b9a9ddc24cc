// What is known of one command: its ack, the states of its execution, its scripts and its API calls.

import { callsOf } from "./calls.js";
import { element, opening, span } from "./dom.js";
import { clock, duration, mark } from "./marks.js";

// https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html; all others are failures.
const SCRIPTS = { Success: "done", Pending: "running", InProgress: "running", Delayed: "running" };
const DEEPEST = 4;

/** The parts of the panel. */
export function detailsOf(run) {
  const problems = run.problems.map((problem) => element("li", {}, problem));
  return [
    summary(run),
    problems.length ? element("ul", { className: "problems" }, problems) : null,
    ...run.executions.map((execution) => executionOf(execution, run)),
    run.instances.length ? part("Scripts", element("ul", {}, run.instances.map(scriptOf))) : null,
    run.calls.length ? part("API calls and what allowed them", ...callsOf(run.calls)) : null,
  ];
}

function summary({ status, began, over, ack, answers, executions }) {
  const asked = executions.flatMap(({ states }) => states).find((state) => state.status === "waiting");
  return element(
    "p",
    { className: "summary" },
    mark(status),
    element("strong", {}, status),
    over ? ` in ${duration(over - began)}` : "",
    asked ? ` for ${asked.awaits}` : "",
    span(ack?.error ? "bad" : "faint", ` · ${acknowledged(ack)}`),
    answers ? span("faint", ` · response_url used ${answers} of 5 times`) : null,
    ack?.problem ? span("faint", ` (${ack.problem})`) : null,
  );
}

function acknowledged(ack) {
  if (ack === null) return "no ack yet";
  const said = ack.ms === null ? "no ack in 3,000 ms" : `ack after ${ack.ms.toLocaleString("en")} of 3,000 ms`;
  return ack.error ? `${said}: ${ack.error}` : said;
}

function executionOf({ machine, error, cause, states }, { problems, began }) {
  return part(
    "State machine",
    element("p", { className: "faint path" }, machine),
    error && !problems.length ? element("p", { className: "bad" }, `${error} ${cause}`) : null,
    element("ol", { className: "states" }, states.map((state) => stateOf(state, began))),
  );
}

function stateOf(state, began) {
  const entered = `+${(state.entered - began).toFixed(2)} s`;
  const spent = state.left === null ? "…" : duration(state.left - state.entered);
  return element(
    "li",
    { className: `depth-${Math.min(state.depth, DEEPEST)}` },
    mark(state.status),
    span("name", state.name),
    element("span", { className: "faint", title: state.resource }, state.resource || state.kind),
    element("span", { className: "moment", title: "entered, after the command was typed" }, entered),
    element("span", { className: "moment", title: "how long it took" }, spent),
    state.status === "waiting" ? element("p", { className: "busy" }, waitsFor(state)) : null,
    state.error ? errorOf(state) : null,
  );
}

function waitsFor({ awaits, until }) {
  return until ? `waits for ${awaits}, until ${clock(Date.parse(until) / 1000)}` : `waits for ${awaits}`;
}

function errorOf({ name, entered, error, cause }) {
  const why = span("bad", error);
  return cause ? opening(`error-${name}-${entered}`, why, element("p", {}, cause)) : element("p", {}, why);
}

function scriptOf({ command, id, name, status, exit_code: code, output }) {
  const ended = code === null ? status : `${status}, exit code ${code}`;
  const title = [mark(SCRIPTS[status] ?? "failed"), element("strong", {}, name), ` ${ended}`];
  return element(
    "li",
    {},
    opening(`script-${command}-${id}`, title, element("pre", { tabIndex: 0 }, output || "(no output)")),
  );
}

function part(title, ...children) {
  return element("div", { className: "part" }, element("h3", {}, title), ...children);
}
