// The channels on the left, and who one is.

import { byId, element, refill, span, unseen } from "./dom.js";

/** The list of conversations; `unread` says how many new messages each has. */
export function showPlaces(store, here, unread, go) {
  const channels = store.all("channel").map(([id, channel]) => ({ id, ...channel }));
  const place = (channel) => placeOf(channel, channel.id === here, unread.get(channel.id) ?? 0, go);
  refill(byId("channels"), channels.filter((each) => !each.direct).sort(byName).map(place));
  refill(byId("directs"), channels.filter((each) => each.direct).map(place));
}

function placeOf({ id, name, direct }, here, count, go) {
  const current = here ? "page" : null;
  const button = element(
    "button",
    { type: "button", className: count ? "unread" : "", "aria-current": current, "data-key": id, title: id },
    element("span", {}, direct ? name : `# ${name}`),
    count ? span("count", `${count} `, unseen("new")) : null,
  );
  button.addEventListener("click", () => go(id));
  return element("li", {}, button);
}

/** Who one can be. */
export function showPeople(store, you) {
  const people = store.all("person").map(([id, person]) => ({ id, ...person }));
  const options = people.map(({ id, name, guest, external }) => {
    const text = guest ? `${name} (in #general only)` : external ? `${name} (of another company)` : name;
    return element("option", { value: id, selected: id === you, title: id }, text);
  });
  const choice = byId("you");
  if (choice.options.length !== options.length) choice.replaceChildren(...options);
}

function byName(one, other) {
  return one.name.localeCompare(other.name);
}
