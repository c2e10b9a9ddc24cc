// Schedules, each with a button that fires it now.

import { byId, element, refill, span, unseen } from "./dom.js";

/** Show them; `tick` gets the ARN of the one that somebody wants to run. */
export function showSchedules(store, tick) {
  const schedules = store.all("schedule");
  byId("scheduled").hidden = !schedules.length;
  refill(byId("schedules"), schedules.map(([arn, schedule]) => scheduleOf(arn, schedule, tick)));
}

function scheduleOf(arn, { title, expression, zone, enabled, next }, tick) {
  const run = element("button", { type: "button", className: "quiet", "data-key": `tick-${arn}` });
  run.append("Run now", unseen(` ${title}`));
  run.addEventListener("click", () => tick(arn));
  return element(
    "li",
    {},
    element("strong", {}, title),
    span("faint", `${expression} ${zone}${enabled ? "" : ", disabled"}`),
    next ? span("faint", `next ${next}`) : null,
    run,
  );
}
