import type { Room } from "../sdk/index.js";
import { el } from "./dom.js";
import { etaText, placeText, TEXTS } from "./messages.js";

/** The card of somebody who waits: the place, how long it may take, what the host says, and the way out. */
export class WaitingRoom {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #place = el("p", { class: "place", role: "status" });
  readonly #eta = el("p", {});
  readonly #message = el("blockquote", { class: "words", hidden: true });
  readonly #note = el("p", { class: "muted-text" });
  readonly #stops: (() => void)[];

  constructor(room: Room) {
    this.#room = room;
    const texts = TEXTS.waitingRoom;
    const leave = el("button", { class: "quiet", type: "button", "data-action": "leave" }, texts.leave);
    leave.addEventListener("click", () => room.leave());
    this.element = el(
      "section",
      { class: "farewell" },
      el(
        "div",
        { class: "card narrow waiting-room" },
        el("div", { class: "pulse", "aria-hidden": "true" }, el("span", { class: "brand-mark" })),
        el("h1", {}, texts.title(room.name)),
        this.#place,
        this.#eta,
        this.#message,
        this.#note,
        el("div", { class: "row" }, leave),
      ),
    );
    this.#stops = [
      room.on("waiting", () => this.#render()),
      room.on("resumed", () => this.#render()),
      room.on("state", ({ state, attempt, maxAttempts }) => {
        if (state === "reconnecting") this.#note.textContent = TEXTS.reconnecting(attempt, maxAttempts);
      }),
    ];
    this.#render();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.element.remove();
  }

  #render(): void {
    const { waiting } = this.#room;
    if (!waiting) return;
    const admitted = waiting.ticket.state === "admitted";
    this.element.dataset["ticket"] = waiting.ticket.ticketId;
    this.#place.textContent = admitted ? TEXTS.waitingRoom.admitted : placeText(waiting);
    this.#eta.textContent = admitted ? "" : etaText(waiting);
    this.#message.hidden = waiting.message === undefined || waiting.message === "";
    this.#message.textContent = waiting.message ?? "";
    this.#note.textContent = waiting.paused ? TEXTS.waitingRoom.paused : TEXTS.waitingRoom.soon;
  }
}
