import { Chat } from "./chat.js";
import type { MediaOptions } from "./codecs.js";
import { Emitter } from "./emitter.js";
import { layersOf } from "./encodings.js";
import { SfuError } from "./errors.js";
import { LocalTracks } from "./local-tracks.js";
import { silent, type LogSink } from "./log.js";
import { MediaConnection, type MediaState } from "./media-connection.js";
import { MediaRecovery } from "./media-recovery.js";
import { Moderation } from "./moderation.js";
import { browserPlatform, type Cancel, type Platform } from "./platform.js";
import type {
  DataSend,
  EnteredReply,
  EntryData,
  EventHandlers,
  HelloReply,
  JoinedReply,
  QueuedReply,
  QueueUpdate,
  SelfInfo,
  ServerEvent,
  SlotCounts,
  Ticket,
  TrackSource,
  ViewData,
} from "./protocol.js";
import { announcement, type Publication } from "./publisher.js";
import { FIRST_CONNECT, listedDelays, RECONNECT, type RetryPolicy } from "./retry-policy.js";
import { RoomContents } from "./room-contents.js";
import type { RoomEvents, RoomState, Waiting } from "./room-events.js";
import { RoomSwitch } from "./room-switch.js";
import type { RemoteParticipant } from "./roster.js";
import { SessionTimer, type TimerView } from "./session-timer.js";
import { SignalChannel, type ConnectionMetrics, type ResumeData, type TokenSource } from "./signal-channel.js";
import { slotCounts } from "./slot-counts.js";
import type { Slot } from "./slots.js";
import { NOTHING_RECEIVED, type CandidatePair, type RoomStats } from "./stats.js";
import { Viewer } from "./viewer.js";

export interface RoomOptions extends MediaOptions {
  /** The server's `/v1/signal`, as `wss://…`; `ws://` only on loopback. */
  url: string;
  room: string;
  displayName: string;
  attributes?: Record<string, string>;
  token?: TokenSource;
  password?: string;
  /** How many streams can be received at once, at most what the server allows; when not given what it says, 4 videos at most on mobile. */
  slots?: SlotCounts;
  /** What `suspend()` gave before a reload. */
  resume?: ResumeData | undefined;
  reconnect?: RetryPolicy;
  log?: LogSink;
  platform?: Platform;
}

/** What became of this visit's connections. */
export interface RoomMetrics extends ConnectionMetrics {
  iceRestarts: number;
}

/** Counters of one visit, for tests and support. */
export interface Diagnostics extends Readonly<RoomMetrics> {
  readonly state: RoomState;
  readonly sessionId: string | undefined;
  /** Of the last event. */
  readonly lastSeq: number;
  readonly participantId: string | undefined;
  readonly mediaState: MediaState | undefined;
  /** Offers made for the server: 1 unless a second join was necessary. An ICE restart sends none. */
  readonly offersCreated: number;
  readonly peerConnectionsCreated: number;
  readonly peerConnectionsClosed: number;
  readonly rejoins: number;
  readonly switches: number;
  readonly rttMs: number | undefined;
  readonly clockOffsetMs: number | undefined;
}

const HAND = "hand";
const JOIN_TIMEOUT_MS = 15_000;
/** Between joins that the server refuses for now; the last delay repeats. */
const ENTER_RETRY = listedDelays([0, 1000, 4000, 10_000, 30_000]);

/**
 * A visit, from `join()` to `leave()`, in one room or in several after each other. One WebSocket and one RTCPeerConnection
 * carry all of it: a lost socket is resumed, a lost path gets an ICE restart, and only a lost session is replaced by joining
 * again.
 */
