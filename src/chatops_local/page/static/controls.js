// Buttons and menus of a message: https://docs.slack.dev/reference/block-kit/block-elements

import { confirmed } from "./confirm.js";
import { element, span, unseen } from "./dom.js";
import { Menu } from "./menu.js";
import { plain } from "./mrkdwn.js";

const STYLES = { primary: "", danger: "danger" };
const PROBLEMS = {
  operation_timeout: "the app did not answer within 3 seconds (operation_timeout)",
  dispatch_failed: "the app could not be reached, or refused (dispatch_failed)",
};

/**
 * A control.
 * @param each the element of the block
 * @param {string} block the block's id
 * @param use what is done with the controls of the message: `click`, `choose` and `chosen`; and `names`
 */
export function control(each, block, use) {
  const key = `${block} ${each.action_id}`;
  if (each.type === "button") return inPlace(button(each, key, () => use.click(block, each.action_id), use.names));
  if (each.options || each.option_groups) return inPlace(select(each, key, block, use));
  return span("placeholder", `[${plain(each.placeholder?.text ?? each.type.replaceAll("_", " "))}]`);
}

function button({ text, style, confirm, url, accessibility_label: label }, key, tell, names) {
  const properties = { type: "button", className: STYLES[style] ?? "quiet", "data-key": key, "aria-label": label };
  const made = element("button", properties, plain(text.text));
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-busy") || !(await agreed(confirm, names))) return;
    if (/^https?:/.test(url ?? "")) window.open(url, "_blank", "noopener,noreferrer");
    await telling(made, tell);
  });
  return made;
}

function select(each, key, block, use) {
  return new Menu(each, key, use.chosen(block, each.action_id, each), async (values, made) => {
    if (!(await agreed(each.confirm, use.names))) return false;
    await telling(made, () => use.choose(block, each.action_id, values));
    return true;
  }).element;
}

/** With room for the warning triangle. */
function inPlace(made) {
  return element("span", { className: "control" }, made);
}

async function agreed(confirm, names) {
  return confirm ? confirmed(confirm, names) : true;
}

/** Slack shows that it tells the app, and a warning triangle if the app does not take it. */
async function telling(made, tell) {
  const place = made.closest(".control");
  place.querySelector(".warning")?.remove();
  made.setAttribute("aria-busy", "true");
  const error = await tell().catch(({ message }) => message);
  made.removeAttribute("aria-busy");
  if (!error) return;
  const problem = PROBLEMS[error] ?? error;
  place.append(element("span", { className: "warning", title: problem, role: "alert" }, "⚠ ", unseen(problem)));
}
