const { url, ipv4Url, validSeconds } = document.body.dataset;
const texts = JSON.parse(document.getElementById("texts").textContent);

const SLOW_AFTER = 4; // seconds
const OWN_HOST_PATIENCE = 20;
const IPV4_HOST_PATIENCE = 8; // Longer is not worth waiting for: without it there is still IPv6.
const NO_LINK_ANY_MORE = ["link_used", "link_expired", "link_unknown"];
const SAME_TO_PEOPLE = { unauthorized: "link_unknown", busy: "throttled" };

// The words. The browser's own variety of the page's language, such as en-GB, knows how its people write times.
const page = document.documentElement.lang;
const locale = navigator.languages.find((one) => one.split("-")[0] === page) ?? page;

function time(seconds) {
  const node = document.createElement("time");
  const date = new Date(seconds * 1000);
  node.dateTime = date.toISOString();
  const day = { weekday: "short", month: "short", day: "numeric" };
  const hour = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
  node.textContent = new Intl.DateTimeFormat(locale, { ...day, ...hour }).format(date);
  return node;
}

function duration(seconds) {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const parts = { hour: Math.floor(minutes / 60), minute: minutes % 60 };
  return Object.entries(parts)
    .filter(([, value]) => value > 0)
    .map(([unit, value]) => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(value))
    .join(" ");
}

function element(name, content, className = "") {
  const node = document.createElement(name);
  node.className = className;
  node.append(content);
  return node;
}

// What others wrote only ever becomes text: {name} in a text stands for one of `values`, `…` for what is typed.
function write(node, text, values = {}) {
  const parts = text.split(/(\{\w+\}|`[^`]+`)/).map((part) => {
    if (part.startsWith("{")) return values[part.slice(1, -1)];
    return part.startsWith("`") ? element("code", part.slice(1, -1)) : part;
  });
  node.replaceChildren(...parts);
  return node;
}

// A long one may be broken between its parts.
function breakable(address) {
  const node = document.createElement("span");
  for (const part of address.split(/(?<=:)(?!:)|(?=\/)/)) node.append(part, document.createElement("wbr"));
  return node;
}

const note = (text) => write(element("p", "", "note"), text);

// The requests.
class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

class Unreachable extends Error {}

async function ask(host, path, { method = "GET", bearer = null, patience = OWN_HOST_PATIENCE } = {}) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), patience * 1000);
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  const options = { method, headers, cache: "no-store", credentials: "omit", redirect: "error" };
  try {
    const response = await fetch(host + path, { ...options, signal: controller.signal });
    return understand(response.status, await response.text());
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Unreachable(`${method} ${host}${path}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function understand(status, text) {
  let answer = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // Something between here and the API answered in its own way.
  }
  if (status < 300 && answer !== null && typeof answer === "object") return answer;
  // What API Gateway itself refuses has no code.
  const code = answer?.error?.code ?? (status === 429 ? "throttled" : "other");
  throw new Refused(code, answer?.error?.message ?? `HTTP ${status}`);
}

// What is to be seen.
const status = document.getElementById("status");
const registerButton = document.getElementById("register");
const slots = Object.fromEntries([...document.querySelectorAll("[data-slot]")].map((one) => [one.dataset.slot, one]));
let slow = null;

function announce(text) {
  clearTimeout(slow);
  status.textContent = text;
  if (text) slow = setTimeout(() => (status.textContent = texts.slow), SLOW_AFTER * 1000);
}

function show(state, { focus }) {
  document.body.dataset.state = state;
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
  return [4, 6].filter((family) => !found.some((one) => one.family === family)).map((family) => note(words[family]));
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
  document.title = texts.done_title;
  show("done", { focus: true });
}

function failureOf(error) {
  if (error instanceof Unreachable) return sent ? "uncertain" : "unreachable";
  const code = SAME_TO_PEOPLE[error.code] ?? error.code;
  return Object.hasOwn(texts.failures, code) ? code : "other";
}

function showFailure(error, { focus }) {
  announce("");
  const failure = failureOf(error);
  const [heading, whatToDo] = texts.failures[failure];
  document.getElementById("failed").textContent = heading;
  write(slots["what-to-do"], whatToDo);
  const message = element("span", error.message);
  message.lang = "en";
  write(slots.server, error instanceof Refused ? texts.server : "", { message });
  const over = NO_LINK_ANY_MORE.includes(failure);
  if (over) forgetToken();
  document.getElementById("try-again").hidden = over;
  show("failed", { focus });
}

// What happens.
let token = null;
let seenByIpv4Host = false;
let turn = 0;
let registering = false;
let sent = false; // The registration, and no answer has come: for a minute the same one is answered again.

function forgetToken() {
  token = null;
  history.replaceState(null, "", location.pathname + location.search);
}

async function look({ focus }) {
  if (registering) return;
  const mine = ++turn; // Another link, opened in the same tab meanwhile, is another turn.
  show("checking", { focus: false });
  announce(texts.checking);
  try {
    const [link, own, ipv4] = await Promise.all([
      ask("", "/link", { bearer: token }),
      ask("", "/address"),
      ask(ipv4Url, "/address", { patience: IPV4_HOST_PATIENCE }).catch(() => null),
    ]);
    if (mine !== turn) return;
    seenByIpv4Host = ipv4 !== null;
    showReady(link, ipv4 && own.family !== 4 ? [ipv4, own] : [own]);
    show("ready", { focus });
  } catch (error) {
    if (mine === turn) showFailure(error, { focus });
  }
}

async function register() {
  if (registering) return;
  registering = true;
  registerButton.setAttribute("aria-disabled", "true");
  announce(texts.registering);
  try {
    // Not going on without what was seen a moment ago: the link would be used up for half of it.
    if (seenByIpv4Host && !sent) await ask(ipv4Url, "/seen", { method: "POST", bearer: token });
    sent = true;
    const answer = await ask("", "/registrations", { method: "POST", bearer: token });
    showDone(answer);
    forgetToken();
  } catch (error) {
    sent &&= error instanceof Unreachable;
    showFailure(error, { focus: true });
  } finally {
    registering = false;
    registerButton.removeAttribute("aria-disabled");
  }
}

function start() {
  if (registering) return;
  // Who opens the link over the host without IPv6 would be seen under one family only.
  if (location.origin === ipv4Url && url !== ipv4Url) {
    location.replace(`${url}/${location.hash}`);
    return;
  }
  token = location.hash.slice(1);
  sent = false;
  if (!token) show("no-link", { focus: false });
  else if (/^[\w-]+$/.test(token)) look({ focus: false });
  else showFailure(new Refused("link_unknown", texts.no_token), { focus: false });
}

registerButton.addEventListener("click", register);
document.getElementById("look-again").addEventListener("click", () => look({ focus: true }));
document.getElementById("try-again").addEventListener("click", () => (sent ? register() : look({ focus: true })));
addEventListener("hashchange", start);
start();
