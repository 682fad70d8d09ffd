import { SfuError } from "./errors.js";
import type { LocalTracks } from "./local-tracks.js";
import type { LogSink } from "./log.js";
import type { MediaConnection } from "./media-connection.js";
import type { Cancel, Platform } from "./platform.js";
import type {
  AnnouncedTrack,
  EnteredReply,
  EntryData,
  JoinedReply,
  QueuedReply,
  QueueUpdate,
  ServerEvent,
} from "./protocol.js";
import { announcement, type Publication, type PublisherWire } from "./publisher.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { RoomMedia } from "./room-media.js";
import type { SignalChannel } from "./signal-channel.js";

/** What a visit does when it gets in, has to wait, or is refused. */
export interface Hall {
  /** Whether the visit is not over. */
  open(): boolean;
  /** Who one is, and where one wants to go. */
  entry(): Omit<EntryData, "tracks" | "admitToken">;
  entered(reply: JoinedReply, media: MediaConnection, again: boolean): void;
  /** In another room, with the media connection of before; `password` opened it. */
  switched(reply: EnteredReply, password: string | undefined): void;
  /** After what came while entering. */
  ready(): void;
  waits(update: QueueUpdate): void;
  /** For good. */
  refused(error: SfuError): void;
  /** Events come after the reply that they belong behind. */
  apply(event: ServerEvent): void;
}

/** What there is to work with. */
export interface EntranceParts {
  readonly platform: Platform;
  readonly signal: SignalChannel;
  readonly media: RoomMedia;
  readonly tracks: LocalTracks;
  readonly retry: RetryPolicy;
  readonly log: LogSink;
  readonly hall: Hall;
}

const JOIN_TIMEOUT_MS = 15_000;

