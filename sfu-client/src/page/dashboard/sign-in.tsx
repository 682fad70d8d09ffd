import { useState } from "preact/hooks";
import { words } from "../i18n/dashboard-words.js";
import type { Session } from "./data/session.js";
import { Trouble } from "./parts/trouble.js";

const LONGEST = 4096;

/** Asks for the token that the server wants. */
export function SignIn({ session }: { session: Session }) {
  const [trying, setTrying] = useState(false);
  const [token, setToken] = useState("");
  const t = words.value.signIn;
  return (
    <form
      class="card narrow-card"
      data-page="sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        setTrying(true);
        void session.signIn(token.trim()).finally(() => {
          setTrying(false);
          setToken("");
        });
      }}
    >
      <h1>{t.title}</h1>
      <p class="muted-text">{t.text}</p>
      <Trouble error={session.problem.value} />
      <label class="field">
        <span class="label">{t.token}</span>
        <input
          type="password"
          name="token"
          autocomplete="off"
          required
          maxLength={LONGEST}
          value={token}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
      </label>
      <button type="submit" class="primary" data-action="sign-in" disabled={trying}>
        {t.enter}
      </button>
    </form>
  );
}
