import { abortable, abortedError, throwIfAborted } from "./abort.js";
import { captureScreen } from "./capture.js";
import { Chat } from "./chat.js";
import { DeviceKeeper, type DeviceSource } from "./device-keeper.js";
import { Devices, type DeviceKind } from "./devices.js";
import { Emitter } from "./emitter.js";
import { layersOf } from "./encodings.js";
import { Entrance, type Hall } from "./entrance.js";
import { SfuError } from "./errors.js";
import { LocalTracks } from "./local-tracks.js";
import { silent, type LogSink } from "./log.js";
import { LogGuard } from "./log-guard.js";
import { Moderation } from "./moderation.js";
import { browserPlatform, type Cancel, type Platform } from "./platform.js";
import { cameraSettings, screenSettings } from "./presets.js";
import type {
  DataSend,
  EnteredReply,
  EventHandlers,
  HelloReply,
  SelfInfo,
  ServerEvent,
  SlotCounts,
  Ticket,
  TrackSource,
  ViewData,
} from "./protocol.js";
import type { Publication } from "./publisher.js";
import { QueueTicket } from "./queue-ticket.js";
import { DEFAULT_RETRY } from "./retry-policy.js";
import { RoomContents } from "./room-contents.js";
import type { RoomEvents, RoomState, Waiting } from "./room-events.js";
import { RoomMedia } from "./room-media.js";
import type { CallOptions, Diagnostics, RoomMetrics, RoomOptions } from "./room-options.js";
import { RoomSwitch } from "./room-switch.js";
import type { RemoteParticipant } from "./roster.js";
import { SessionTimer, type TimerView } from "./session-timer.js";
import { SignalChannel, type ResumeData } from "./signal-channel.js";
import { slotCounts } from "./slot-counts.js";
import type { Slot } from "./slots.js";
import type { CandidatePair, RoomStats } from "./stats.js";
import type { StatsSample } from "./stats-monitor.js";
import { Viewer } from "./viewer.js";

const HAND = "hand";

/**
 * A visit, from `join()` to `leave()`, in one room or in several after each other. One WebSocket and one RTCPeerConnection
 * carry all of it: a lost socket is resumed, a lost path gets an ICE restart, and only a lost session is replaced by joining
 * again.
 */
export class Room {
  readonly chat: Chat;
  readonly moderation: Moderation;
  /** What is plugged in, and what the person prefers. */
  readonly devices: Devices;
  readonly #options: RoomOptions;
  readonly #platform: Platform;
  readonly #guard: LogGuard;
  readonly #log: LogSink;
  readonly #events = new Emitter<RoomEvents>();
  readonly #signal: SignalChannel;
  readonly #tracks: LocalTracks;
  readonly #keeper: DeviceKeeper;
  readonly #viewer: Viewer;
  readonly #contents: RoomContents;
  readonly #timer: SessionTimer;
  readonly #media: RoomMedia;
  readonly #entrance: Entrance;
  readonly #switch: RoomSwitch;
  readonly #ticket: QueueTicket;
  readonly #handlers: EventHandlers;
  readonly #stopWatchingNetwork: Cancel;
  #name: string;
  /** Of the room the visit is in, or on its way to. */
  #password: string | undefined;
  #attributes: Record<string, string>;
  #slotCounts: SlotCounts;
  #state: RoomState = "idle";
  #attempts = 0;
  #joining: { resolve: () => void; reject: (error: SfuError) => void } | undefined;

