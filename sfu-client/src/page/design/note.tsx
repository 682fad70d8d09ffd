import type { SfuError } from "../../sdk/index.js";
import { messageFor } from "../i18n/errors.js";
import { language } from "../i18n/language.js";
import { CheckLink } from "./check-link.js";

/** In a form: what went wrong and what to do, read out when it comes. */
export function Note({ error }: { error: SfuError }) {
  const message = messageFor(error, language.value);
  return (
    <div class="note" role="alert">
      <strong>{message.title}</strong>
      <span>{message.advice}</span>
      <CheckLink message={message} />
    </div>
  );
}