export class Room {
  readonly chat: Chat;
  readonly moderation: Moderation;
  readonly #options: RoomOptions;
  readonly #platform: Platform;
  readonly #log: LogSink;
  readonly #events = new Emitter<RoomEvents>();
  readonly #signal: SignalChannel;
  readonly #tracks: LocalTracks;
  readonly #viewer: Viewer;
  readonly #contents: RoomContents;
  readonly #timer: SessionTimer;
  readonly #recovery: MediaRecovery;
  readonly #switch: RoomSwitch;
  readonly #handlers: EventHandlers;
  readonly #stopWatchingNetwork: Cancel;
  #name: string;
  #attributes: Record<string, string>;
  #slotCounts: SlotCounts;
  #state: RoomState = "idle";
  /** What the server holds for this visit, whatever became of the connection. */
  #place: "none" | "waiting" | "inside" = "none";
  #waiting: Waiting | undefined;
  #media: MediaConnection | undefined;
  /** Each try to enter has its number, so that one overtaken by a newer one stops by itself. */
  #entry = 0;
  #entering = false;
  /** Events that come while a join is under way belong after its reply; `undefined` when none is. */
  #held: ServerEvent[] | undefined;
  #attempts = 0;
  #refusals = 0;
  #stopRetry: Cancel | undefined;
  #joining: { resolve: () => void; reject: (error: SfuError) => void } | undefined;
  #everInside = false;
  #iceRestarts = 0;
  #mediaError: SfuError | undefined;
  #offersCreated = 0;
  #peerConnectionsCreated = 0;
  #peerConnectionsClosed = 0;
  #rejoins = 0;

