// API calls, by who made them, with the permission that allowed each.

import { element, opening, span } from "./dom.js";
import { mark } from "./marks.js";

const MAIN = "ssm:SendCommand";

/** One list for each role or service, in the order of their first call. */
export function callsOf(calls) {
  return [...byRole(calls)].map(([role, own]) => {
    const denied = own.filter(({ allowed }) => !allowed).length;
    const open = denied > 0 || own.some(({ action }) => action === MAIN);
    const title = [element("strong", { className: "path" }, role), span(denied ? "bad" : "faint", count(own, denied))];
    return opening(`role-${role}`, title, element("ul", { className: "calls" }, own.map(callOf)), open);
  });
}

function byRole(calls) {
  const groups = new Map();
  for (const call of calls) groups.set(call.role, [...(groups.get(call.role) ?? []), call]);
  return groups;
}

function count(calls, denied) {
  const times = calls.reduce((sum, call) => sum + call.times, 0);
  if (denied) return `${denied} denied`;
  return times === 1 ? "1 call" : `${times} calls`;
}

function callOf(call) {
  const { action, resource, allowed, times } = call;
  return element(
    "li",
    { className: allowed ? "" : "denied" },
    element(
      "p",
      {},
      mark(allowed ? "done" : "failed"),
      element("code", {}, action),
      times > 1 ? span("faint", ` ×${times}`) : null,
    ),
    element("p", { className: "resource", title: resource }, `on ${short(resource)}`),
    element("p", { className: allowed ? "faint" : "bad" }, reason(call)),
  );
}

/** The statement that decided, and the policy that it is in. */
function reason({ allowed, policy, statement, role }) {
  if (!policy) return ["denied: no statement of its policies allows it"];
  const own = policy.startsWith(`${role}/`) ? `its ${policy.slice(role.length + 1)}` : policy;
  const where = statement ? [" › ", element("strong", {}, statement)] : [];
  return [allowed ? "allowed by " : "denied by ", own, ...where];
}

/** What an ARN ends with; service, region and account are the same in most of them. */
function short(arn) {
  return arn.startsWith("arn:") ? arn.split(":").slice(5).join(":") : arn;
}
