import { useState } from "preact/hooks";
import { SureButton } from "../../panels/sure-button.js";
import { words } from "../../i18n/dashboard-words.js";
import { durationText } from "../../i18n/times.js";
import type { Timer } from "../data/types.js";
import { answer, AskDialog } from "../parts/ask-dialog.js";
import { useDesk } from "../parts/context.js";
import { useNow } from "../parts/use-now.js";

const STEPS_MIN = [5, 15];

export interface TimerPartProps {
  readonly room: string;
  readonly timer: Timer | undefined;
  readonly changed: () => void;
}

/** The session's time, and how to change it. */
export function TimerPart({ room, timer, changed }: TimerPartProps) {
  const { api, notices } = useDesk();
  const [asked, setAsked] = useState(false);
  const { room: t, none } = words.value;
  const state = timer?.state;
  const run = (action: Promise<void>) => void notices.attempt(action, changed);
  const control = (what: "start" | "pause" | "resume", text: string) => (
    <button type="button" class="quiet" data-action={`timer-${what}`} onClick={() => run(api.controlTimer(room, what))}>
      {text}
    </button>
  );
  return (
    <div class="desk-card">
      <h2>{t.timer}</h2>
      <p class="timer-line">
        <span data-timer={state}>{state ? t.timerStates[state] : none}</span>
        {timer && (state === "running" || state === "paused") && <Left timer={timer} />}
      </p>
      <div class="row">
        {(state === "idle" || state === "ended") && control("start", t.start)}
        {state === "running" && control("pause", t.pauseTimer)}
        {state === "paused" && control("resume", t.resumeTimer)}
        {(state === "running" || state === "paused" || state === "overtime") &&
          STEPS_MIN.map((minutes) => (
            <button
              key={minutes}
              type="button"
              class="quiet"
              data-action={`timer-extend-${minutes}`}
              onClick={() => run(api.extendTimer(room, minutes * 60))}
            >
              {t.extend(minutes)}
            </button>
          ))}
        <button type="button" class="quiet" data-action="timer-set" onClick={() => setAsked(true)}>
          {t.set}
        </button>
        {(state === "running" || state === "paused" || state === "overtime") && (
          <SureButton
            action="timer-stop"
            text={t.stop}
            sure={t.stopSure}
            run={() => run(api.controlTimer(room, "stop"))}
          />
        )}
      </div>
      {asked && (
        <AskDialog
          name="timer-set"
          title={t.set}
          action={t.set}
          closed={() => setAsked(false)}
          run={(answers) => run(api.setTimer(room, Number(answer(answers, "minutes")) * 60))}
        >
          <label class="field">
            <span class="label">{t.minutes}</span>
            <input name="minutes" type="number" min={1} max={10_080} required />
          </label>
        </AskDialog>
      )}
    </div>
  );
}

/** Counts down between two readings. */
function Left({ timer }: { timer: Timer }) {
  const now = useNow();
  const [read, setRead] = useState({ timer, atMs: now });
  if (read.timer !== timer) setRead({ timer, atMs: Date.now() });
  const passed = timer.state === "running" ? Math.max(0, now - read.atMs) : 0;
  return (
    <>
      {", "}
      <b class="timer-left">{durationText(timer.remainingMs - passed)}</b> {words.value.room.left}
    </>
  );
}
