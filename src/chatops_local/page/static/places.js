// The channels on the left, and who one is.

import { byId, element, refill } from "./dom.js";

/** The list of conversations; `unread` says how many new messages each has. */
export function showPlaces(store, here, unread, go) {
  const channels = store.all("channel").map(([id, channel]) => ({ id, ...channel }));
  const button = ({ id, name, direct }) => {
    const count = unread.get(id) ?? 0;
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", className: count ? "unread" : "", "aria-current": id === here ? "page" : null, onclick: () => go(id), "data-key": id, title: id },
        element("span", {}, direct ? name : `# ${name}`),
        count ? element("span", { className: "count" }, `${count} `, element("span", { className: "unseen" }, "new")) : null,
      ),
    );
  };
  refill(byId("channels"), channels.filter((each) => !each.direct).sort(byName).map(button));
  refill(byId("directs"), channels.filter((each) => each.direct).map(button));
}

/** Who one can be. */
export function showPeople(store, you) {
  const people = store.all("person").map(([id, person]) => ({ id, ...person }));
  const options = people.map(({ id, name, guest }) =>
    element("option", { value: id, selected: id === you, title: id }, guest ? `${name} (in #general only)` : name),
  );
  const choice = byId("you");
  if (choice.options.length !== options.length) choice.replaceChildren(...options);
}

function byName(one, other) {
  return one.name.localeCompare(other.name);
}
