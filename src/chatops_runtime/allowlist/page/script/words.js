// The words: texts, times and durations as people of the page's language write them.

const texts = JSON.parse(document.getElementById("texts").textContent);

// The browser's own variety of the language, such as en-GB, knows how its people write times.
const language = document.documentElement.lang;
const locale = navigator.languages.find((one) => one.split("-")[0] === language) ?? language;

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
  for (const part of address.match(/\/?[^:/]+:*|:+/g)) node.append(part, document.createElement("wbr"));
  return node;
}
