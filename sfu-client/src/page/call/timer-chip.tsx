import { useEffect, useState } from "preact/hooks";
import type { TimerView } from "../../sdk/index.js";
import { Icon } from "../design/icon.js";
import { texts } from "../i18n/language.js";
import { durationText } from "../i18n/times.js";
import type { Call } from "./call.js";

const EVERY_MS = 250;

/** The time left, louder with each warning. Hosts give more time with a click, others ask for it. */
export function TimerChip({ call }: { call: Call }) {
  const { view } = call;
  const [timer, setTimer] = useState<TimerView | undefined>(view.room.timer);
  const last = view.timer.value;
  useEffect(() => {
    const read = () => setTimer(view.room.timer);
    read();
    const interval = setInterval(read, EVERY_MS);
    return () => clearInterval(interval);
  }, [view, last]);
  if (!timer || timer.state === "idle") return null;
  const t = texts.value;
  // Up, so that a full minute reads as one and 0:00 is the end.
  const left = durationText(Math.ceil(timer.remainingMs / 1000) * 1000);
  const note = { paused: t.timer.paused, overtime: t.timer.over, idle: "", running: "", ended: "" }[timer.state];
  const more = view.moderates.value ? t.people.extend : t.timer.ask;
  return (
    <button
      type="button"
      class="timer-chip"
      data-action="more-time"
      data-state={timer.state}
      data-warned={call.warnedSec.value}
      title={more}
      aria-label={`${t.timer.left}: ${left} ${note}. ${more}`}
      disabled={timer.state === "ended"}
      onClick={() => (view.moderates.value ? call.extendTimer() : call.askForTime())}
    >
      <Icon name="clock" />
      <span>
        {left} {note}
      </span>
    </button>
  );
}
