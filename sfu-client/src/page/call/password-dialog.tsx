import { useEffect, useRef } from "preact/hooks";
import { Dialog } from "../design/dialog.js";
import { Note } from "../design/note.js";
import { PasswordInput } from "../design/password-input.js";
import { texts } from "../i18n/language.js";
import type { Door, PasswordQuestion } from "./door.js";

const INPUT = "room-password";

/** Asks for the password of the room one wants to go to. */
export function PasswordDialog({ door, question: { room, error } }: { door: Door; question: PasswordQuestion }) {
  const form = useRef<HTMLFormElement>(null);
  const t = texts.value;
  const trying = door.trying.value;
  const input = () => form.current?.querySelector("input");
  // What was wrong is written over.
  useEffect(() => input()?.select(), [error]);
  const submit = (event: Event) => {
    event.preventDefault();
    void door.answer(input()?.value ?? "");
  };
  return (
    <Dialog name="password" title={t.call.wantsPassword(room)} closed={() => door.giveUp()}>
      <form ref={form} noValidate onSubmit={submit}>
        {error && <Note error={error} />}
        <label class="field">
          <span class="label">{t.prejoin.password}</span>
          <PasswordInput id={INPUT} readOnly={trying} autofocus />
        </label>
        <button class="primary wide" type="submit" data-action="enter-room" disabled={trying}>
          {trying ? t.prejoin.joining : t.prejoin.join}
        </button>
      </form>
    </Dialog>
  );
}
