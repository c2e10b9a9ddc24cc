// The requests to the two hosts.

const OWN_HOST_PATIENCE = 20; // seconds
const IPV4_HOST_PATIENCE = 8; // Longer is not worth waiting for: without it there is still IPv6.

const { url, ipv4Url, validSeconds } = document.body.dataset;

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
