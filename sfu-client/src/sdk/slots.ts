import type { ReceiveSection } from "./media-connection.js";
import type { MediaKind, SlotChange, SlotState, TrackSource } from "./protocol.js";

/** A receive section and whose track the server shows in it now. */
export interface Slot {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly stream: MediaStream;
  readonly state: SlotState;
  readonly participantId: string | undefined;
  readonly trackId: string | undefined;
  readonly source: TrackSource | undefined;
  readonly reason: string | undefined;
}

/**
 * Who is in which slot, as the server's `slots` events say. The receiver's own `track.muted` is of no use here: it turns
 * true long after a source stopped.
 */
export class Slots {
  readonly #byMid = new Map<string, Slot>();

  reset(sections: readonly ReceiveSection[]): void {
    this.#byMid.clear();
    for (const { mid, kind, stream } of sections) this.#byMid.set(mid, { mid, kind, stream, ...EMPTY });
  }

  /** Another room: the sections stay, and nobody is in them. */
  empty(): void {
    for (const [mid, slot] of this.#byMid) this.#byMid.set(mid, { ...slot, ...EMPTY });
  }

  /** @returns the slots that changed; a mid that is no slot is ignored */
  apply(changes: readonly SlotChange[]): Slot[] {
    const changed: Slot[] = [];
    for (const { mid, state, participantId, trackId, source, reason } of changes) {
      const slot = this.#byMid.get(mid);
      if (!slot) continue;
      const next: Slot =
        state === "empty" ? { ...slot, ...EMPTY, reason } : { ...slot, state, participantId, trackId, source, reason };
      this.#byMid.set(mid, next);
      changed.push(next);
    }
    return changed;
  }

  all(): Slot[] {
    return [...this.#byMid.values()];
  }

  /** The slot a participant's source is in, if it is in one. */
  of(participantId: string, source: TrackSource): Slot | undefined {
    return this.all().find((slot) => slot.participantId === participantId && slot.source === source);
  }
}

const EMPTY = {
  state: "empty",
  participantId: undefined,
  trackId: undefined,
  source: undefined,
  reason: undefined,
} as const;
