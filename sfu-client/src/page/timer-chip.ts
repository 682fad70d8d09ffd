import type { Room } from "../sdk/index.js";
import { el } from "./dom.js";
import { durationText, remainingText, TEXTS, type Message } from "./messages.js";

const EVERY_MS = 250;

/** The time left in the call's bar; louder with each warning. */
export class TimerChip {
  readonly element = el("span", { class: "timer-chip", role: "timer", hidden: true });
  readonly #room: Room;
  readonly #stops: (() => void)[];

  constructor(room: Room, say: (message: Message) => void) {
    this.#room = room;
    const interval = setInterval(() => this.#render(), EVERY_MS);
    this.#stops = [
      () => clearInterval(interval),
      room.on("timer", () => {
        delete this.element.dataset["warned"];
        this.#render();
      }),
      room.on("timerWarning", ({ remainingSec }) => {
        this.element.dataset["warned"] = String(remainingSec);
        say({ title: remainingText(remainingSec), advice: "" });
      }),
      room.on("timerEnded", () => say({ title: TEXTS.timerEnded, advice: "" })),
    ];
    this.#render();
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #render(): void {
    const { timer } = this.#room;
    this.element.hidden = timer === undefined || timer.state === "idle";
    if (!timer) return;
    // Up, so that a full minute reads as one and 0:00 is the end.
    const left = durationText(Math.ceil(timer.remainingMs / 1000) * 1000);
    const note = { paused: ` ${TEXTS.timerPaused}`, overtime: ` ${TEXTS.timerOver}`, idle: "", running: "", ended: "" };
    this.element.textContent = left + note[timer.state];
    this.element.dataset["state"] = timer.state;
  }
}
