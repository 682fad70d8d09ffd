import type { Emitter } from "./emitter.js";
import type { EventHandlers, ParticipantInfo, RoomInfo, SelfInfo, Ticket } from "./protocol.js";
import type { RoomEvents } from "./room-events.js";
import { Roster } from "./roster.js";
import { Slots } from "./slots.js";

const REACTION = "reaction";

/** Who and what is in the room, as the join reply and the events after it say. */
export class RoomContents {
  readonly roster = new Roster();
  readonly slots = new Slots();
  /** Of connections, by participant. */
  readonly quality = new Map<string, number>();
  readonly #events: Emitter<RoomEvents>;
  readonly #mutedByOther: (trackId: string) => void;
  self: SelfInfo | undefined;
  room: RoomInfo | undefined;
  queue: readonly Ticket[] = [];

  /** @param mutedByOther told when a moderator mutes one's own track */
  constructor(events: Emitter<RoomEvents>, mutedByOther: (trackId: string) => void) {
    this.#events = events;
    this.#mutedByOther = mutedByOther;
  }

  replace(room: RoomInfo, self: SelfInfo, participants: readonly ParticipantInfo[]): void {
    this.room = room;
    this.self = self;
    this.queue = [];
    this.roster.replace(participants);
    this.quality.clear();
  }

  /** What to do about each event that is about the contents. */
  handlers() {
    const events = this.#events;
    const participant = ({ participant: info }: { participant: ParticipantInfo }) => this.#participant(info);
    return {
      slots: ({ changes }) => {
        for (const slot of this.slots.apply(changes)) events.emit("slot", slot);
      },
      "participant.joined": participant,
      "participant.updated": participant,
      "participant.left": ({ participantId, reason }) => {
        this.quality.delete(participantId);
        const gone = this.roster.remove(participantId);
        if (gone) events.emit("participantLeft", { participant: gone, reason });
      },
      "track.published": ({ participantId, track }) => {
        const owner = this.roster.putTrack(participantId, track);
        const published = owner?.tracks.find(({ trackId }) => trackId === track.trackId);
        if (owner && published) events.emit("trackPublished", { participant: owner, track: published });
      },
      "track.unpublished": ({ participantId, trackId }) => {
        const owner = this.roster.removeTrack(participantId, trackId);
        if (owner) events.emit("trackUnpublished", { participant: owner, trackId });
      },
      "track.muted": ({ participantId, trackId, muted }) => {
        if (participantId === this.self?.id) {
          if (muted) this.#mutedByOther(trackId);
          return;
        }
        const owner = this.roster.muteTrack(participantId, trackId, muted);
        if (owner) events.emit("trackMuted", { participant: owner, trackId, muted });
      },
      speakers: ({ list }) => events.emit("speakers", list),
      quality: ({ updates }) => {
        for (const { participantId, level } of updates) this.quality.set(participantId, level);
        events.emit("quality", updates);
      },
      "room.updated": (changes) => {
        if (!this.room) return;
        this.room = { ...this.room, ...changes };
        events.emit("room", this.room);
      },
      "queue.list": ({ tickets }) => {
        this.queue = tickets;
        events.emit("queue", tickets);
      },
      "timer.asked": (wish) => events.emit("timeAsked", wish),
      "data.message": ({ from, to, topic, payload }) => {
        if (topic === REACTION) this.reaction(from, payload);
        else events.emit("data", { from, to, topic, payload });
      },
    } satisfies Partial<EventHandlers>;
  }

  static reactionOf(emoji: string): { topic: string; payload: unknown } {
    return { topic: REACTION, payload: { emoji } };
  }

  reaction(participantId: string, payload: unknown): void {
    const emoji = typeof payload === "object" && payload !== null ? (payload as { emoji?: unknown }).emoji : undefined;
    if (typeof emoji === "string") this.#events.emit("reaction", { participantId, emoji });
  }

  #participant(info: ParticipantInfo): void {
    if (info.id === this.self?.id) {
      const { displayName, role = this.self.role, attributes = {} } = info;
      this.self = { ...this.self, displayName, role, attributes };
      this.#events.emit("self", this.self);
      return;
    }
    const { participant, added } = this.roster.put(info);
    this.#events.emit(added ? "participantJoined" : "participantUpdated", participant);
  }
}