  /** @throws RangeError when the codec cannot be sent in the wished layers */
  constructor(options: RoomOptions) {
    layersOf(options);
    this.#name = options.room;
    this.#attributes = options.attributes ?? {};
    this.#options = options;
    this.#platform = options.platform ?? browserPlatform();
    this.#log = options.log ?? silent;
    this.#slotCounts = slotCounts(options.slots, undefined, this.#platform.mobile);
    const signal = new SignalChannel({
      url: options.url,
      token: options.token,
      resume: options.resume,
      firstConnect: FIRST_CONNECT,
      reconnect: options.reconnect ?? RECONNECT,
      platform: this.#platform,
      log: this.#log,
    });
    this.#signal = signal;
    this.#tracks = new LocalTracks(this.#log, (change) => this.#events.emit("local", change));
    this.#contents = new RoomContents(this.#events, (trackId) => this.#tracks.mutedByOther(trackId));
    this.#viewer = new Viewer(this.#platform.clock, (wish) => this.#sendView(wish));
    this.#timer = new SessionTimer(this.#platform.clock, () => signal.clockOffsetMs);
    this.moderation = new Moderation((type, data) => signal.request(type, data));
    const sender = () => ({ participantId: this.self?.id ?? "", displayName: this.displayName });
    this.chat = new Chat(this.#platform, sender, (data) => signal.request("chat.send", data));
    this.#recovery = new MediaRecovery(
      this.#platform,
      {
        ready: () => signal.open && !signal.doubted && this.#place === "inside" && !this.#entering,
        state: () => this.#media?.state,
        stalled: () => this.#media?.stalled ?? false,
        restartIce: (relayOnly) => this.#restartIce(relayOnly),
        replace: () => void this.#enter(),
      },
      this.#log,
    );
    this.#switch = new RoomSwitch(
      (room, extra) => this.#askSwitch(room, extra),
      (waiting) => this.#showWaiting(waiting),
    );
    this.#handlers = { ...this.#contents.handlers(), ...this.#visitHandlers() };
    signal.on("welcome", (hello) => this.#welcome(hello));
    signal.on("reconnecting", ({ attempt, maxAttempts }) => this.#reconnecting(attempt, maxAttempts));
    signal.on("event", (event) => (this.#held ? void this.#held.push(event) : this.#apply(event)));
    signal.on("alive", () => this.#recovery.signallingProven());
    signal.on("closed", (error) => this.#end(error));
    this.#stopWatchingNetwork = this.#platform.network.watch((online) => {
      if (online) this.#recovery.networkChanged();
    });
  }

  on<K extends keyof RoomEvents>(type: K, listener: (payload: RoomEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  /** Of the room the visit is in, or on its way to. */
  get name(): string {
    return this.#name;
  }

  get state(): RoomState {
    return this.#state;
  }

  /** This participant; `undefined` before the first join. */
  get self(): SelfInfo | undefined {
    return this.#contents.self;
  }

  get displayName(): string {
    return this.self?.displayName ?? this.#options.displayName;
  }

  /** Whether newcomers are kept out. */
  get locked(): boolean {
    return this.#contents.room?.locked === true;
  }

  /** Whether this person may use `moderation`. */
  get moderates(): boolean {
    const { role = "", permissions = [] } = this.self ?? {};
    return role === "host" || role === "moderator" || permissions.includes("moderate");
  }

  /** The others. */
  get participants(): RemoteParticipant[] {
    return this.#contents.roster.all();
  }

  /** One's own place in a queue, while there is one. */
  get waiting(): Waiting | undefined {
    return this.#waiting;
  }

  /** Who waits, in order; always empty unless one moderates. */
  get queue(): readonly Ticket[] {
    return this.#contents.queue;
  }

  /** As of now; `undefined` in a room without a timer. */
  get timer(): TimerView | undefined {
    return this.#timer.view();
  }

  /** How good somebody's connection is, one's own as well: 0 (nothing gets through) to 5; `undefined` until it was measured. */
  qualityOf(participantId: string): number | undefined {
    return this.#contents.quality.get(participantId);
  }

  get slots(): Slot[] {
    return this.#contents.slots.all();
  }

  /** What is offered to receive in; the server's limits count in it once the connection is open. */
  get slotCounts(): Readonly<SlotCounts> {
    return this.#slotCounts;
  }

  get publications(): Publication[] {
    return this.#tracks.publisher.all();
  }

  get metrics(): Readonly<RoomMetrics> {
    const { lastError, ...metrics } = this.#signal.metrics;
    return { ...metrics, iceRestarts: this.#iceRestarts, lastError: this.#mediaError ?? lastError };
  }

  slotOf(participantId: string, source: TrackSource): Slot | undefined {
    return this.#contents.slots.of(participantId, source);
  }

  publication(source: TrackSource): Publication | undefined {
    return this.#tracks.publisher.find(source);
  }

  /**
   * Resolves when the room was entered, which in a queue takes as long as it takes: see `waiting`. Rejects with the reason
   * when it was not entered, and the visit is over then.
   */
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

  /**
   * Ends the visit on this page and leaves the place as it is, for a page that is about to be reloaded.
   *
   * @returns for the next page's `RoomOptions.resume`; `undefined` when there is nothing to go on with
   */
  suspend(): ResumeData | undefined {
    const resume = this.#place === "none" ? undefined : this.#signal.suspend();
    this.leave();
    return resume;
  }

  /**
   * Goes into another room over the same connections: what is published goes on, and the slots keep their streams. Resolves
   * when the other room was entered; while that one has a queue, `waiting` says so and the visit stays where it is. Rejects
   * when the other room was not entered, and the visit stays where it is.
   */
  async switchTo(room: string, options: { password?: string } = {}): Promise<void> {
    this.#requireVisit();
    if (this.#place !== "inside") throw new SfuError("not_in_room", "Only from inside of a room.", { retryable: true });
    await this.#switch.to(room, options);
  }

  /** Publishes a track, or changes the one published from this source. Before `join()` it is published with the join. */
  async publish(
    source: TrackSource,
    track: MediaStreamTrack,
    { muted = false, label = "" }: { muted?: boolean; label?: string } = {},
  ): Promise<void> {
    this.#requireVisit();
    await this.#tracks.publish({ source, track, muted, label });
  }

  /** Keeps the track published but silent or black; does nothing when nothing is published. */
  mute(source: TrackSource, muted: boolean): Promise<void> {
    return this.#tracks.mute(source, muted);
  }

  /** Takes the track back and stops it, which also turns off a camera's light. */
  unpublish(source: TrackSource): Promise<void> {
    return this.#tracks.unpublish(source);
  }

  /**
   * Says what this viewer wants to see; the whole wish each time. Never calling it leaves the choice to the server. Sent
   * after 250 ms without another wish, or at once, and only when it differs from the last: in sizes, by more than a tenth.
   */
  view(wish: ViewData, { atOnce = false }: { atOnce?: boolean } = {}): void {
    this.#viewer.want(wish, atOnce);
  }

  /** Another name or other attributes, seen by all; attributes are replaced as a whole. */
  async update(change: { displayName?: string; attributes?: Record<string, string> }): Promise<void> {
    await this.#signal.request("participant.update", change);
    this.#attributes = change.attributes ?? this.#attributes;
  }

  /** Seen by others as the attribute `hand`: the time it was raised in ms, or empty. */
  raiseHand(raised: boolean): Promise<void> {
    const hand = raised ? String(Math.trunc(this.#platform.clock.nowMs() + (this.#signal.clockOffsetMs ?? 0))) : "";
    return this.update({ attributes: { ...this.#attributes, [HAND]: hand } });
  }

  /** Tells the moderators that one would like more time; at most every 10 s. */
  async askForTime(sec: number, text?: string): Promise<void> {
    await this.#signal.request("timer.ask", { sec, ...(text !== undefined && { text }) });
  }

  /** Any JSON to all others, or to one. Not repeated when the connection is lost before the server has it. */
  async sendData(payload: unknown, options: Omit<DataSend, "payload"> = {}): Promise<void> {
    await this.#signal.request("data.send", { payload, ...options });
  }

  /** Shown by everybody for a moment, here too. */
  async react(emoji: string): Promise<void> {
    const { topic, payload } = RoomContents.reactionOf(emoji);
    this.#contents.reaction(this.self?.id ?? "", payload);
    await this.sendData(payload, { topic });
  }

  /** Looks for another way to the server now; the SDK does so by itself when media is lost. */
  restartIce(): void {
    this.#recovery.networkChanged();
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
      ...this.metrics,
      state: this.#state,
      sessionId: this.#signal.sessionId,
      lastSeq: this.#signal.lastSeq,
      participantId: this.self?.id,
      mediaState: this.#media?.state,
      offersCreated: this.#offersCreated,
      peerConnectionsCreated: this.#peerConnectionsCreated,
      peerConnectionsClosed: this.#peerConnectionsClosed,
      rejoins: this.#rejoins,
      switches: this.#switch.count,
      rttMs: this.#signal.rttMs,
      clockOffsetMs: this.#signal.clockOffsetMs,
    };
  }

  #welcome({ resumed, limits }: HelloReply): void {
    const attempts = this.#attempts;
    this.#attempts = 0;
    // A resumed session has the media connection, and so the slots, that it had.
    if (!resumed || !this.#media) this.#slotCounts = slotCounts(this.#options.slots, limits, this.#platform.mobile);
    // The join under way was repeated with the session.
    if (resumed && this.#entering) return;
    if (!resumed) this.#switch.fail(new SfuError("connection_lost", "The session was lost.", { retryable: true }));
    if (!resumed || this.#place === "none" || (this.#place === "inside" && !this.#media)) {
      void this.#enter();
      return;
    }
    this.#become(this.#place === "waiting" ? "waiting" : "joined");
    this.#events.emit("resumed", { attempts });
    if (this.#place === "waiting") return;
    this.#tracks.settle();
    void this.#viewer.resend();
    this.#recovery.signallingBack();
  }

  #reconnecting(attempt: number, maxAttempts: number): void {
    this.#attempts = attempt;
    this.#stopRetry?.();
    this.#become(this.#place === "none" ? "joining" : "reconnecting", attempt, maxAttempts);
  }

  #entryData(
    room: string,
    media: MediaConnection,
    published: readonly Publication[],
    extra: Pick<EntryData, "password" | "admitToken">,
  ): EntryData {
    return {
      room,
      displayName: this.displayName,
      attributes: this.#attributes,
      tracks: published.map((publication) => announcement(publication, media.mid(publication.source))),
      slots: this.#slotCounts,
      ...extra,
    };
  }

  /** Joins with a fresh media connection. In a room that the session is in already, it replaces the one of before. */
  async #enter(admitToken?: string): Promise<void> {
    const entry = ++this.#entry;
    const current = () => entry === this.#entry && this.#state !== "left";
    this.#stopRetry?.();
    this.#entering = true;
    this.#held = [];
    this.#closeMedia();
    try {
      const media = this.#openMedia();
      const announced = await this.#tracks.publisher.fill(media);
      const sdp = await media.offer();
      this.#offersCreated++;
      if (!current()) return;
      const { password } = this.#options;
      const data = this.#entryData(this.#name, media, announced, {
        ...(password !== undefined && { password }),
        ...(admitToken !== undefined && { admitToken }),
      });
      const reply = await this.#signal.request("join", { ...data, sdp }, JOIN_TIMEOUT_MS);
      if (!current()) return;
      if (reply.status === "queued") {
        this.#queued(reply);
        return;
      }
      await media.accept(reply.sdp, reply.gen);
      if (current()) this.#entered(reply, media, announced);
    } catch (thrown) {
      if (current()) await this.#notEntered(SfuError.from(thrown), admitToken);
    }
  }

  #entered(reply: JoinedReply, media: MediaConnection, announced: readonly Publication[]): void {
    const again = this.#everInside;
    if (again) this.#rejoins++;
    this.#everInside = true;
    this.#place = "inside";
    this.#refusals = 0;
    this.#contents.slots.reset(media.sections());
    this.#take(reply, media, announced);
    this.#log("info", "room.joined", { room: reply.room.id, participant: reply.self.id, again });
    this.#showWaiting(undefined);
    this.#become("joined");
    this.#events.emit("joined", { self: reply.self, again });
    this.#tellContents(reply);
    this.#release();
    this.#tracks.settle();
    void this.#viewer.resend();
    this.#joining?.resolve();
    this.#joining = undefined;
    this.#recovery.mediaChanged(media.state, undefined);
  }

  /** Whatever became of the wish meanwhile: the server has moved this visit when it says so. */
  async #askSwitch(
    room: string,
    extra: Pick<EntryData, "password" | "admitToken">,
  ): Promise<QueuedReply | EnteredReply> {
    const media = this.#media;
    if (!media) throw new SfuError("not_in_room", "There is no media connection now.", { retryable: true });
    const announced = this.publications;
    const data = this.#entryData(room, media, announced, extra);
    const reply = await this.#signal.request("room.switch", data, JOIN_TIMEOUT_MS);
    if (reply.status === "joined" && media === this.#media) this.#switched(reply, media, announced);
    return reply;
  }

  #switched(reply: EnteredReply, media: MediaConnection, announced: readonly Publication[]): void {
    this.#name = reply.room.name;
    this.#viewer.forget();
    this.#contents.slots.empty();
    this.#take(reply, media, announced);
    this.chat.leave(new SfuError("left", "The room was left before the message was sent."));
    this.#log("info", "room.switched", { room: reply.room.id, participant: reply.self.id });
    this.#events.emit("switched", { self: reply.self, room: reply.room.name });
    this.#tellContents(reply);
    this.#tracks.settle();
  }

  /** What joining and switching have in common. */
  #take(reply: EnteredReply, media: MediaConnection, announced: readonly Publication[]): void {
    this.#contents.replace(reply.room, reply.self, reply.participants);
    this.#timer.set(reply.timer);
    this.#tracks.knowAll(reply.self.tracks ?? []);
    this.#tracks.publisher.attach(
      {
        mid: (source) => media.mid(source),
        replaceTrack: (source, track) => media.replaceTrack(source, track),
        update: async (data) => {
          const { trackId } = await this.#signal.request("track.update", data);
          if (trackId !== undefined) this.#tracks.know(trackId, data.source);
        },
      },
      announced,
    );
  }

  #tellContents({ chat }: EnteredReply): void {
    this.chat.restart(chat ?? []);
    this.#events.emit("timer", this.timer);
    this.#events.emit("queue", this.queue);
  }

  /** The room is full or needs approval: connected, without media. */
  #queued(update: QueueUpdate): void {
    this.#entering = false;
    this.#entry++;
    this.#place = "waiting";
    this.#closeMedia();
    this.#viewer.forget();
    this.#showWaiting(update);
    this.#become("waiting");
    this.#release();
  }

  #showWaiting(update: QueueUpdate | undefined): void {
    if (!update && !this.#waiting) return;
    this.#waiting = update && {
      ticket: update.ticket,
      message: update.message ?? this.#waiting?.message,
      paused: update.paused === true,
    };
    this.#events.emit("waiting", this.#waiting);
  }

  #release(): void {
    this.#entering = false;
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#apply(event);
  }

