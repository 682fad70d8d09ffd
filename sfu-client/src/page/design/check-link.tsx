import { readInvitation } from "../app/address.js";
import type { Message } from "../i18n/errors.js";
import { texts } from "../i18n/language.js";

/** The way to the page that checks the connection, in a tab of its own, where that may help; else nothing. */
export function CheckLink({ message }: { message: Pick<Message, "check"> }) {
  if (message.check !== true) return null;
  const { token } = readInvitation();
  // As in invitations: what stands behind the # stays in the browser.
  const href = token === undefined ? "diagnostics" : `diagnostics#token=${encodeURIComponent(token)}`;
  return (
    <a class="check-link" href={href} target="_blank" rel="noopener" data-action="check">
      {texts.value.checkConnection}
    </a>
  );
}
