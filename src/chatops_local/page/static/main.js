// Puts the parts of the page together.

import { follow, post } from "./api.js";
import { Composer } from "./composer.js";
import { byId } from "./dom.js";
import { showGroups } from "./groups.js";
import { Messages } from "./messages.js";
import { showPeople, showPlaces } from "./places.js";
import { showSchedules } from "./schedules.js";
import { Store } from "./store.js";
import { showInstances, showNotes, Work } from "./work.js";

const FIRST_USER = "U0LOCALUSER";
const FIRST_CHANNEL = "C0LOCALOPS";
const FIRST_CHANNEL_OF_GUESTS = "C0LOCALGENERAL";
const STATUS = {
  running: "",
  deploying: "deploying …",
  failed: "the latest change is not deployed",
  blind: "no answer",
};

const store = new Store();
const names = {
  user: (id) => (store.get("person", id) ?? store.get("bot", id))?.name ?? id,
  channel: (id) => store.get("channel", id)?.name ?? id,
};
const unread = new Map();
const messages = new Messages(names, showDetails, reply, controlsOf);
const work = new Work(store, names);
const composer = new Composer(() => store.get("commands", "commands")?.all ?? [], send);
let you = FIRST_USER;
let here = FIRST_CHANNEL;
let wanted;
let connected = true;

function changed(changes, whole) {
  if (whole) store.clear();
  const runs = store.all("run").length;
  changes.forEach((change) => store.put(change));
  const kinds = new Set(changes.map(({ kind }) => kind));
  if (kinds.has("person")) showPeople(store, you);
  if (whole) showPlace();
  else changes.filter(({ kind }) => kind === "message").forEach(arrived);
  if (kinds.has("channel")) {
    showPlaces(store, here, unread, go);
    goWhereWanted();
  }
  const typed = store.all("run").slice(runs).filter(([, { click, status }]) => !click || status === "failed");
  if (typed.length && !whole) work.choose(typed.at(-1)[0]);
  else if (kinds.has("run") || whole) work.show();
  if (kinds.has("instance") || whole) showInstances(store, setOnline);
  if (kinds.has("group") || kinds.has("person") || whole) showGroups(store, setMember);
  if (kinds.has("schedule") || whole) showSchedules(store, tick);
  if (kinds.has("note") || whole) showNotes(store);
  if (kinds.has("app")) showApp();
}

function arrived({ key, value }) {
  messages.put(key, value);
  if (value.channel === here) return;
  unread.set(value.channel, (unread.get(value.channel) ?? 0) + 1);
  showPlaces(store, here, unread, go);
}

function go(channel) {
  here = channel;
  composer.reply(null);
  showPlace();
  closeDrawers();
  composer.focus();
}

/** To a channel that was added; the server may tell of it a moment later. */
function goWhereWanted() {
  if (!store.get("channel", wanted)) return;
  const channel = wanted;
  wanted = undefined;
  go(channel);
}

function showPlace() {
  if (!store.get("channel", here)) here = FIRST_CHANNEL_OF_GUESTS;
  unread.delete(here);
  const { name, direct } = store.get("channel", here);
  byId("place").textContent = direct ? name : `# ${name}`;
  const ours = store.all("message").filter(([, { channel }]) => channel === here);
  messages.show(here, ours.sort(([, one], [, other]) => one.at - other.at));
  showPlaces(store, here, unread, go);
}

function showApp() {
  const { name, folder, status, problem } = store.get("app", "app");
  byId("app-name").textContent = name || folder;
  document.title = `${name || folder} · chatops-local`;
  byId("app-status").textContent = connected ? STATUS[status] : "chatops-local has ended";
  byId("app-folder").textContent = folder;
  byId("redeploy").disabled = status === "deploying";
  complain(problem);
}

async function send(text, thread) {
  await attempt(() => post("messages", { user: you, channel: here, text, thread }));
}

function reply(ts) {
  composer.reply(ts, store.get("message", ts)?.author.name);
}

function tick(schedule) {
  return attempt(() => post("ticks", { schedule }));
}

/** Ends when everything that was chosen has arrived: no later choice and no click may overtake it. */
let choicesSent = Promise.resolve();

/** What one does with the buttons and menus of a message; each answers what is wrong, if anything is. */
function controlsOf(ts) {
  const told = async (path, fields) => {
    const body = { user: you, ts, ...fields };
    await choicesSent;
    return (await post(path, body)).error;
  };
  return {
    names,
    click: (block_id, action_id) => told("clicks", { block_id, action_id }),
    choose: (block_id, action_id, values) => {
      const answer = told("choices", { block_id, action_id, values });
      choicesSent = answer.catch(() => {});
      return answer;
    },
    chosen: (block, action, each) => store.get("choice", [you, ts, block, action].join(" "))?.values ?? initial(each),
  };
}

/** What the app has chosen in a menu for everybody. */
function initial({ initial_option: one, initial_options: several = [] }) {
  return (one ? [one] : several).map(({ value }) => value);
}

function setMember(group, person, member) {
  return attempt(() => post("members", { group, person, member }));
}

function setOnline(name, online) {
  return attempt(() => post("instances", { name, online }));
}

async function attempt(action) {
  try {
    complain("");
    return await action();
  } catch (error) {
    complain(error.message);
    return undefined;
  }
}

function complain(problem) {
  byId("problem").textContent = problem;
}

function be(user) {
  you = user;
  unread.clear();
  messages.expire();
  follow(you, changed, (there) => {
    connected = there;
    if (store.get("app", "app")) showApp();
  });
}

function drawer(button, panel) {
  byId(button).addEventListener("click", () => {
    if (byId(button).getAttribute("aria-expanded") === "true") closeDrawers();
    else open(button, panel);
  });
}

function open(button, panel) {
  closeDrawers();
  byId(button).setAttribute("aria-expanded", "true");
  byId(panel).classList.add("open");
}

function showDetails(run) {
  work.choose(run);
  if (byId("show-work").offsetParent) open("show-work", "work");
  byId("runs").focus();
}

function closeDrawers() {
  for (const [button, panel] of [["show-places", "places"], ["show-work", "work"]]) {
    byId(button).setAttribute("aria-expanded", "false");
    byId(panel).classList.remove("open");
  }
}

drawer("show-places", "places");
drawer("show-work", "work");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeDrawers();
});
byId("you").addEventListener("change", (event) => be(event.target.value));
byId("redeploy").addEventListener("click", () => attempt(() => post("deployments")));
byId("add-channel").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId("new-channel");
  const added = await attempt(() => post("channels", { name: field.value }));
  if (!added) return;
  field.value = "";
  wanted = added.id;
  goWhereWanted();
});
be(you);
composer.focus();
