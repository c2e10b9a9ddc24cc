// The dialog that asks again: https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object

import { element } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

/** Whether somebody agrees; Escape does not. */
export function confirmed({ title, text, confirm, deny, style }, names) {
  const content = text.type === "mrkdwn" ? mrkdwn(text.text, names) : [element("p", {}, plain(text.text))];
  const dialog = element(
    "dialog",
    { "aria-labelledby": "confirm-title" },
    element(
      "form",
      { method: "dialog" },
      element("h2", { id: "confirm-title" }, plain(title.text)),
      element("div", { className: "content" }, content),
      element(
        "p",
        { className: "answers" },
        element("button", { value: "no", className: "quiet" }, plain(deny.text)),
        element("button", { value: "yes", className: style === "danger" ? "danger" : "" }, plain(confirm.text)),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
