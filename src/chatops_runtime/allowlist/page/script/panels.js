// What is to be seen: one panel at a time, and one line that says what is going on.

const SLOW_AFTER = 4; // seconds
const SAME_TO_PEOPLE = { unauthorized: "link_unknown", busy: "throttled" };

const status = document.getElementById("status");
const registerButton = document.getElementById("register");
const tryAgainButton = document.getElementById("try-again");
const slots = Object.fromEntries([...document.querySelectorAll("[data-slot]")].map((one) => [one.dataset.slot, one]));
const title = document.title;
let slow = null;

function announce(text) {
  clearTimeout(slow);
  status.textContent = text;
  if (text) slow = setTimeout(() => (status.textContent = texts.slow), SLOW_AFTER * 1000);
}

function show(state, { focus }) {
  document.body.dataset.state = state;
  document.title = state === "done" ? texts.done_title : title;
  for (const panel of document.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== state;
  // A heading says what happened to those who do not see it, once they have done something.
  if (focus) document.getElementById(state)?.focus();
}

function row(family, address, range) {
  const node = document.createElement("li");
  const seen = address === null ? texts.none : breakable(address);
  node.append(element("span", `IPv${family}`, "family"), element("span", seen, "address"));
  if (address === null) node.className = "none";
  if (range) node.append(write(element("span", "", "range"), range.text, { range: breakable(range.cidr) }));
  return node;
}

const isOneAddress = (family, cidr) => cidr.endsWith(family === 6 ? "/128" : "/32");

function seenRow(family, seen) {
  const one = seen.find((each) => each.family === family);
  if (!one) return row(family, null, null);
  const text = isOneAddress(family, one.cidr) ? texts.range_address : texts.range_network;
  return row(family, one.address, { text, cidr: one.cidr });
}

function missing(found, words) {
  const families = [4, 6].filter((family) => !found.some((one) => one.family === family));
  return families.map((family) => write(element("p", "", "note"), words[family]));
}

function showReady(link, seen) {
  announce("");
  write(slots.whose, texts.whose, { name: element("strong", link.name), until: time(link.expires_at) });
  slots.addresses.replaceChildren(seenRow(4, seen), seenRow(6, seen));
  slots.notes.replaceChildren(...missing(seen, texts.not_seen));
  write(slots["how-long"], texts.how_long, { duration: duration(link.valid_for ?? Number(validSeconds)) });
  registerButton.textContent = seen.length > 1 ? texts.register_both : texts.register_one;
}

function showDone(answer) {
  announce("");
  const registered = [...answer.registrations].sort((one, other) => one.family - other.family);
  write(slots.until, texts.until, { until: time(Math.min(...registered.map((one) => one.expires_at))) });
  slots.registered.replaceChildren(...registered.map((one) => row(one.family, one.cidr, null)));
  slots.missing.replaceChildren(...missing(registered, texts.not_registered));
  show("done", { focus: true });
}

function failureOf(error, uncertain) {
  if (error instanceof Unreachable) return uncertain ? "uncertain" : "unreachable";
  const code = SAME_TO_PEOPLE[error.code] ?? error.code;
  return Object.hasOwn(texts.failures, code) ? code : "other";
}

function showFailure(failure, error, { again, focus }) {
  announce("");
  const [heading, whatToDo] = texts.failures[failure];
  document.getElementById("failed").textContent = heading;
  write(slots["what-to-do"], whatToDo);
  const message = element("span", error.message);
  message.lang = "en";
  write(slots.server, error instanceof Refused ? texts.server : "", { message });
  tryAgainButton.hidden = !again;
  show("failed", { focus });
}
