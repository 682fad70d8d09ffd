import { readInvitation } from "./address.js";
import { el } from "./dom.js";
import { TEXTS, type Message } from "./messages.js";

/** The way to the page that checks the connection, in a tab of its own, where that may help; else nothing. */
export function checkLink({ check }: Message): HTMLAnchorElement[] {
  if (check !== true) return [];
  const { token } = readInvitation();
  // As in invitations: what stands behind the # stays in the browser.
  const href = token === undefined ? "diagnostics" : `diagnostics#token=${encodeURIComponent(token)}`;
  return [
    el(
      "a",
      { class: "check-link", href, target: "_blank", rel: "noopener", "data-action": "check" },
      TEXTS.checkConnection,
    ),
  ];
}