  /** @throws RangeError when the codec cannot be sent in the wished layers */
  constructor(options: RoomOptions) {
    layersOf(options);
    this.#name = options.room;
    this.#attributes = options.attributes ?? {};
    this.#options = options;
    const platform = (this.#platform = options.platform ?? browserPlatform());
    const guard = (this.#guard = new LogGuard(options.log ?? silent));
    const log = (this.#log = guard.log);
    guard.hide(options.password);
    this.#password = options.password;
    const retry = { ...DEFAULT_RETRY, ...(options.reconnect && { reconnect: options.reconnect }), ...options.retry };
    this.#slotCounts = slotCounts(options.slots, undefined, platform.mobile);
    const { url, token, resume } = options;
    const signal = new SignalChannel({ url, token, resume, ...retry, platform, guard });
    this.#signal = signal;
    this.#tracks = new LocalTracks(
      log,
      (change) => this.#events.emit("local", change),
      (publication) => this.#keeper.replace(publication),
    );
    this.devices = options.devices ?? new Devices({ access: platform.devices });
    this.#keeper = new DeviceKeeper({
      devices: this.devices,
      tracks: this.#tracks,
      camera: cameraSettings(options.camera),
      pickScreen: (how) => captureScreen(screenSettings(options.screen), { ...how, access: platform.devices }),
      publish: async (publication) => {
        this.#requireVisit();
        await this.#tracks.publish(publication);
      },
      changed: (change) => this.#events.emit("device", change),
      log,
    });
    this.#contents = new RoomContents(this.#events, (trackId) => this.#tracks.mutedByOther(trackId));
    this.#viewer = new Viewer(platform.clock, (wish) => this.#sendView(wish));
    this.#timer = new SessionTimer(platform.clock, () => signal.clockOffsetMs);
    this.moderation = new Moderation((type, data) => signal.request(type, data));
    const sender = () => ({ participantId: this.self?.id ?? "", displayName: this.displayName });
    this.chat = new Chat(platform, sender, (data) => signal.request("chat.send", data));
    this.#media = new RoomMedia({
      ...{ platform, signal, options, guard },
      retry: retry.media,
      ready: () => signal.open && !signal.doubted && this.#entrance.place === "inside" && !this.#entrance.entering,
      joining: () => this.#entrance.entering,
      replace: () => void this.#entrance.enter(),
      slots: () => this.slots,
      level: () => (this.#state === "joined" ? this.qualityOf(this.self?.id ?? "") : undefined),
      changed: (state, error) => this.#events.emit("media", { state, error }),
      sampled: (sample) => this.#events.emit("stats", sample),
    });
    this.#entrance = new Entrance({
      ...{ platform, signal, log },
      media: this.#media,
      tracks: this.#tracks,
      retry: retry.rejoin,
      hall: this.#hall(),
    });
    this.#switch = new RoomSwitch(
      (room, extra) => this.#entrance.goOver(room, extra),
      (update) => this.#ticket.show(update),
    );
    this.#ticket = new QueueTicket(
      {
        place: () => this.#entrance.place,
        enter: (admitToken) => void this.#entrance.enter(admitToken),
        sentBack: (update) => this.#entrance.queue(update),
        refused: (error) => this.#refused(error),
        other: this.#switch,
      },
      (waiting) => this.#events.emit("waiting", waiting),
    );
    this.#handlers = { ...this.#contents.handlers(), ...this.#visitHandlers() };
    signal.on("welcome", (hello) => this.#welcome(hello));
    signal.on("reconnecting", ({ attempt, maxAttempts }) => this.#reconnecting(attempt, maxAttempts));
    signal.on("event", (event) => this.#entrance.event(event));
    signal.on("closed", (error) => this.#end(error));
    this.#stopWatchingNetwork = platform.network.watch((online) => {
      if (online) this.#media.networkChanged();
    });
  }

  /** Listens until the returned function is called. A listener that throws does not keep the others from hearing. */
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
    return this.#ticket.waiting;
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
    return { ...metrics, iceRestarts: this.#media.counts.iceRestarts, lastError: this.#media.error ?? lastError };
  }

  /** The slot that shows somebody's track now; `undefined` while none does. */
  slotOf(participantId: string, source: TrackSource): Slot | undefined {
    return this.#contents.slots.of(participantId, source);
  }

  /** What is published from a source. */
  publication(source: TrackSource): Publication | undefined {
    return this.#tracks.publisher.find(source);
  }

  /**
   * Resolves when the room was entered, which in a queue takes as long as it takes: see `waiting`. Rejects with the reason
   * when it was not entered, and the visit is over then; an abort ends it as `leave()` does.
   */
  async join({ signal }: CallOptions = {}): Promise<void> {
    throwIfAborted(signal);
    if (this.#state !== "idle") throw new Error(`join() in state ${this.#state}: a Room is one visit.`);
    this.#become("joining");
    const joined = new Promise<void>((resolve, reject) => (this.#joining = { resolve, reject }));
    // What goes wrong here arrives as the channel's `closed` event, which rejects `joined`.
    this.#signal.connect().catch(() => undefined);
    return abortable(joined, signal, () => this.leave());
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
    const resume = this.#entrance.place === "none" ? undefined : this.#signal.suspend();
    this.leave();
    return resume;
  }

  /**
   * Goes into another room over the same connections: what is published goes on, and the slots keep their streams. Resolves
   * when the other room was entered; while that one has a queue, `waiting` says so and the visit stays where it is. Rejects
   * when the other room was not entered, and the visit stays where it is; an abort gives up the wish.
   */
  async switchTo(room: string, options: { password?: string } & CallOptions = {}): Promise<void> {
    this.#requireVisit();
    const { signal, password } = options;
    throwIfAborted(signal);
    this.#guard.hide(password);
    if (this.#entrance.place !== "inside") {
      throw new SfuError("not_in_room", "Only from inside of a room.", { retryable: true });
    }
    const switched = this.#switch.to(room, password === undefined ? {} : { password });
    await abortable(switched, signal, () => signal && this.#switch.fail(abortedError(signal)));
  }

  /**
   * Opens the preferred device, or asks which screen to share, and publishes it; a muted one is heard or seen again.
   * Resolves with `false` when the person changed their mind about sharing. Rejects with why a device did not open.
   */
  turnOn(source: DeviceSource, { signal }: CallOptions = {}): Promise<boolean> {
    return this.#keeper.turnOn(source, signal);
  }

  /** Mutes the microphone, closes camera or screen, and withdraws a `turnOn()` that still asks. */
  turnOff(source: DeviceSource): Promise<void> {
    return this.#keeper.turnOff(source);
  }

  /**
   * Prefers another device; what is published from one of its kind goes over to it, without another offer. Rejects when the
   * device does not open, and everything stays as it was.
   *
   * @param deviceId `undefined` leaves it to the system
   */
  switchDevice(kind: DeviceKind, deviceId: string | undefined, { signal }: CallOptions = {}): Promise<void> {
    return this.#keeper.choose(kind, deviceId, signal);
  }

  /**
   * Publishes a track, or changes the one published from this source. Before `join()` it is published with the join. An
   * abort unpublishes it.
   */
  async publish(
    source: TrackSource,
    track: MediaStreamTrack,
    { muted = false, label = "", signal }: { muted?: boolean; label?: string } & CallOptions = {},
  ): Promise<void> {
    this.#requireVisit();
    throwIfAborted(signal);
    const published = this.#tracks.publish({ source, track, muted, label });
    await abortable(published, signal, () => {
      this.unpublish(source).catch((thrown: unknown) => this.#warn("track.unpublish_failed", thrown));
    });
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
    this.#media.networkChanged();
  }

  /** The way to the server; `undefined` while there is none. */
  selectedCandidatePair(): Promise<CandidatePair | undefined> {
    return this.#media.candidatePair();
  }

  /** What the browser measured of this connection: each slot, and each encoding sent. Empty before `join()`. */
  stats(): Promise<RoomStats> {
    return this.#media.stats();
  }

  /** The newest of the `stats` events; `undefined` before the first. */
  get lastStats(): StatsSample | undefined {
    return this.#media.lastSample;
  }

  /** Counters since the beginning of the visit. */
  diagnostics(): Diagnostics {
    const { offersCreated, peerConnectionsCreated, peerConnectionsClosed } = this.#media.counts;
    return {
      ...this.metrics,
      state: this.#state,
      sessionId: this.#signal.sessionId,
      lastSeq: this.#signal.lastSeq,
      participantId: this.self?.id,
      mediaState: this.#media.current?.state,
      offersCreated,
      peerConnectionsCreated,
      peerConnectionsClosed,
      rejoins: this.#entrance.rejoins,
      switches: this.#switch.count,
      rttMs: this.#signal.rttMs,
      clockOffsetMs: this.#signal.clockOffsetMs,
    };
  }

  #welcome({ resumed, limits }: HelloReply): void {
    const attempts = this.#attempts;
    const { place, entering } = this.#entrance;
    this.#attempts = 0;
    const hasMedia = this.#media.current !== undefined;
    // A resumed session has the media connection, and so the slots, that it had.
    if (!resumed || !hasMedia) this.#slotCounts = slotCounts(this.#options.slots, limits, this.#platform.mobile);
    // The join under way was repeated with the session.
    if (resumed && entering) return;
    if (!resumed) this.#switch.fail(new SfuError("connection_lost", "The session was lost.", { retryable: true }));
    if (!resumed || place === "none" || (place === "inside" && !hasMedia)) {
      void this.#entrance.enter();
      return;
    }
    this.#become(place === "waiting" ? "waiting" : "joined");
    this.#events.emit("resumed", { attempts });
    if (place === "waiting") return;
    this.#tracks.settle();
    void this.#viewer.resend();
    this.#media.signallingBack();
  }

  #reconnecting(attempt: number, maxAttempts: number): void {
    this.#attempts = attempt;
    this.#entrance.stop();
    this.#become(this.#entrance.place === "none" ? "joining" : "reconnecting", attempt, maxAttempts);
  }

  #hall(): Hall {
    return {
      open: () => this.#state !== "left",
      entry: () => {
        const { displayName } = this;
        const entry = { room: this.#name, displayName, attributes: this.#attributes, slots: this.#slotCounts };
        return this.#password === undefined ? entry : { ...entry, password: this.#password };
      },
      entered: (reply, media, again) => {
        this.#contents.slots.reset(media.sections());
        this.#take(reply);
        this.#log("info", "room.joined", { room: reply.room.id, participant: reply.self.id, again });
        this.#ticket.show(undefined);
        this.#become("joined");
        this.#events.emit("joined", { self: reply.self, again });
        this.#tellContents(reply);
      },
      switched: (reply, password) => {
        this.#name = reply.room.name;
        this.#password = password;
        this.#viewer.forget();
        this.#contents.slots.empty();
        this.#take(reply);
        this.chat.leave(new SfuError("left", "The room was left before the message was sent."));
        this.#log("info", "room.switched", { room: reply.room.id, participant: reply.self.id });
        this.#events.emit("switched", { self: reply.self, room: reply.room.name });
        this.#tellContents(reply);
        this.#tracks.settle();
      },
      ready: () => {
        this.#tracks.settle();
        void this.#viewer.resend();
        this.#joining?.resolve();
        this.#joining = undefined;
      },
      waits: (update) => {
        this.#viewer.forget();
        this.#ticket.show(update);
        this.#become("waiting");
      },
      refused: (error) => this.#refused(error),
      apply: (event) => this.#apply(event),
    };
  }

  /** What joining and switching have in common. */
  #take({ room, self, participants, timer }: EnteredReply): void {
    this.#contents.replace(room, self, participants);
    this.#timer.set(timer);
  }

  #tellContents({ chat }: EnteredReply): void {
    this.chat.restart(chat ?? []);
    this.#events.emit("timer", this.timer);
    this.#events.emit("queue", this.queue);
  }

  #apply({ type, data }: ServerEvent): void {
    (this.#handlers[type] as (data: ServerEvent["data"]) => void)(data);
  }

  /** What to do about each event that is not about the room's contents. */
  #visitHandlers() {
    return {
      layers: ({ mid, active }) => this.#media.current?.sendLayers(mid, active),
      "chat.message": (message) => this.chat.receive(message),
      ...this.#ticket.handlers(),
      "timer.state": (info) => {
        this.#timer.set(info);
        this.#events.emit("timer", this.timer);
      },
      "timer.warning": (warning) => this.#events.emit("timerWarning", warning),
      "timer.ended": (ended) => this.#events.emit("timerEnded", ended),
      "token.refresh": ({ token }) => this.#events.emit("token", token),
      "ice.servers": ({ iceServers }) => this.#media.current?.useIceServers(iceServers),
      "server.notice": (notice) => {
        this.#events.emit("notice", notice);
        // The server closed this side's media, and keeps the place.
        if (notice.kind === "info" && notice.action === "rejoin" && this.#entrance.place === "inside") {
          void this.#entrance.enter();
        }
      },
      "room.move": ({ room, text = "" }) => {
        this.#events.emit("moving", { room, text });
        this.switchTo(room).catch((thrown: unknown) => this.#warn("move.failed", thrown));
      },
    } satisfies Partial<EventHandlers>;
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

  #refused(error: SfuError): void {
    this.#end(error);
    this.#signal.close();
  }

  #end(error: SfuError | undefined): void {
    if (this.#state === "left") return;
    this.#become("left");
    this.#entrance.stop();
    this.#stopWatchingNetwork();
    this.#viewer.stop();
    this.#keeper.close();
    if (!this.#options.devices) this.devices.close();
    this.#tracks.publisher.detach();
    this.#media.close();
    this.#tracks.stop();
    const reason = error ?? new SfuError("left", "The visit is over.");
    this.chat.end(reason);
    this.#switch.fail(reason);
    this.#joining?.reject(reason);
    this.#joining = undefined;
    this.#events.emit("left", { error });
  }
}
