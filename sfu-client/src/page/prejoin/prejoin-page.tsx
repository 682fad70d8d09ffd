import { useEffect, useRef } from "preact/hooks";
import { DevicePickers } from "../devices/device-pickers.js";
import { LevelMeter } from "../devices/level-meter.js";
import { CheckLink } from "../design/check-link.js";
import { Note } from "../design/note.js";
import { PageHead } from "../design/page-head.js";
import { PasswordInput } from "../design/password-input.js";
import { texts } from "../i18n/language.js";
import { Preview } from "./preview.js";
import type { PrejoinState } from "./prejoin-state.js";

/** On the page that shows two calls side by side. */
const framed = window.top !== window;
const LONGEST = 64;

/** Who, where, and how one looks and sounds. */
export function PrejoinPage({ state, join }: { state: PrejoinState; join: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const t = texts.value;
  const progress = state.progress.value;
  const busy = progress.step !== "idle";
  useEffect(() => {
    // In a frame that would scroll the page around it.
    if (framed) return;
    // The first that is missing, else the way in.
    const first = form.current?.querySelector<HTMLElement>("input:placeholder-shown") ?? form.current?.lastElementChild;
    if (first instanceof HTMLElement) first.focus();
  }, [state]);
  const submit = (event: Event) => {
    event.preventDefault();
    if (state.complete) join();
    else form.current?.querySelector<HTMLElement>("input:placeholder-shown")?.focus();
  };
  const button =
    progress.step === "connecting"
      ? t.prejoin.connecting(progress.attempt, progress.most)
      : busy
        ? t.prejoin.joining
        : t.prejoin.join;
  return (
    <section class="page">
      <PageHead />
      <div class="card prejoin">
        <div class="prejoin-look">
          <Preview state={state} />
          <LevelMeter track={state.microphoneMuted.value ? undefined : state.microphone.value} />
        </div>
        <form ref={form} class="join-form" noValidate onSubmit={submit}>
          <h1>{t.prejoin.title}</h1>
          <label for="name">{t.prejoin.name}</label>
          <input
            id="name"
            name="name"
            autoComplete="nickname"
            maxLength={LONGEST}
            required
            disabled={busy}
            placeholder={t.prejoin.namePlaceholder}
            value={state.name.value}
            onInput={({ currentTarget }) => (state.name.value = currentTarget.value)}
          />
          <label for="room">{t.prejoin.room}</label>
          <input
            id="room"
            name="room"
            autoComplete="off"
            autoCapitalize="none"
            spellcheck={false}
            maxLength={LONGEST}
            required
            disabled={busy}
            placeholder={t.prejoin.roomPlaceholder}
            value={state.room.value}
            onInput={({ currentTarget }) => (state.room.value = currentTarget.value)}
          />
          {state.password.value !== undefined && (
            <>
              <label for="password">{t.prejoin.password}</label>
              <PasswordInput
                id="password"
                name="password"
                disabled={busy}
                value={state.password.value}
                onInput={({ currentTarget }) => (state.password.value = currentTarget.value)}
              />
            </>
          )}
          {state.error.value && <Note error={state.error.value} />}
          <button class="primary wide" type="submit" data-action="join" disabled={busy}>
            {button}
          </button>
        </form>
        <div class="prejoin-devices">
          <DevicePickers
            mine={state.mine}
            disabled={busy}
            choose={(kind, deviceId) => void state.choose(kind, deviceId)}
          />
        </div>
      </div>
      <nav class="muted-text page-foot links">
        <CheckLink message={{ check: true }} />
        {!framed && <a href="test">{t.prejoin.tryIt}</a>}
      </nav>
    </section>
  );
}