/** The way into a room, as often as it has to be gone: with a new media connection each time, by the queue where there is one. */
export class Entrance {
  readonly #parts: EntranceParts;
  /** What the server holds for this visit, whatever became of the connection. */
  #place: "none" | "waiting" | "inside" = "none";
  /** Each has its number, so that one overtaken by a newer one stops by itself. */
  #attempt = 0;
  #entering = false;
  /** Events that come while a join is under way; `undefined` when none is. */
  #held: ServerEvent[] | undefined;
  #refusals = 0;
  #everInside = false;
  #rejoins = 0;
  #stopRetry: Cancel | undefined;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  get place(): "none" | "waiting" | "inside" {
    return this.#place;
  }

  get entering(): boolean {
    return this.#entering;
  }

  /** Times that the room was entered after the first. */
  get rejoins(): number {
    return this.#rejoins;
  }

  event(event: ServerEvent): void {
    if (this.#held) this.#held.push(event);
    else this.#parts.hall.apply(event);
  }

  /** In a room that the session is in already, the new media connection replaces the one of before. */
  async enter(admitToken?: string): Promise<void> {
    const { media: roomMedia, tracks, signal, hall } = this.#parts;
    const attempt = ++this.#attempt;
    const current = () => attempt === this.#attempt && hall.open();
    this.stop();
    this.#entering = true;
    this.#held = [];
    this.#closeMedia();
    try {
      const entry = hall.entry();
      const media = roomMedia.open(entry.slots);
      const announced = await tracks.publisher.fill(media);
      const sdp = await roomMedia.offer(media);
      if (!current()) return;
      const data = {
        ...entry,
        tracks: announcements(announced, media),
        ...(admitToken !== undefined && { admitToken }),
      };
      const reply = await signal.request("join", { ...data, sdp }, JOIN_TIMEOUT_MS);
      if (!current()) return;
      if (reply.status === "queued") {
        this.queue(reply);
        return;
      }
      await roomMedia.accept(media, reply.sdp, reply.gen);
      if (current()) this.#entered(reply, media, announced);
    } catch (thrown) {
      if (current()) await this.#notEntered(SfuError.from(thrown), admitToken);
    }
  }

  /** The room is full or needs approval, or a moderator sent us back: connected, without media. */
  queue(update: QueueUpdate): void {
    this.#entering = false;
    this.#attempt++;
    this.#place = "waiting";
    this.#closeMedia();
    this.#parts.hall.waits(update);
    this.#release();
  }

  /**
   * Asks for another room, with the media connection that there is. Whatever became of the wish meanwhile: the server has
   * moved this visit when it says so.
   */
  async goOver(room: string, extra: Pick<EntryData, "password" | "admitToken">): Promise<QueuedReply | EnteredReply> {
    const { signal, tracks, hall } = this.#parts;
    const media = this.#parts.media.current;
    if (!media) throw new SfuError("not_in_room", "There is no media connection now.", { retryable: true });
    const announced = tracks.publisher.all();
    const { displayName, attributes, slots } = hall.entry();
    const data = { room, displayName, attributes, slots, tracks: announcements(announced, media), ...extra };
    const reply = await signal.request("room.switch", data, JOIN_TIMEOUT_MS);
    if (reply.status === "joined" && media === this.#parts.media.current) {
      this.#attach(reply, media, announced);
      hall.switched(reply, extra.password);
    }
    return reply;
  }

  /** Plans no other attempt. */
  stop(): void {
    this.#stopRetry?.();
  }

  #entered(reply: JoinedReply, media: MediaConnection, announced: readonly Publication[]): void {
    const again = this.#everInside;
    if (again) this.#rejoins++;
    this.#everInside = true;
    this.#place = "inside";
    this.#refusals = 0;
    this.#attach(reply, media, announced);
    this.#parts.hall.entered(reply, media, again);
    this.#release();
    this.#parts.hall.ready();
    this.#parts.media.settle(media);
  }

  /** From now on tracks go over this connection, and the server is told of each change. */
  #attach({ self }: EnteredReply, media: MediaConnection, announced: readonly Publication[]): void {
    const { tracks, signal } = this.#parts;
    tracks.knowAll(self.tracks ?? []);
    const wire: PublisherWire = {
      mid: (source) => media.mid(source),
      replaceTrack: (source, track) => media.replaceTrack(source, track),
      update: async (data) => {
        const { trackId } = await signal.request("track.update", data);
        if (trackId !== undefined) tracks.know(trackId, data.source);
      },
    };
    tracks.publisher.attach(wire, announced);
  }

  #release(): void {
    this.#entering = false;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#parts.hall.apply(event);
  }

  async #notEntered(error: SfuError, admitToken: string | undefined): Promise<void> {
    const { signal, hall, log } = this.#parts;
    log("warn", "room.not_entered", { code: error.code, message: error.message });
    this.#entering = false;
    // The channel is reconnecting, and its next welcome enters again.
    if (error.code === "connection_lost") return;
    const attempt = this.#attempt;
    // A server that does not replace the media of before.
    const twice = error.code === "already_joined";
    if (twice) {
      await signal.request("leave", {}).catch((thrown: unknown) => {
        log("warn", "room.leave_failed", { code: SfuError.from(thrown).code });
      });
      if (attempt !== this.#attempt) return;
    }
    const delayMs =
      twice || ((this.#everInside || this.#place === "waiting") && error.retryable)
        ? this.#nextDelayMs(error)
        : undefined;
    if (delayMs === undefined) {
      hall.refused(error);
      return;
    }
    this.#stopRetry = this.#parts.platform.clock.after(Math.max(delayMs, error.retryAfterMs ?? 0), () => {
      if (signal.open) void this.enter(admitToken);
    });
  }

  #nextDelayMs(error: SfuError): number | undefined {
    const { retry, platform } = this.#parts;
    return retry.delayMs(++this.#refusals, () => platform.random(), error);
  }

  #closeMedia(): void {
    this.#parts.tracks.publisher.detach();
    this.#parts.media.close();
  }
}

function announcements(published: readonly Publication[], media: MediaConnection): AnnouncedTrack[] {
  return published.map((publication) => announcement(publication, media.mid(publication.source)));
}
