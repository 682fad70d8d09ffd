import { signal, type ReadonlySignal } from "@preact/signals";
import {
  SfuError,
  type ChatMessage,
  type Publication,
  type RemoteParticipant,
  type Room,
  type RoomEvents,
  type RoomState,
  type SelfInfo,
  type Slot,
  type Ticket,
  type TimerView,
  type Waiting,
} from "../../sdk/index.js";

export interface Status {
  readonly state: RoomState;
  readonly attempt: number;
  readonly maxAttempts: number;
}

/** What components show of a room: its contents as signals, each read anew with the events that may change it. */
export class RoomView {
  readonly room: Room;
  readonly name: ReadonlySignal<string>;
  readonly status: ReadonlySignal<Status>;
  readonly self: ReadonlySignal<SelfInfo | undefined>;
  readonly displayName: ReadonlySignal<string>;
  readonly moderates: ReadonlySignal<boolean>;
  readonly locked: ReadonlySignal<boolean>;
  /** The others, in the order in which they came. */
  readonly participants: ReadonlySignal<readonly RemoteParticipant[]>;
  readonly slots: ReadonlySignal<readonly Slot[]>;
  readonly publications: ReadonlySignal<readonly Publication[]>;
  readonly speaking: ReadonlySignal<ReadonlySet<string>>;
  /** Of connections, 0 to 5, by participant. */
  readonly quality: ReadonlySignal<ReadonlyMap<string, number>>;
  readonly messages: ReadonlySignal<readonly ChatMessage[]>;
  readonly waiting: ReadonlySignal<Waiting | undefined>;
  readonly queue: ReadonlySignal<readonly Ticket[]>;
  /** As of the last event; `room.timer` is as of now. */
  readonly timer: ReadonlySignal<TimerView | undefined>;
  /** What is wrong with sound and picture. */
  readonly mediaError: ReadonlySignal<SfuError | undefined>;
  readonly #stops: (() => void)[] = [];

  constructor(room: Room) {
    this.room = room;
    const moved = ["joined", "switched"] as const;
    this.name = this.#mirror(() => room.name, [...moved, "state"]);
    this.self = this.#mirror(() => room.self, [...moved, "self"]);
    this.displayName = this.#mirror(() => room.displayName, [...moved, "self"]);
    this.moderates = this.#mirror(() => room.moderates, [...moved, "self"]);
    this.locked = this.#mirror(() => room.locked, [...moved, "room"]);
    this.participants = this.#mirror(
      () => room.participants,
      [
        ...moved,
        "participantJoined",
        "participantUpdated",
        "participantLeft",
        "trackPublished",
        "trackUnpublished",
        "trackMuted",
      ],
    );
    this.slots = this.#mirror(() => room.slots, [...moved, "slot"]);
    this.publications = this.#mirror(() => room.publications, [...moved, "local"]);
    this.quality = this.#mirror(() => {
      const ids = [room.self?.id ?? "", ...room.participants.map(({ id }) => id)];
      return new Map(ids.flatMap((id) => entry(id, room.qualityOf(id))));
    }, [...moved, "quality"]);
    this.waiting = this.#mirror(() => room.waiting, ["waiting", "resumed"]);
    this.queue = this.#mirror(() => room.queue, [...moved, "queue"]);
    this.timer = this.#mirror(() => room.timer, [...moved, "timer", "timerWarning", "timerEnded"]);

    const status = signal<Status>({ state: room.state, attempt: 0, maxAttempts: 0 });
    const speaking = signal<ReadonlySet<string>>(new Set());
    const mediaError = signal<SfuError | undefined>(undefined);
    const messages = signal(room.chat.messages);
    const readMessages = () => (messages.value = room.chat.messages);
    this.status = status;
    this.speaking = speaking;
    this.mediaError = mediaError;
    this.messages = messages;
    this.#stops.push(
      room.on("state", (now) => (status.value = now)),
      room.on("speakers", (list) => (speaking.value = new Set(list.map(({ participantId }) => participantId)))),
      room.on("switched", () => (speaking.value = new Set())),
      room.on("media", ({ state, error }) => {
        if (state === "connected") mediaError.value = undefined;
        else if (state === "interrupted") mediaError.value = new SfuError("ice_failed", state);
        else if (error) mediaError.value = error;
      }),
      room.chat.on("message", readMessages),
      room.chat.on("history", readMessages),
    );
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  /** Whether the token allows it, such as `chat` or `publish.camera`; a server that does not say allows all. */
  may(permission: string): boolean {
    return this.self.value?.permissions?.includes(permission) ?? true;
  }

  publication(source: Publication["source"]): Publication | undefined {
    return this.publications.value.find((publication) => publication.source === source);
  }

  slotOf(participantId: string, source: Publication["source"]): Slot | undefined {
    return this.slots.value.find((slot) => slot.participantId === participantId && slot.source === source);
  }

  /** Of whoever is in the room, oneself as well; `undefined` for one who has gone. */
  nameOf(participantId: string): string | undefined {
    if (participantId === this.self.value?.id) return this.displayName.value;
    return this.participants.value.find(({ id }) => id === participantId)?.displayName;
  }

  #mirror<T>(read: () => T, types: readonly (keyof RoomEvents)[]): ReadonlySignal<T> {
    const mirror = signal(read());
    for (const type of types) this.#stops.push(this.room.on(type, () => (mirror.value = read())));
    return mirror;
  }
}

function entry(id: string, level: number | undefined): [string, number][] {
  return level === undefined ? [] : [[id, level]];
}
