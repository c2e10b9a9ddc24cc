// What happens, one thing at a time: looking who is there, registering, and either again.

const NO_LINK_ANY_MORE = ["link_used", "link_expired", "link_unknown"];

let token = null;
let seenByIpv4Host = false;
let turn = 0; // Another link, opened in the same tab while the first one is looked at, is another turn.
let registering = false;
let sent = false; // The registration, and no answer has come: for a minute the same one is answered again.

function forgetToken() {
  token = null;
  history.replaceState(null, "", location.pathname + location.search);
}

function fail(error, { focus }) {
  const failure = failureOf(error, sent);
  const over = NO_LINK_ANY_MORE.includes(failure);
  if (over) forgetToken();
  showFailure(failure, error, { again: !over, focus });
}

async function look({ focus }) {
  if (registering) return;
  const mine = ++turn;
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
    if (mine === turn) fail(error, { focus });
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
    fail(error, { focus: true });
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
  turn += 1;
  announce("");
  if (!token) show("no-link", { focus: false });
  else if (/^[\w-]+$/.test(token)) look({ focus: false });
  else fail(new Refused("link_unknown", texts.no_token), { focus: false });
}

registerButton.addEventListener("click", register);
document.getElementById("look-again").addEventListener("click", () => look({ focus: true }));
tryAgainButton.addEventListener("click", () => (sent ? register() : look({ focus: true })));
addEventListener("hashchange", start);
start();