  async #notEntered(error: SfuError, admitToken: string | undefined): Promise<void> {
    this.#log("warn", "room.not_entered", { code: error.code, message: error.message });
    this.#entering = false;
    // The channel is reconnecting, and its next welcome enters again.
    if (error.code === "connection_lost") return;
    const entry = this.#entry;
    // A server that does not replace the media of before.
    const twice = error.code === "already_joined";
    if (twice) {
      await this.#signal.request("leave", {}).catch((thrown: unknown) => this.#warn("room.leave_failed", thrown));
      if (entry !== this.#entry) return;
    }
    if (twice || ((this.#everInside || this.#place === "waiting") && error.retryable)) {
      this.#refusals = Math.min(this.#refusals + 1, ENTER_RETRY.maxAttempts);
      const delayMs = ENTER_RETRY.delayMs(this.#refusals, () => this.#platform.random()) ?? 0;
      this.#stopRetry = this.#platform.clock.after(Math.max(delayMs, error.retryAfterMs ?? 0), () => {
        if (this.#signal.open) void this.#enter(admitToken);
      });
      return;
    }
    this.#end(error);
    this.#signal.close();
  }

  #openMedia(): MediaConnection {
    const { iceServers } = this.#signal;
    const media = new MediaConnection(this.#platform, iceServers, this.#slotCounts, this.#options, this.#log);
    this.#peerConnectionsCreated++;
    this.#media = media;
    media.on("state", ({ state, error }) => {
      if (media !== this.#media) return;
      this.#mediaError = error;
      this.#events.emit("media", { state, error });
      if (state === "interrupted") this.#signal.suspect();
      // While a join is under way, its own end comes back to this.
      if (!this.#entering) this.#recovery.mediaChanged(state, error);
    });
    media.on("flow", ({ stalled }) => {
      if (media !== this.#media) return;
      if (stalled) this.#signal.suspect();
      this.#recovery.flowChanged(stalled);
    });
    return media;
  }

  #closeMedia(): void {
    this.#recovery.stop();
    if (!this.#media) return;
    this.#tracks.publisher.detach();
    const media = this.#media;
    this.#media = undefined;
    this.#peerConnectionsClosed++;
    media.close();
  }

  async #restartIce(relayOnly: boolean): Promise<void> {
    this.#iceRestarts++;
    await this.#media?.restartIce(relayOnly, (own) => this.#signal.request("ice.restart", own));
  }

  #apply({ type, data }: ServerEvent): void {
    (this.#handlers[type] as (data: ServerEvent["data"]) => void)(data);
  }

  /** What to do about each event that is not about the room's contents. */
  #visitHandlers() {
    return {
      layers: ({ mid, active }) => this.#media?.sendLayers(mid, active),
      "chat.message": (message) => this.chat.receive(message),
      "queue.update": (update) => this.#queueUpdated(update),
      "queue.admitted": ({ admitToken }) => {
        if (this.#place === "waiting") void this.#enter(admitToken);
        else this.#switch.admitted(admitToken);
      },
      "queue.denied": ({ reason, text }) =>
        this.#denied(reason === "expired" ? "ticket_expired" : "queue_denied", text),
      "timer.state": (info) => {
        this.#timer.set(info);
        this.#events.emit("timer", this.timer);
      },
      "timer.warning": (warning) => this.#events.emit("timerWarning", warning),
      "timer.ended": (ended) => this.#events.emit("timerEnded", ended),
      "token.refresh": ({ token }) => this.#events.emit("token", token),
      "ice.servers": ({ iceServers }) => this.#media?.useIceServers(iceServers),
      "server.notice": (notice) => {
        this.#events.emit("notice", notice);
        // The server closed this side's media, and keeps the place.
        if (notice.kind === "info" && notice.action === "rejoin" && this.#place === "inside") void this.#enter();
      },
    } satisfies Partial<EventHandlers>;
  }

  #queueUpdated(update: QueueUpdate): void {
    const { state } = update.ticket;
    if (state === "denied" || state === "expired") {
      this.#denied(state === "expired" ? "ticket_expired" : "queue_denied", update.message);
    } else if (this.#place === "waiting" || this.#switch.waiting) this.#showWaiting(update);
    // A moderator sent us back to the queue.
    else if (this.#place === "inside" && state === "waiting") this.#queued(update);
  }

  #denied(code: "queue_denied" | "ticket_expired", text: string | undefined): void {
    const error = new SfuError(code, "The queue did not let us in.", { text });
    if (this.#place !== "waiting") {
      this.#switch.fail(error);
      return;
    }
    this.#end(error);
    this.#signal.close();
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
    this.#stopWatchingNetwork();
    this.#viewer.stop();
    this.#closeMedia();
    this.#tracks.stop();
    const reason = error ?? new SfuError("left", "The visit is over.");
    this.chat.end(reason);
    this.#switch.fail(reason);
    this.#joining?.reject(reason);
    this.#joining = undefined;
    this.#events.emit("left", { error });
  }
}
