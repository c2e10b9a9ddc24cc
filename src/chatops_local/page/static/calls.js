// API calls, by who made them, with the permission that allowed each.

import { element } from "./dom.js";

const MAIN = "ssm:SendCommand";

/** One list for each role or service, in the order of their first call. */
export function callsOf(calls) {
  return [...byRole(calls)].map(([role, own]) => {
    const denied = own.filter(({ allowed }) => !allowed).length;
    const times = own.reduce((sum, call) => sum + call.times, 0);
    return element(
      "details",
      { "data-key": `role-${role}`, open: denied > 0 || own.some(({ action }) => action === MAIN) },
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

function byRole(calls) {
  const groups = new Map();
  for (const call of calls) groups.set(call.role, [...(groups.get(call.role) ?? []), call]);
  return groups;
}

function callOf(call) {
  return element(
    "li",
    { className: call.allowed ? "" : "denied" },
    element("p", {}, element("span", { className: `mark ${call.allowed ? "good" : "bad"}`, "aria-hidden": "true" }, call.allowed ? "✓" : "✕"), element("code", {}, call.action), call.times > 1 ? element("span", { className: "faint" }, ` ×${call.times}`) : null),
    element("p", { className: "resource", title: call.resource }, `on ${short(call.resource)}`),
    element("p", { className: call.allowed ? "faint" : "bad" }, whyOf(call)),
  );
}

/** The statement that decided, and the policy that it is in. */
function whyOf({ allowed, policy, statement, role }) {
  if (!policy) return ["denied: no statement of its policies allows it"];
  const own = policy.startsWith(`${role}/`) ? `its ${policy.slice(role.length + 1)}` : policy;
  return [allowed ? "allowed by " : "denied by ", own, ...(statement ? [" › ", element("strong", {}, statement)] : [])];
}

/** What an ARN ends with; service, region and account are the same in most of them. */
function short(arn) {
  return arn.startsWith("arn:") ? arn.split(":").slice(5).join(":") : arn;
}
