import type { RemoteParticipant, Room, Ticket } from "../sdk/index.js";
import { el } from "./dom.js";
import { TEXTS } from "./messages.js";

const EXTEND_SEC = 300;
const SURE_FOR_MS = 4000;

type Attempt = (action: () => Promise<void>) => Promise<void>;

/** What hosts and moderators can do: with the room, with those who wait, and with those who are in. */
export class HostPanel {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #attempt: Attempt;
  readonly #lock: HTMLButtonElement;
  readonly #extend: HTMLButtonElement;
  readonly #admitAll: HTMLButtonElement;
  readonly #queue = el("ul", { class: "people-list" });
  readonly #people = el("ul", { class: "people-list" });
  readonly #stops: (() => void)[];

  /** @param attempt carries out an action, and says so when it fails */
  constructor(room: Room, attempt: Attempt) {
    this.#room = room;
    this.#attempt = attempt;
    const { moderation } = room;
    const texts = TEXTS.host;
    this.#lock = this.#button("lock", texts.lock, () => moderation.lock(!room.locked));
    this.#extend = this.#button("extend", texts.extend, () => moderation.extendTimer(EXTEND_SEC));
    this.#admitAll = this.#button("admit-all", texts.admitAll, () => moderation.admit({ all: true }));
    this.element = el(
      "aside",
      { class: "panel", "data-panel": "host", "aria-label": texts.title, hidden: true },
      el("h2", {}, texts.title),
      el(
        "div",
        { class: "actions" },
        this.#button("mute-all", texts.muteAll, () => moderation.muteAll("microphone")),
        this.#lock,
        this.#extend,
        this.#end(),
      ),
      el("h3", {}, texts.queue, this.#admitAll),
      this.#queue,
      el("h3", {}, texts.people),
      this.#people,
    );
    const render = () => this.#render();
    this.#stops = (
      ["joined", "switched", "self", "room", "queue", "timer", "participantJoined", "participantUpdated"] as const
    ).map((type) => room.on(type, render));
    this.#stops.push(room.on("participantLeft", render));
    this.#render();
  }

  show(shown: boolean): void {
    this.element.hidden = !shown;
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #render(): void {
    const { locked, timer, queue, participants } = this.#room;
    const texts = TEXTS.host;
    this.#lock.textContent = locked ? texts.unlock : texts.lock;
    this.#lock.setAttribute("aria-pressed", String(locked));
    this.#extend.hidden = timer === undefined || timer.state === "idle" || timer.state === "ended";
    this.#admitAll.hidden = queue.length < 2;
    fill(
      this.#queue,
      queue.map((ticket) => this.#ticket(ticket)),
      texts.queueEmpty,
    );
    fill(
      this.#people,
      participants.map((participant) => this.#person(participant)),
      texts.nobody,
    );
  }

  #ticket({ ticketId, displayName }: Ticket): HTMLElement {
    const { moderation } = this.#room;
    return el(
      "li",
      { "data-ticket-id": ticketId },
      el("span", { class: "name" }, displayName ?? TEXTS.host.guest),
      this.#button("admit", TEXTS.host.admit, () => moderation.admit({ ticketId }), "primary"),
      this.#button("deny", TEXTS.host.deny, () => moderation.deny(ticketId)),
    );
  }

  #person({ id, displayName }: RemoteParticipant): HTMLElement {
    const { moderation } = this.#room;
    return el(
      "li",
      { "data-person": id },
      el("span", { class: "name" }, displayName),
      this.#button("mute", TEXTS.host.mute, () => moderation.mute(id, "microphone")),
      this.#button("kick", TEXTS.host.kick, () => moderation.kick(id)),
    );
  }

  /** Asks back: it ends the call of everybody. */
  #end(): HTMLButtonElement {
    const button = el("button", { class: "quiet danger", type: "button", "data-action": "end" }, TEXTS.host.end);
    button.addEventListener("click", () => {
      if (button.dataset["sure"] === "asked") {
        void this.#attempt(() => this.#room.moderation.end());
        return;
      }
      button.dataset["sure"] = "asked";
      button.textContent = TEXTS.host.endSure;
      setTimeout(() => {
        delete button.dataset["sure"];
        button.textContent = TEXTS.host.end;
      }, SURE_FOR_MS);
    });
    return button;
  }

  #button(action: string, text: string, run: () => Promise<void>, kind = "quiet"): HTMLButtonElement {
    const button = el("button", { class: kind, type: "button", "data-action": action }, text);
    button.addEventListener("click", () => void this.#attempt(run));
    return button;
  }
}

function fill(list: HTMLElement, items: readonly HTMLElement[], empty: string): void {
  list.replaceChildren(...(items.length > 0 ? items : [el("li", { class: "muted-text" }, empty)]));
}
