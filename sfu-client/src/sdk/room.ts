import type { MediaOptions } from "./codecs.js";
import { Emitter } from "./emitter.js";
import { layersOf } from "./encodings.js";
import { SfuError } from "./errors.js";
import { silent, type LogSink } from "./log.js";
import { MediaConnection, type MediaState } from "./media-connection.js";
import { browserPlatform, type Cancel, type Platform } from "./platform.js";
import type {
  HelloReply,
  JoinReply,
  SelfInfo,
  ServerEvent,
  ServerNotice,
  SlotCounts,
  Speaker,
  TrackSource,
  ViewData,
} from "./protocol.js";
import { announcement, Publisher, type Publication } from "./publisher.js";
import { FIRST_CONNECT, listedDelays, RECONNECT, type RetryPolicy } from "./retry-policy.js";
import { Roster, type RemoteParticipant, type RemoteTrack } from "./roster.js";
import { SignalChannel, type ConnectionMetrics, type TokenSource } from "./signal-channel.js";
import { Slots, type Slot } from "./slots.js";
import { NOTHING_RECEIVED, type CandidatePair, type RoomStats } from "./stats.js";
import { Viewer } from "./viewer.js";

export interface RoomOptions extends MediaOptions {
  /** The server's `/v1/signal`, as `wss://…`; `ws://` only on loopback. */
  url: string;
  room: string;
  displayName: string;
  attributes?: Record<string, string>;
  token?: TokenSource;
  /** How many streams can be received at once, at most what the server allows; when not given what it says, 4 videos at most on mobile. */
  slots?: SlotCounts;
  reconnect?: RetryPolicy;
  log?: LogSink;
  platform?: Platform;
}

export type RoomState = "idle" | "joining" | "joined" | "reconnecting" | "left";

export interface RoomEvents {
  /** `attempt` and `maxAttempts` come with `reconnecting`, and with the first connection when it needs more than one. */
  state: { state: RoomState; attempt: number; maxAttempts: number };
  /** The room was entered: everything read from the room before is out of date. */
  joined: { self: SelfInfo; again: boolean };
  /** The connection is back and nothing was missed. */
  resumed: { attempts: number };
  participantJoined: RemoteParticipant;
  participantUpdated: RemoteParticipant;
  participantLeft: { participant: RemoteParticipant; reason: string };
  trackPublished: { participant: RemoteParticipant; track: RemoteTrack };
  trackUnpublished: { participant: RemoteParticipant; trackId: string };
  trackMuted: { participant: RemoteParticipant; trackId: string; muted: boolean };
  slot: Slot;
  speakers: readonly Speaker[];
  /** A local track was published, changed or unpublished; `ended` when its device or the user's browser ended it. */
  local: { source: TrackSource; publication: Publication | undefined; ended: boolean };
  media: { state: MediaState; error: SfuError | undefined };
  notice: ServerNotice;
  /** The visit is over; `error` says why unless `leave()` ended it. */
  left: { error: SfuError | undefined };
}

/** Counters of one visit, for tests and support. */
export interface Diagnostics extends Readonly<ConnectionMetrics> {
  readonly state: RoomState;
  readonly sessionId: string | undefined;
  readonly participantId: string | undefined;
  readonly mediaState: MediaState | undefined;
  /** 1 unless a lost session or a failed media connection made a second join necessary. */
  readonly offersCreated: number;
  readonly peerConnectionsCreated: number;
  readonly peerConnectionsClosed: number;
  readonly rejoins: number;
  readonly rttMs: number | undefined;
  readonly clockOffsetMs: number | undefined;
}

/** Until a server has said what it wants and allows. */
const DEFAULT_SLOTS: SlotCounts = { audio: 3, video: 9 };
/** What a phone decodes and has room to show. */
const MOBILE_VIDEO_SLOTS = 4;
const JOIN_TIMEOUT_MS = 15_000;
/** Between joins that replace a failed media connection; the last delay repeats for as long as it fails. */
const MEDIA_RETRY = listedDelays([0, 1000, 4000, 10_000, 30_000]);

/**
 * A visit to a room, from `join()` to `leave()`. One WebSocket and one RTCPeerConnection carry all of it; a lost socket is
 * resumed, and only a lost session or a failed media connection is replaced by joining again.
 */
