// User groups, with a box for each person who may be in them.

import { byId, element, refill } from "./dom.js";

/** The groups that the app has named or asked for. */
export function showGroups(store, setMember) {
  const groups = store.all("group");
  const people = store.all("person");
  byId("grouped").hidden = !groups.length;
  refill(byId("groups"), groups.map(([group, { users }]) => groupOf(group, users, people, setMember)));
}

function groupOf(group, users, people, setMember) {
  const boxes = people.map(([id, { name }]) => memberOf(group, id, name, users.includes(id), setMember));
  return element("li", {}, element("fieldset", {}, element("legend", {}, group), boxes));
}

function memberOf(group, id, name, member, setMember) {
  const box = element("input", { type: "checkbox", checked: member, "data-key": `${group} ${id}` });
  box.addEventListener("change", () => setMember(group, id, box.checked));
  return element("label", {}, box, ` ${name}`);
}
