// What the page asks of the server, and what the server tells it.

const token = document.querySelector("meta[name=chatops-local-token]").content;

/** POST to the server; its answer, or an Error with its reason. */
export async function post(path, fields = {}) {
  let answer;
  try {
    answer = await fetch(`/api/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Chatops-Local-Token": token },
      body: JSON.stringify(fields),
    });
  } catch {
    throw new Error("chatops-local has ended: start it again");
  }
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error);
  return value;
}

let stream;

/**
 * Follow what `user` sees. Another user begins anew.
 * @param {string} user whose eyes these are
 * @param {(changes: object[], whole: boolean) => void} changed gets every change; `whole` if it is all there is
 * @param {(connected: boolean) => void} connection hears whether the server is there
 */
export function follow(user, changed, connection) {
  stream?.close();
  let session;
  stream = new EventSource(`/api/events?user=${encodeURIComponent(user)}`);
  stream.onopen = () => connection(true);
  stream.onerror = () => connection(false);
  stream.onmessage = (event) => {
    const told = JSON.parse(event.data);
    // Another server has another token, and this page is no longer its page.
    if (session && told.session !== session) return location.reload();
    session = told.session;
    changed(told.changes, told.whole);
  };
}
