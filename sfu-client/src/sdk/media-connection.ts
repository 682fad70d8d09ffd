import { codecsToOffer, withDtx, type MediaOptions } from "./codecs.js";
import { limitsOf, offeredEncodings, type Encoding } from "./encodings.js";
import { SfuError } from "./errors.js";
import { Emitter } from "./emitter.js";
import { credentialsOf, withCredentials, type Credentials } from "./ice-credentials.js";
import type { LogSink } from "./log.js";
import type { Cancel, Platform } from "./platform.js";
import type { MediaKind, SlotCounts, TrackSource } from "./protocol.js";
import { SendEncodings } from "./send-encodings.js";
import { StallWatch } from "./stall-watch.js";
import { StatsReader, type CandidatePair, type EncodingStats, type SlotStats } from "./stats.js";

/** `interrupted`: nothing comes through, and it may heal by itself; `failed`: it is being repaired. */
export type MediaState = "connecting" | "connected" | "interrupted" | "failed" | "closed";

export interface MediaEvents {
  state: { state: MediaState; error: SfuError | undefined };
  /** All that was received stopped at once, though ICE may not have noticed; or something comes again. */
  flow: { stalled: boolean };
}

/** A recvonly section: the server decides, without any SDP, who is seen or heard in it. */
export interface ReceiveSection {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
}

/** What the browser measured; the slots by their mid, and without their contents. */
export interface MediaStats {
  readonly received: ReadonlyMap<string, Omit<SlotStats, "mid" | "kind" | "state" | "participantId" | "source">>;
  readonly encodings: readonly EncodingStats[];
  readonly availableOutgoingBps: number | undefined;
  readonly rttMs: number | undefined;
}

/** The order is the contract's: these are mids 0 to 3, then come the audio slots, then the video slots. */
const SEND_SECTIONS = [
  { source: "microphone", kind: "audio" },
  { source: "camera", kind: "video" },
  { source: "screen", kind: "video" },
  { source: "screenAudio", kind: "audio" },
] as const satisfies readonly { source: TrackSource; kind: MediaKind }[];

/** A section to send in; only pictures have encodings that change. */
interface Sender {
  readonly transceiver: RTCRtpTransceiver;
  readonly encodings: SendEncodings | undefined;
}

const CONNECT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MOBILE_MS = 10_000;

/**
 * One RTCPeerConnection for a whole visit: one offer, one answer. Publishing puts a track into a section that was offered
 * empty; receiving is a fixed number of slots. So nothing that people do later needs another offer.
 */
export class MediaConnection {
  readonly #platform: Platform;
  readonly #log: LogSink;
  readonly #options: MediaOptions;
  readonly #pc: RTCPeerConnection;
  #iceServers: RTCIceServer[];
  /** As the server gave it; each ICE restart patches the last one. */
  #answer = "";
  #gen = 0;
  readonly #events = new Emitter<MediaEvents>();
  readonly #senders = new Map<TrackSource, Sender>();
  readonly #receivers: RTCRtpTransceiver[] = [];
  #state: MediaState = "connecting";
  #stopTimer: Cancel | undefined;
  readonly #stallWatch: StallWatch;

