// How things are going, and how long they took.

import { element, span, unseen } from "./dom.js";

const MARKS = {
  succeeded: ["✓", "good"],
  done: ["✓", "good"],
  failed: ["✕", "bad"],
  running: ["●", "busy"],
  waiting: ["◔", "busy"],
  sending: ["●", "busy"],
  stopped: ["–", "faint"],
};

/** The sign alone. */
export function sign(status) {
  return MARKS[status][0];
}

/** The sign in its colour, with its word for those who do not see it. */
export function mark(status) {
  const [character, kind] = MARKS[status];
  return span(`mark ${kind}`, element("span", { "aria-hidden": "true" }, character), unseen(`${status} `));
}

/** A duration, in seconds. */
export function duration(seconds) {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
}

/** A moment as an element. */
export function time(at) {
  const moment = new Date(at * 1000);
  return element("time", { dateTime: moment.toISOString(), title: moment.toLocaleString() }, clock(at));
}

/** A moment of today. */
export function clock(at) {
  return new Date(at * 1000).toLocaleTimeString();
}
