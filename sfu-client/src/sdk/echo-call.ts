import { hasCandidates } from "./candidate-paths.js";
import { echoCounts, type EchoCounts } from "./echo-quality.js";
import { SfuError } from "./errors.js";
import type { LogSink } from "./log.js";
import { MediaConnection } from "./media-connection.js";
import type { Platform } from "./platform.js";
import type { SignalChannel } from "./signal-channel.js";
import type { CandidatePair } from "./stats.js";

/** Which way to the server a call may take. */
export interface WayTo {
  readonly iceServers: RTCIceServer[];
  readonly iceTransportPolicy: RTCIceTransportPolicy;
  /** Takes candidates out of the server's answer. */
  answer(sdp: string): string;
}

const SLOTS = { audio: 0, video: 1 };
/** One stream: what is measured is one picture's way, not a choice among several. */
const MEDIA = { codec: "vp8", layers: "L1T3" } as const;
const ROOM = "echo-";
const ROOM_NAMES = 2 ** 48;
const JOIN_TIMEOUT_MS = 15_000;

/** One visit to an echo room of its own, where the server sends back what it is sent (docs/diagnostics.md). */
export class EchoCall {
  readonly #platform: Platform;
  readonly #channel: SignalChannel;
  readonly #way: WayTo;
  readonly #media: MediaConnection;
  #pc: RTCPeerConnection | undefined;
  #joined = false;
  #closed = false;

  constructor(platform: Platform, channel: SignalChannel, way: WayTo, log: LogSink) {
    this.#platform = platform;
    this.#channel = channel;
    this.#way = way;
    this.#media = new MediaConnection(this.#observed(), way.iceServers, SLOTS, MEDIA, log);
  }

  /**
   * Joins and waits for the media connection. Rejects with what the server said, or with `ice_failed`, `dtls_failed` and
   * `media_timeout`.
   *
   * @param picture sent, and so received; without one nothing is
   * @returns false when the server has no candidate for this way
   */
  async connect(picture?: MediaStreamTrack): Promise<boolean> {
    if (picture) await this.#media.replaceTrack("camera", picture);
    const sdp = await this.#media.offer();
    const mid = this.#media.mid("camera");
    const reply = await this.#channel.request(
      "join",
      {
        room: `${ROOM}${Math.floor(this.#platform.random() * ROOM_NAMES).toString(36)}`,
        displayName: "Connection check",
        attributes: {},
        tracks: picture ? [{ mid, source: "camera", muted: false, label: "" }] : [],
        slots: SLOTS,
        sdp,
      },
      JOIN_TIMEOUT_MS,
    );
    if (this.#closed) throw new SfuError("left", "The check was stopped.");
    if (reply.status === "queued") throw new SfuError("room_full", "The echo room is taken.");
    this.#joined = true;
    const answer = this.#way.answer(reply.sdp);
    if (!hasCandidates(answer)) return false;
    const connected = new Promise<void>((resolve, reject) => {
      this.#media.on("state", ({ state, error }) => {
        if (state === "connected") resolve();
        else if (state === "failed" || state === "closed") reject(error ?? new SfuError("left", "Closed."));
      });
    });
    await Promise.all([connected, this.#media.accept(answer, reply.gen)]);
    return true;
  }

  pair(): Promise<CandidatePair | undefined> {
    return this.#media.selectedCandidatePair();
  }

  async counts(): Promise<EchoCounts> {
    if (!this.#pc) throw new Error("A call has its RTCPeerConnection from the start.");
    return echoCounts(await this.#pc.getStats());
  }

  /** Frees the echo room; the session goes on. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#media.close();
    if (this.#joined && this.#channel.open) await this.#channel.request("leave", {}).catch(() => undefined);
  }

  /** The platform, with relays as the way wants them. */
  #observed(): Platform {
    const platform = this.#platform;
    return {
      clock: platform.clock,
      network: platform.network,
      devices: platform.devices,
      mobile: platform.mobile,
      name: platform.name,
      random: () => platform.random(),
      openSocket: (url, subprotocol, listener) => platform.openSocket(url, subprotocol, listener),
      newPeerConnection: (configuration) => {
        const { iceTransportPolicy } = this.#way;
        return (this.#pc = platform.newPeerConnection({ ...configuration, iceTransportPolicy }));
      },
      newMediaStream: (track) => platform.newMediaStream(track),
      codecs: (kind) => platform.codecs(kind),
    };
  }
}
