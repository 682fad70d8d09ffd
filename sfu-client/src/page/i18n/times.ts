import type { Waiting } from "../../sdk/index.js";
import type { Texts } from "./en.js";

/** One's place, as far as the room shows it. */
export function placeText({ waiting }: Texts, { ticket: { position, ahead } }: Waiting): string {
  if (position === undefined && ahead === undefined) return waiting.inLine;
  const before = ahead ?? (position ?? 1) - 1;
  return before === 0 ? waiting.next : waiting.ahead(before);
}

/** A range, as nobody knows better. */
export function etaText({ waiting }: Texts, { ticket: { eta } }: Waiting): string {
  if (!eta || eta.basis === "unknown") return waiting.noEstimate;
  const low = Math.max(1, Math.floor(eta.lowSec / 60));
  const high = Math.ceil(eta.highSec / 60);
  if (high <= 1) return waiting.aMinute;
  return low === high ? waiting.about(high) : waiting.range(low, high);
}

export function remainingText({ timer }: Texts, sec: number): string {
  return sec < 60 ? timer.secondsLeft(sec) : timer.minutesLeft(Math.round(sec / 60));
}

/** As 4:05 or 1:00:09. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