  constructor(platform: Platform, iceServers: RTCIceServer[], slots: SlotCounts, options: MediaOptions, log: LogSink) {
    this.#platform = platform;
    this.#options = options;
    this.#log = log;
    this.#iceServers = iceServers;
    this.#pc = platform.newPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#stallWatch = new StallWatch(
      platform.clock,
      () => this.#lastHeardMs(),
      (stalled) => this.#events.emit("flow", { stalled }),
    );
    this.#pc.onconnectionstatechange = () => this.#follow(this.#pc.connectionState);
    for (const section of SEND_SECTIONS) this.#senders.set(section.source, this.#addSender(section));
    for (let i = 0; i < slots.audio; i++) this.#receivers.push(this.#addReceiver("audio"));
    for (let i = 0; i < slots.video; i++) this.#receivers.push(this.#addReceiver("video"));
  }

  on<K extends keyof MediaEvents>(type: K, listener: (payload: MediaEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  get state(): MediaState {
    return this.#state;
  }

  /**
   * The offer, to be sent as it is: the server is ICE-lite with all its candidates in the answer, so it learns this
   * side's addresses from the checks and needs no candidate of ours.
   */
  async offer(): Promise<string> {
    await this.#pc.setLocalDescription(await this.#pc.createOffer());
    const sdp = this.#pc.localDescription?.sdp;
    if (sdp === undefined) throw new SfuError("media_failed", "The browser made no offer.");
    this.#log("info", "media.offer", { lengthBytes: sdp.length });
    return sdp;
  }

  /** @param gen the answer's number, which an ICE restart has to name */
  async accept(answer: string, gen: number): Promise<void> {
    this.#answer = this.#options.dtx === true ? withDtx(answer) : answer;
    this.#gen = gen;
    await this.#takeAnswer();
    // Before the first picture can go out, as connecting takes some round trips more.
    for (const { encodings } of this.#senders.values()) await encodings?.negotiated();
    if (this.#state !== "connecting") return;
    const timeoutMs = this.#platform.mobile ? CONNECT_TIMEOUT_MOBILE_MS : CONNECT_TIMEOUT_MS;
    this.#stopTimer = this.#platform.clock.after(timeoutMs, () => {
      if (this.#state !== "connecting") return;
      this.#become("failed", new SfuError("media_timeout", `No media connection within ${timeoutMs} ms.`));
    });
  }

  /** For the next ICE restart: those of before expire. */
  useIceServers(iceServers: RTCIceServer[]): void {
    this.#iceServers = iceServers;
    this.#pc.setConfiguration({ ...this.#pc.getConfiguration(), iceServers });
  }

  /**
   * Looks for another path, without an offer to the server: it learns the new credentials and gives its own, which are
   * patched into its last answer. Sections, keys and slots stay as they are.
   *
   * @param relayOnly has no effect without a relay to use
   * @param exchange asks the server; what it rejects with comes out here, and the next restart may follow
   */
  async restartIce(
    relayOnly: boolean,
    exchange: (own: Credentials & { gen: number }) => Promise<Credentials & { gen: number; candidates: string[] }>,
  ): Promise<void> {
    const relay = relayOnly && hasRelay(this.#iceServers);
    this.#pc.setConfiguration({ ...this.#pc.getConfiguration(), iceTransportPolicy: relay ? "relay" : "all" });
    this.#pc.restartIce();
    const own = credentialsOf(await this.offer());
    if (!own) throw new SfuError("media_failed", "The browser's offer has no ICE credentials.");
    const { gen, candidates, ...theirs } = await exchange({ gen: this.#gen, ...own });
    if (this.#state === "closed") return;
    this.#gen = gen;
    this.#answer = withCredentials(this.#answer, theirs, candidates);
    await this.#takeAnswer();
  }

  /** Whether nothing is received where something was, though ICE may not have noticed. */
  get stalled(): boolean {
    return this.#stallWatch.stalled;
  }

  /** The mid of a send section; known once the offer was made. */
  mid(source: TrackSource): string {
    const mid = this.#senders.get(source)?.transceiver.mid;
    if (mid == null) throw new Error(`The section for ${source} has no mid: offer() comes first.`);
    return mid;
  }

  sections(): ReceiveSection[] {
    return this.#receivers.flatMap(({ mid, receiver: { track } }) =>
      mid === null ? [] : [{ mid, kind: track.kind as MediaKind, track, stream: this.#platform.newMediaStream(track) }],
    );
  }

  async replaceTrack(source: TrackSource, track: MediaStreamTrack | null): Promise<void> {
    const sender = this.#senders.get(source);
    await sender?.encodings?.fit(track);
    await sender?.transceiver.sender.replaceTrack(track);
  }

  /** The server's `layers`: which encodings of a send section somebody watches. */
  sendLayers(mid: string, rids: readonly string[]): void {
    void [...this.#senders.values()].find(({ transceiver }) => transceiver.mid === mid)?.encodings?.want(rids);
  }

  async selectedCandidatePair(): Promise<CandidatePair | undefined> {
    return new StatsReader(await this.#pc.getStats()).candidatePair();
  }

  async stats(): Promise<MediaStats> {
    const reader = new StatsReader(await this.#pc.getStats());
    const midOfTrack = new Map(this.#receivers.map(({ mid, receiver }) => [receiver.track.id, mid ?? undefined]));
    const sources = new Map([...this.#senders].map(([source, { transceiver }]) => [transceiver.mid, source]));
    return {
      received: reader.received((trackId) => midOfTrack.get(trackId)),
      encodings: reader.sent((mid) => sources.get(mid)),
      availableOutgoingBps: reader.availableOutgoingBps(),
      rttMs: reader.rttMs(),
    };
  }

  close(): void {
    if (this.#state === "closed") return;
    for (const { encodings } of this.#senders.values()) encodings?.close();
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    this.#become("closed", undefined);
  }

  #lastHeardMs(): number | undefined {
    const times = this.#receivers.flatMap(({ receiver }) =>
      receiver.getSynchronizationSources().map(({ timestamp }) => timestamp),
    );
    return times.length === 0 ? undefined : Math.max(...times);
  }

  async #takeAnswer(): Promise<void> {
    try {
      await this.#pc.setRemoteDescription({ type: "answer", sdp: this.#answer });
    } catch (thrown) {
      throw new SfuError("media_failed", "The browser refused the server's answer.", { cause: thrown });
    }
  }

  #addSender(section: (typeof SEND_SECTIONS)[number]): Sender {
    const transceiver = this.#addSendonly(section);
    this.#preferCodecs(transceiver, section.kind, true);
    if (this.#options.codec === "av1") describeFrames(transceiver);
    if (section.kind === "audio") return { transceiver, encodings: undefined };
    const { source } = section;
    const limits = limitsOf(source, this.#options);
    const encodings = new SendEncodings(source, transceiver.sender, limits, this.#platform.clock, this.#log);
    return { transceiver, encodings };
  }

  #addSendonly(section: (typeof SEND_SECTIONS)[number]): RTCRtpTransceiver {
    const direction = "sendonly";
    if (section.kind === "audio") return this.#pc.addTransceiver("audio", { direction });
    const sendEncodings = offeredEncodings(section.source, this.#options);
    try {
      return this.#pc.addTransceiver("video", { direction, sendEncodings });
    } catch (thrown) {
      // A browser that knows scalability modes refuses those that none of its encoders has.
      this.#log("info", "media.layers_unsupported", { source: section.source, message: SfuError.from(thrown).message });
      const plain = sendEncodings.map((encoding) => {
        const copy: Encoding = { ...encoding };
        delete copy.scalabilityMode;
        return copy;
      });
      return this.#pc.addTransceiver("video", { direction, sendEncodings: plain });
    }
  }

  #addReceiver(kind: MediaKind): RTCRtpTransceiver {
    const transceiver = this.#pc.addTransceiver(kind, { direction: "recvonly" });
    this.#preferCodecs(transceiver, kind, false);
    if (kind === "video") describeFrames(transceiver);
    return transceiver;
  }

  #preferCodecs(transceiver: RTCRtpTransceiver, kind: MediaKind, send: boolean): void {
    const codecs = codecsToOffer({ kind, send }, this.#options, this.#platform.codecs(kind));
    // Firefox before 128 has no setCodecPreferences: its longer offer works as well.
    if (codecs.length > 0 && "setCodecPreferences" in transceiver) transceiver.setCodecPreferences(codecs);
  }

  #follow(state: RTCPeerConnectionState): void {
    if (state === "connected") this.#become("connected", undefined);
    else if (state === "disconnected") this.#become("interrupted", undefined);
    else if (state === "failed") this.#become("failed", failure(this.#pc.iceConnectionState));
  }

  #become(state: MediaState, error: SfuError | undefined): void {
    if (state === this.#state || this.#state === "closed") return;
    this.#state = state;
    if (state !== "interrupted") this.#stopTimer?.();
    if (state === "connected") this.#stallWatch.start();
    else this.#stallWatch.stop();
    this.#log(state === "failed" ? "warn" : "info", "media.state", { state, code: error?.code });
    this.#events.emit("state", { state, error });
  }
}

/** A path that works under a connection that failed: it is the encryption, which no ICE restart repairs. */
function failure(ice: RTCIceConnectionState): SfuError {
  return ice === "connected" || ice === "completed"
    ? new SfuError("dtls_failed", "The encryption of the media connection failed.")
    : new SfuError("ice_failed", "The media connection failed.");
}

function hasRelay(servers: readonly RTCIceServer[]): boolean {
  return servers.flatMap(({ urls }) => urls).some((url) => url.startsWith("turn"));
}

const DEPENDENCY_DESCRIPTOR = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

/** As in webrtc-extensions, which the DOM's types do not have yet. */
interface HeaderExtensions {
  getHeaderExtensionsToNegotiate?(): { uri: string; direction: RTCRtpTransceiverDirection }[];
  setHeaderExtensionsToNegotiate?(extensions: { uri: string; direction: RTCRtpTransceiverDirection }[]): void;
}

/** Offers the description of AV1's layers, without which it is one layer; browsers do not offer it by themselves. */
function describeFrames(transceiver: RTCRtpTransceiver & HeaderExtensions): void {
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.();
  const descriptor = extensions?.find(({ uri }) => uri === DEPENDENCY_DESCRIPTOR);
  if (extensions === undefined || descriptor === undefined) return;
  descriptor.direction = "sendrecv";
  transceiver.setHeaderExtensionsToNegotiate?.(extensions);
}