export class Room {
  readonly name: string;
  readonly #options: RoomOptions;
  readonly #platform: Platform;
  readonly #log: LogSink;
  readonly #events = new Emitter<RoomEvents>();
  readonly #signal: SignalChannel;
  readonly #publisher = new Publisher();
  readonly #viewer: Viewer;
  readonly #roster = new Roster();
  readonly #slots = new Slots();
  #slotCounts: SlotCounts;
  readonly #trackEnds = new Map<TrackSource, Cancel>();
  #state: RoomState = "idle";
  #self: SelfInfo | undefined;
  #media: MediaConnection | undefined;
  /** Each try to enter has its number, so that one overtaken by a newer one stops by itself. */
  #entry = 0;
  /** Events that come while a join is under way belong after its reply; `undefined` when none is. */
  #held: ServerEvent[] | undefined;
  #attempts = 0;
  #mediaFailures = 0;
  #stopRetry: Cancel | undefined;
  #joining: { resolve: () => void; reject: (error: SfuError) => void } | undefined;
  #offersCreated = 0;
  #peerConnectionsCreated = 0;
  #peerConnectionsClosed = 0;
  #rejoins = 0;

  /** @throws RangeError when the codec cannot be sent in the wished layers */
  constructor(options: RoomOptions) {
    layersOf(options);
    this.name = options.room;
    this.#options = options;
    this.#platform = options.platform ?? browserPlatform();
    this.#log = options.log ?? silent;
    this.#slotCounts = this.#slotsFor(undefined);
    this.#signal = new SignalChannel({
      url: options.url,
      token: options.token,
      firstConnect: FIRST_CONNECT,
      reconnect: options.reconnect ?? RECONNECT,
      platform: this.#platform,
      log: this.#log,
    });
    this.#viewer = new Viewer(this.#platform.clock, (wish) => this.#sendView(wish));
    this.#signal.on("welcome", ({ resumed, limits }) => this.#welcome(resumed, limits));
    this.#signal.on("reconnecting", ({ attempt, maxAttempts }) => this.#reconnecting(attempt, maxAttempts));
    this.#signal.on("event", (event) => (this.#held ? void this.#held.push(event) : this.#apply(event)));
    this.#signal.on("closed", (error) => this.#end(error));
  }

  on<K extends keyof RoomEvents>(type: K, listener: (payload: RoomEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  get state(): RoomState {
    return this.#state;
  }

  /** This participant; `undefined` before the first join. */
  get self(): SelfInfo | undefined {
    return this.#self;
  }

  get displayName(): string {
    return this.#self?.displayName ?? this.#options.displayName;
  }

  /** The others. */
  get participants(): RemoteParticipant[] {
    return this.#roster.all();
  }

  get slots(): Slot[] {
    return this.#slots.all();
  }

  /** What is offered to receive in; the server's limits count in it once the connection is open. */
  get slotCounts(): Readonly<SlotCounts> {
    return this.#slotCounts;
  }

  get publications(): Publication[] {
    return this.#publisher.all();
  }

  get metrics(): Readonly<ConnectionMetrics> {
    return this.#signal.metrics;
  }

  slotOf(participantId: string, source: TrackSource): Slot | undefined {
    return this.#slots.of(participantId, source);
  }

  publication(source: TrackSource): Publication | undefined {
    return this.#publisher.find(source);
  }

  /** Resolves when the room was entered; rejects with the reason when it was not, and the visit is over then. */
  async join(): Promise<void> {
    if (this.#state !== "idle") throw new Error(`join() in state ${this.#state}: a Room is one visit.`);
    this.#become("joining");
    const joined = new Promise<void>((resolve, reject) => (this.#joining = { resolve, reject }));
    // What goes wrong here arrives as the channel's `closed` event, which rejects `joined`.
    this.#signal.connect().catch(() => undefined);
    return joined;
  }

  /** Ends the visit: the server keeps nothing, and the published tracks are stopped. May be called at any time. */
  leave(): void {
    if (this.#state === "idle") this.#end(undefined);
    this.#signal.close();
  }

  /** Publishes a track, or changes the one published from this source. Before `join()` it is published with the join. */
  async publish(
    source: TrackSource,
    track: MediaStreamTrack,
    { muted = false, label = "" }: { muted?: boolean; label?: string } = {},
  ): Promise<void> {
    this.#requireVisit();
    this.#watchEnd(source, track);
    await this.#change(source, this.#publisher.put({ source, track, muted, label }));
  }

  /** Keeps the track published but silent or black; does nothing when nothing is published. */
  async mute(source: TrackSource, muted: boolean): Promise<void> {
    const publication = this.#publisher.find(source);
    if (!publication || publication.muted === muted) return;
    await this.#change(source, this.#publisher.put({ ...publication, muted }));
  }

  /** Takes the track back and stops it, which also turns off a camera's light. */
  async unpublish(source: TrackSource): Promise<void> {
    await this.#unpublish(source, false);
  }

  /**
   * Says what this viewer wants to see; the whole wish each time. Never calling it leaves the choice to the server. Sent
   * after 250 ms without another wish, or at once, and only when it differs from the last: in sizes, by more than a tenth.
   */
  view(wish: ViewData, { atOnce = false }: { atOnce?: boolean } = {}): void {
    this.#viewer.want(wish, atOnce);
  }

  selectedCandidatePair(): Promise<CandidatePair | undefined> {
    return this.#media?.selectedCandidatePair() ?? Promise.resolve(undefined);
  }

  /** What the browser measured of this connection: each slot, and each encoding sent. Empty before `join()`. */
  async stats(): Promise<RoomStats> {
    const measured = await this.#media?.stats();
    return {
      slots: this.slots.map(({ mid, kind, state, participantId, source }) => ({
        ...{ mid, kind, state, participantId, source },
        ...(measured?.received.get(mid) ?? NOTHING_RECEIVED),
      })),
      encodings: measured?.encodings ?? [],
      availableOutgoingBps: measured?.availableOutgoingBps,
      rttMs: measured?.rttMs,
    };
  }

  diagnostics(): Diagnostics {
    return {
      ...this.#signal.metrics,
      state: this.#state,
      sessionId: this.#signal.sessionId,
      participantId: this.#self?.id,
      mediaState: this.#media?.state,
      offersCreated: this.#offersCreated,
      peerConnectionsCreated: this.#peerConnectionsCreated,
      peerConnectionsClosed: this.#peerConnectionsClosed,
      rejoins: this.#rejoins,
      rttMs: this.#signal.rttMs,
      clockOffsetMs: this.#signal.clockOffsetMs,
    };
  }

  #slotsFor(limits: HelloReply["limits"]): SlotCounts {
    const { slots: wish } = this.#options;
    const { audioSlots, videoSlots } = limits ?? {};
    const video = videoSlots?.initial ?? DEFAULT_SLOTS.video;
    return {
      audio: Math.min(wish?.audio ?? audioSlots?.initial ?? DEFAULT_SLOTS.audio, audioSlots?.most ?? Infinity),
      video: Math.min(
        wish?.video ?? (this.#platform.mobile ? Math.min(video, MOBILE_VIDEO_SLOTS) : video),
        videoSlots?.most ?? Infinity,
      ),
    };
  }

  #welcome(resumed: boolean, limits: HelloReply["limits"]): void {
    // A resumed session has the media connection, and so the slots, that it had.
    if (!resumed) this.#slotCounts = this.#slotsFor(limits);
    const attempts = this.#attempts;
    this.#attempts = 0;
    if (resumed && this.#self && !this.#held && this.#media && this.#media.state !== "failed") {
      this.#become("joined");
      this.#events.emit("resumed", { attempts });
      this.#settlePublications();
      void this.#viewer.resend();
      return;
    }
    // Also for a session that lives while the reply to its join was lost: who knows whether it is inside.
    void this.#enter(resumed);
  }

  #reconnecting(attempt: number, maxAttempts: number): void {
    this.#attempts = attempt;
    this.#stopRetry?.();
    this.#become(this.#self ? "reconnecting" : "joining", attempt, maxAttempts);
  }

  /** Joins with a fresh media connection; first leaves when the session may still be inside. */
  async #enter(leaveFirst: boolean): Promise<void> {
    const entry = ++this.#entry;
    const current = () => entry === this.#entry && this.#state !== "left";
    this.#stopRetry?.();
    this.#held = [];
    this.#closeMedia();
    try {
      if (leaveFirst) await this.#leaveRoom();
      if (!current()) return;
      const media = this.#openMedia();
      const announced = await this.#publisher.fill(media);
      const sdp = await media.offer();
      this.#offersCreated++;
      if (!current()) return;
      const reply = await this.#signal.request(
        "join",
        {
          room: this.name,
          displayName: this.#options.displayName,
          attributes: this.#options.attributes ?? {},
          sdp,
          tracks: announced.map((publication) => announcement(publication, media.mid(publication.source))),
          slots: this.#slotCounts,
        },
        JOIN_TIMEOUT_MS,
      );
      if (!current()) return;
      if (reply.status !== "joined") throw new SfuError("unexpected", `The server answered join with ${reply.status}.`);
      await media.accept(reply.sdp);
      if (!current()) return;
      this.#entered(reply, media, announced);
    } catch (thrown) {
      if (current()) this.#notEntered(SfuError.from(thrown));
    }
  }

  #entered(reply: JoinReply, media: MediaConnection, announced: readonly Publication[]): void {
    const again = this.#self !== undefined;
    if (again) this.#rejoins++;
    this.#self = reply.self;
    this.#slots.reset(media.sections());
    const gone = new Set(this.#roster.all().map(({ id }) => id));
    for (const info of reply.participants) {
      gone.delete(info.id);
      this.#roster.put(info);
    }
    for (const id of gone) this.#roster.remove(id);
    this.#log("info", "room.joined", { room: reply.room.id, participant: reply.self.id, again });
    this.#publisher.attach(
      {
        mid: (source) => media.mid(source),
        replaceTrack: (source, track) => media.replaceTrack(source, track),
        update: (data) => this.#signal.request("track.update", data),
      },
      announced,
    );
    this.#become("joined");
    this.#events.emit("joined", { self: reply.self, again });
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#apply(event);
    this.#settlePublications();
    void this.#viewer.resend();
    this.#joining?.resolve();
    this.#joining = undefined;
    if (media.state === "failed") this.#mediaChanged(media, "failed", undefined);
  }

  #notEntered(error: SfuError): void {
    this.#log("warn", "room.not_joined", { code: error.code, message: error.message });
    // The channel is reconnecting, and its next welcome enters again.
    if (error.code === "connection_lost") return;
    if (this.#self && error.retryable) {
      this.#retryEntering(error.retryAfterMs ?? 0);
      return;
    }
    this.#end(error);
    this.#signal.close();
  }

  async #leaveRoom(): Promise<void> {
    try {
      await this.#signal.request("leave", {});
    } catch (thrown) {
      const error = SfuError.from(thrown);
      if (error.code !== "not_in_room") throw error;
    }
  }

  #openMedia(): MediaConnection {
    const media = new MediaConnection(
      this.#platform,
      this.#signal.iceServers,
      this.#slotCounts,
      this.#options,
      this.#log,
    );
    this.#peerConnectionsCreated++;
    this.#media = media;
    media.on("state", ({ state, error }) => this.#mediaChanged(media, state, error));
    return media;
  }

  #closeMedia(): void {
    if (!this.#media) return;
    this.#publisher.detach();
    const media = this.#media;
    this.#media = undefined;
    this.#peerConnectionsClosed++;
    media.close();
  }

  #mediaChanged(media: MediaConnection, state: MediaState, error: SfuError | undefined): void {
    if (media !== this.#media) return;
    this.#events.emit("media", { state, error });
    if (state === "connected") this.#mediaFailures = 0;
    // While a join is under way or the signalling is down, their own end comes back to this.
    if (state === "failed" && !this.#held && this.#signal.open) this.#retryEntering(0);
  }

  #retryEntering(atLeastMs: number): void {
    this.#mediaFailures = Math.min(this.#mediaFailures + 1, MEDIA_RETRY.maxAttempts);
    const delayMs = MEDIA_RETRY.delayMs(this.#mediaFailures, () => this.#platform.random()) ?? 0;
    this.#stopRetry?.();
    this.#stopRetry = this.#platform.clock.after(Math.max(delayMs, atLeastMs), () => {
      if (this.#signal.open) void this.#enter(true);
    });
  }

  #apply(event: ServerEvent): void {
    switch (event.type) {
      case "slots":
        for (const slot of this.#slots.apply(event.data.changes)) this.#events.emit("slot", slot);
        break;
      case "layers":
        this.#media?.sendLayers(event.data.mid, event.data.active);
        break;
      case "participant.joined":
      case "participant.updated": {
        if (event.data.participant.id === this.#self?.id) break;
        const { participant, added } = this.#roster.put(event.data.participant);
        this.#events.emit(added ? "participantJoined" : "participantUpdated", participant);
        break;
      }
      case "participant.left": {
        const participant = this.#roster.remove(event.data.participantId);
        if (participant) this.#events.emit("participantLeft", { participant, reason: event.data.reason });
        break;
      }
      case "track.published": {
        const { participantId, track } = event.data;
        const participant = this.#roster.putTrack(participantId, track);
        const published = participant?.tracks.find(({ trackId }) => trackId === track.trackId);
        if (participant && published) this.#events.emit("trackPublished", { participant, track: published });
        break;
      }
      case "track.unpublished": {
        const { participantId, trackId } = event.data;
        const participant = this.#roster.removeTrack(participantId, trackId);
        if (participant) this.#events.emit("trackUnpublished", { participant, trackId });
        break;
      }
      case "track.muted": {
        const { participantId, trackId, muted } = event.data;
        const participant = this.#roster.muteTrack(participantId, trackId, muted);
        if (participant) this.#events.emit("trackMuted", { participant, trackId, muted });
        break;
      }
      case "speakers":
        this.#events.emit("speakers", event.data.list);
        break;
      case "server.notice":
        this.#events.emit("notice", event.data);
        break;
    }
  }

  async #change(source: TrackSource, change: Promise<void>): Promise<void> {
    this.#emitLocal(source, false);
    try {
      await change;
    } catch (thrown) {
      this.#emitLocal(source, false);
      throw thrown;
    }
  }

  async #unpublish(source: TrackSource, ended: boolean): Promise<void> {
    const publication = this.#publisher.find(source);
    if (!publication) return;
    this.#trackEnds.get(source)?.();
    this.#trackEnds.delete(source);
    publication.track.stop();
    const removed = this.#publisher.remove(source);
    this.#emitLocal(source, ended);
    await removed;
  }

  #emitLocal(source: TrackSource, ended: boolean): void {
    this.#events.emit("local", { source, publication: this.#publisher.find(source), ended });
  }

  /** A track can end by itself: a device pulled out, or the browser's own "stop sharing". */
  #watchEnd(source: TrackSource, track: MediaStreamTrack): void {
    this.#trackEnds.get(source)?.();
    const ended = () => {
      this.#unpublish(source, true).catch((thrown: unknown) => this.#warn("track.unpublish_failed", thrown));
    };
    track.addEventListener("ended", ended);
    this.#trackEnds.set(source, () => track.removeEventListener("ended", ended));
  }

  #settlePublications(): void {
    this.#publisher.settleAll().catch((thrown: unknown) => {
      this.#warn("track.update_failed", thrown);
      for (const source of this.#trackEnds.keys()) this.#emitLocal(source, false);
    });
  }

  async #sendView(wish: ViewData): Promise<boolean> {
    if (this.#state !== "joined") return false;
    try {
      await this.#signal.request("view", wish);
      return true;
    } catch (thrown) {
      // Seeing less than one wished for is no reason to end a call.
      this.#warn("view.failed", thrown);
      return false;
    }
  }

  #warn(event: string, thrown: unknown): void {
    const { code, message } = SfuError.from(thrown);
    this.#log("warn", event, { code, message });
  }

  #requireVisit(): void {
    if (this.#state === "left") throw new SfuError("left", "The visit is over: make a new Room.");
  }

  #become(state: RoomState, attempt = 0, maxAttempts = 0): void {
    if (this.#state === "left") return;
    if (state === this.#state && attempt === 0) return;
    this.#state = state;
    this.#log("debug", "room.state", { state, attempt });
    this.#events.emit("state", { state, attempt, maxAttempts });
  }

  #end(error: SfuError | undefined): void {
    if (this.#state === "left") return;
    this.#become("left");
    this.#stopRetry?.();
    this.#viewer.stop();
    this.#closeMedia();
    for (const cancel of this.#trackEnds.values()) cancel();
    for (const { track } of this.#publisher.all()) track.stop();
    this.#joining?.reject(error ?? new SfuError("left", "Left before the room was entered."));
    this.#joining = undefined;
    this.#events.emit("left", { error });
  }
}
