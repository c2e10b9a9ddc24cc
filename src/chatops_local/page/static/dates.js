// Moments that Slack writes as each reader's clock shows them:
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting

const DAY = 86_400_000;
const DATES = {
  date_num: (moment) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(twoDigits).join("-"),
  date_slash: (moment) => [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(twoDigits).join("/"),
  date: (moment) => written(moment, { year: "numeric", month: "long", day: "numeric" }),
  date_short: (moment) => written(moment, { year: "numeric", month: "short", day: "numeric" }),
  date_long: (moment) => written(moment, { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
};
const TOKENS = {
  ...DATES,
  time: (moment) => moment.toLocaleTimeString(undefined, { timeStyle: "short" }),
  time_secs: (moment) => moment.toLocaleTimeString(undefined, { timeStyle: "medium" }),
  ago,
};
for (const name of ["date", "date_short", "date_long"]) {
  TOKENS[`${name}_pretty`] = (moment) => nearby(moment) ?? DATES[name](moment);
}

/** The text of `!date^seconds^format`; its fallback if it is not understood. */
export function date(control, fallback) {
  const [, seconds, format] = control.split("^");
  if (!/^\d+$/.test(seconds) || !format) return fallback ?? control;
  const moment = new Date(Number(seconds) * 1000);
  return format.replace(/\{(\w+)\}/g, (token, name) => (Object.hasOwn(TOKENS, name) ? TOKENS[name](moment) : token));
}

function nearby(moment) {
  const days = Math.round((startOfDay(moment) - startOfDay(new Date())) / DAY);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
}

function startOfDay(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

function ago(moment) {
  const minutes = Math.round((moment - Date.now()) / 60_000);
  const [value, unit] = Math.abs(minutes) < 60 ? [minutes, "minute"] : [Math.round(minutes / 60), "hour"];
  return new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(value, unit);
}

function written(moment, options) {
  return moment.toLocaleDateString(undefined, options);
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}
