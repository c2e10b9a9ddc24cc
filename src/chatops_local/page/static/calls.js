// API calls, by who made them, with the permission that allowed each.

import { element } from "./dom.js";

/** One list for each role or service, in the order of their first call. */
export function callsOf(calls) {
  const roles = Map.groupBy ? Map.groupBy(calls, ({ role }) => role) : grouped(calls);
  return [...roles].map(([role, own]) => {
    const denied = own.filter(({ allowed }) => !allowed).length;
    const times = own.reduce((sum, call) => sum + call.times, 0);
    return element(
      "details",
      { "data-key": `role-${role}`, open: denied > 0 || own[0].action.startsWith("ssm:SendCommand") },
      element(
        "summary",
        { "data-key": `role-summary-${role}` },
        element("strong", { className: "path" }, role),
        element("span", { className: denied ? "bad" : "faint" }, denied ? `${denied} denied` : times === 1 ? "1 call" : `${times} calls`),
      ),
      element("ul", { className: "calls" }, own.map(callOf)),
    );
  });
}

function grouped(calls) {
  const groups = new Map();
  for (const call of calls) groups.set(call.role, [...(groups.get(call.role) ?? []), call]);
  return groups;
}

function callOf(call) {
  const why = call.allowed
    ? ["by ", element("span", { className: "path" }, call.policy), call.statement ? [" › ", element("strong", {}, call.statement)] : null]
    : call.policy ? ["denied by ", call.policy, " › ", element("strong", {}, call.statement)] : ["denied: no statement of its policies allows it"];
  return element(
    "li",
    { className: call.allowed ? "" : "denied" },
    element("p", {}, element("span", { className: `mark ${call.allowed ? "good" : "bad"}`, "aria-hidden": "true" }, call.allowed ? "✓" : "✕"), element("code", {}, call.action), call.times > 1 ? element("span", { className: "faint" }, ` ×${call.times}`) : null),
    element("p", { className: "resource" }, call.resource === "*" ? "on * (it has no resources)" : `on ${short(call.resource)}`),
    element("p", { className: call.allowed ? "faint" : "bad" }, why.flat()),
  );
}

/** An ARN without what is the same in all of them. */
function short(arn) {
  return arn.startsWith("arn:") ? arn.split(":").slice(2).filter(Boolean).join(":") : arn;
}
