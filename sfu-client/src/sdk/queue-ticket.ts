import { SfuError } from "./errors.js";
import type { EventHandlers, QueueUpdate } from "./protocol.js";
import type { Waiting } from "./room-events.js";

/** The two ways that a queue may stand in. */
export interface QueuedWays {
  place(): "none" | "waiting" | "inside";
  enter(admitToken: string): void;
  /** A moderator sent us back to the queue. */
  sentBack(update: QueueUpdate): void;
  refused(error: SfuError): void;
  readonly other: { readonly waiting: boolean; admitted(admitToken: string): void; fail(error: SfuError): void };
}

/** One's own place in a queue, at the door or, from inside of a room, on the way to another one (`other`). */
export class QueueTicket {
  readonly #ways: QueuedWays;
  readonly #changed: (waiting: Waiting | undefined) => void;
  #waiting: Waiting | undefined;

  constructor(ways: QueuedWays, changed: (waiting: Waiting | undefined) => void) {
    this.#ways = ways;
    this.#changed = changed;
  }

  get waiting(): Waiting | undefined {
    return this.#waiting;
  }

  /** @param update `undefined` when the waiting is over */
  show(update: QueueUpdate | undefined): void {
    if (!update && !this.#waiting) return;
    this.#waiting = update && {
      ticket: update.ticket,
      message: update.message ?? this.#waiting?.message,
      paused: update.paused === true,
    };
    this.#changed(this.#waiting);
  }

  handlers() {
    return {
      "queue.update": (update) => this.#update(update),
      "queue.admitted": ({ admitToken }) => {
        if (this.#ways.place() === "waiting") this.#ways.enter(admitToken);
        else this.#ways.other.admitted(admitToken);
      },
      "queue.denied": ({ reason, text }) => this.#denied(reason, text),
    } satisfies Partial<EventHandlers>;
  }

  #update(update: QueueUpdate): void {
    const { state } = update.ticket;
    const place = this.#ways.place();
    if (state === "denied" || state === "expired") this.#denied(state, update.message);
    else if (place === "waiting" || this.#ways.other.waiting) this.show(update);
    else if (place === "inside" && state === "waiting") this.#ways.sentBack(update);
  }

  #denied(reason: string | undefined, text: string | undefined): void {
    const code = reason === "expired" ? "ticket_expired" : "queue_denied";
    const error = new SfuError(code, "The queue did not let us in.", { text });
    if (this.#ways.place() === "waiting") this.#ways.refused(error);
    else this.#ways.other.fail(error);
  }
}
