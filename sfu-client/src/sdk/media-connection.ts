import { preferredCodecs } from "./codecs.js";
import { SfuError } from "./errors.js";
import { Emitter } from "./emitter.js";
import type { LogSink } from "./log.js";
import type { Cancel, Platform } from "./platform.js";
import type { MediaKind, SlotCounts, TrackSource } from "./protocol.js";

export type MediaState = "connecting" | "connected" | "interrupted" | "failed" | "closed";

export interface MediaEvents {
  state: { state: MediaState; error: SfuError | undefined };
}

/** A recvonly section: the server decides, without any SDP, who is seen or heard in it. */
export interface ReceiveSection {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly track: MediaStreamTrack;
  readonly stream: MediaStream;
}

/** The candidate pair in use. Addresses are left out on purpose: this is shown and logged. */
export interface CandidatePair {
  readonly path: "udp" | "tcp" | "relay";
  readonly localType: string;
  readonly remoteType: string;
  readonly rttMs: number | undefined;
}

interface SendSection {
  readonly source: TrackSource;
  readonly kind: MediaKind;
  readonly maxBitrateBps?: number;
}

/** The order is the contract's: these are mids 0 to 3, then come the audio slots, then the video slots. */
const SEND_SECTIONS: readonly SendSection[] = [
  { source: "microphone", kind: "audio" },
  { source: "camera", kind: "video", maxBitrateBps: 1_200_000 },
  { source: "screen", kind: "video", maxBitrateBps: 2_500_000 },
  { source: "screenAudio", kind: "audio" },
];

const CONNECT_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MOBILE_MS = 10_000;

/**
 * One RTCPeerConnection for a whole visit: one offer, one answer. Publishing puts a track into a section that was offered
 * empty; receiving is a fixed number of slots. So nothing that people do later needs another offer.
 */
export class MediaConnection {
  readonly #platform: Platform;
  readonly #log: LogSink;
  readonly #pc: RTCPeerConnection;
  readonly #events = new Emitter<MediaEvents>();
  readonly #senders = new Map<TrackSource, RTCRtpTransceiver>();
  readonly #receivers: RTCRtpTransceiver[] = [];
  #state: MediaState = "connecting";
  #stopTimer: Cancel | undefined;

  constructor(platform: Platform, iceServers: RTCIceServer[], slots: SlotCounts, log: LogSink) {
    this.#platform = platform;
    this.#log = log;
    this.#pc = platform.newPeerConnection({ iceServers, bundlePolicy: "max-bundle" });
    this.#pc.onconnectionstatechange = () => this.#follow(this.#pc.connectionState);
    for (const { source, kind, maxBitrateBps } of SEND_SECTIONS) {
      const encoding: RTCRtpEncodingParameters = maxBitrateBps === undefined ? {} : { maxBitrate: maxBitrateBps };
      this.#senders.set(source, this.#add(kind, { direction: "sendonly", sendEncodings: [encoding] }));
    }
    for (let i = 0; i < slots.audio; i++) this.#receivers.push(this.#add("audio", { direction: "recvonly" }));
    for (let i = 0; i < slots.video; i++) this.#receivers.push(this.#add("video", { direction: "recvonly" }));
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

  async accept(answer: string): Promise<void> {
    try {
      await this.#pc.setRemoteDescription({ type: "answer", sdp: answer });
    } catch (thrown) {
      throw new SfuError("media_failed", "The browser refused the server's answer.", { cause: thrown });
    }
    const timeoutMs = this.#platform.mobile ? CONNECT_TIMEOUT_MOBILE_MS : CONNECT_TIMEOUT_MS;
    this.#stopTimer = this.#platform.clock.after(timeoutMs, () => {
      if (this.#state !== "connecting") return;
      this.#become("failed", new SfuError("media_timeout", `No media connection within ${timeoutMs} ms.`));
    });
  }

  /** The mid of a send section; known once the offer was made. */
  mid(source: TrackSource): string {
    const mid = this.#senders.get(source)?.mid;
    if (mid == null) throw new Error(`The section for ${source} has no mid: offer() comes first.`);
    return mid;
  }

  sections(): ReceiveSection[] {
    return this.#receivers.flatMap(({ mid, receiver: { track } }) =>
      mid === null ? [] : [{ mid, kind: track.kind as MediaKind, track, stream: this.#platform.newMediaStream(track) }],
    );
  }

  async replaceTrack(source: TrackSource, track: MediaStreamTrack | null): Promise<void> {
    await this.#senders.get(source)?.sender.replaceTrack(track);
  }

  async selectedCandidatePair(): Promise<CandidatePair | undefined> {
    const report = await this.#pc.getStats();
    const all = new Map<string, Record<string, unknown>>();
    report.forEach((stats: Record<string, unknown>, id: string) => all.set(id, stats));
    const values = [...all.values()];
    const selectedId = values.find((stats) => stats["type"] === "transport")?.["selectedCandidatePairId"];
    const pair =
      typeof selectedId === "string"
        ? all.get(selectedId)
        : values.find((stats) => stats["type"] === "candidate-pair" && stats["selected"] === true);
    const local = all.get(String(pair?.["localCandidateId"]));
    const remote = all.get(String(pair?.["remoteCandidateId"]));
    if (!pair || !local || !remote) return undefined;
    const rttSec = pair["currentRoundTripTime"];
    const localType = String(local["candidateType"]);
    return {
      path: localType === "relay" ? "relay" : local["protocol"] === "tcp" ? "tcp" : "udp",
      localType,
      remoteType: String(remote["candidateType"]),
      rttMs: typeof rttSec === "number" ? rttSec * 1000 : undefined,
    };
  }

  close(): void {
    if (this.#state === "closed") return;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    this.#become("closed", undefined);
  }

  #add(kind: MediaKind, init: RTCRtpTransceiverInit): RTCRtpTransceiver {
    const transceiver = this.#pc.addTransceiver(kind, init);
    const codecs = preferredCodecs(kind, this.#platform.codecs(kind));
    // Firefox before 128 has no setCodecPreferences: its longer offer works as well.
    if (codecs.length > 0 && "setCodecPreferences" in transceiver) transceiver.setCodecPreferences(codecs);
    return transceiver;
  }

  #follow(state: RTCPeerConnectionState): void {
    if (state === "connected") this.#become("connected", undefined);
    else if (state === "disconnected") this.#become("interrupted", undefined);
    else if (state === "failed") this.#become("failed", new SfuError("ice_failed", "The media connection failed."));
  }

  #become(state: MediaState, error: SfuError | undefined): void {
    if (state === this.#state || this.#state === "closed") return;
    this.#state = state;
    if (state !== "interrupted") this.#stopTimer?.();
    this.#log(state === "failed" ? "warn" : "info", "media.state", { state, code: error?.code });
    this.#events.emit("state", { state, error });
  }
}
