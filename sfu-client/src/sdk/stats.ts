import type { MediaKind, SlotState, TrackSource } from "./protocol.js";

/** What came in through one slot. Counters run for as long as the media connection, whoever is in the slot. */
export interface SlotStats {
  readonly mid: string;
  readonly kind: MediaKind;
  readonly state: SlotState;
  readonly participantId: string | undefined;
  readonly source: TrackSource | undefined;
  /** Such as `video/VP8`; empty before anything came. */
  readonly codec: string;
  readonly bytes: number;
  readonly packets: number;
  readonly packetsLost: number;
  readonly retransmittedPackets: number;
  readonly framesDecoded: number;
  readonly keyFramesDecoded: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  readonly freezeCount: number;
  readonly totalFreezesDurationSec: number;
  /** The sum over all frames or samples; divided by their number, `jitterBufferEmittedCount`, it is the mean delay. */
  readonly jitterBufferDelaySec: number;
  readonly jitterBufferEmittedCount: number;
  readonly jitterMs: number;
  readonly nacks: number;
  readonly plis: number;
}

/** One encoding that this client sends: one for each rid under simulcast, else one for each published track. */
export interface EncodingStats {
  readonly source: TrackSource;
  readonly mid: string;
  /** `undefined` when the track is sent in one encoding. */
  readonly rid: string | undefined;
  readonly active: boolean;
  readonly codec: string;
  readonly scalabilityMode: string | undefined;
  readonly bytes: number;
  readonly packets: number;
  readonly retransmittedPackets: number;
  /** Under SVC browsers count a picture once for each of its spatial layers. */
  readonly framesEncoded: number;
  readonly keyFramesEncoded: number;
  readonly fps: number;
  readonly width: number;
  readonly height: number;
  readonly targetBitrateBps: number | undefined;
  readonly qualityLimitationReason: string;
  readonly nacks: number;
  readonly plis: number;
}

/** What the browser measured of a visit. */
export interface RoomStats {
  readonly slots: readonly SlotStats[];
  readonly encodings: readonly EncodingStats[];
  /** The browser's estimate of what it may send; `undefined` where it does not tell. */
  readonly availableOutgoingBps: number | undefined;
  readonly rttMs: number | undefined;
}

/** The candidate pair in use. Addresses are left out on purpose: this is shown and logged. */
export interface CandidatePair {
  readonly path: "udp" | "tcp" | "relay";
  readonly localType: string;
  readonly remoteType: string;
  readonly rttMs: number | undefined;
}

type Entry = Readonly<Record<string, unknown>>;

/** Reads a browser's statistics; a field that a browser does not have is 0, empty or `undefined`. */
export class StatsReader {
  readonly #byId = new Map<string, Entry>();

  constructor(report: RTCStatsReport) {
    report.forEach((entry: Entry, id: string) => this.#byId.set(id, entry));
  }

  /** @param midOf the mid of a received track, for browsers that do not tell it */
  received(
    midOf: (trackId: string) => string | undefined,
  ): Map<string, Pick<SlotStats, keyof ReturnType<typeof inbound>>> {
    const byMid = new Map<string, ReturnType<typeof inbound>>();
    for (const entry of this.#ofType("inbound-rtp")) {
      const mid = text(entry["mid"]) ?? midOf(text(entry["trackIdentifier"]) ?? "");
      if (mid !== undefined) byMid.set(mid, inbound(entry, this.#codec(entry)));
    }
    return byMid;
  }

  sent(sourceOf: (mid: string) => TrackSource | undefined): EncodingStats[] {
    return this.#ofType("outbound-rtp").flatMap((entry) => {
      const mid = text(entry["mid"]);
      const source = mid === undefined ? undefined : sourceOf(mid);
      if (mid === undefined || source === undefined) return [];
      return [{ source, mid, ...outbound(entry, this.#codec(entry)) }];
    });
  }

  candidatePair(): CandidatePair | undefined {
    const pair = this.#selectedPair();
    const local = this.#byId.get(String(pair?.["localCandidateId"]));
    const remote = this.#byId.get(String(pair?.["remoteCandidateId"]));
    if (!pair || !local || !remote) return undefined;
    const localType = String(local["candidateType"]);
    return {
      path: localType === "relay" ? "relay" : local["protocol"] === "tcp" ? "tcp" : "udp",
      localType,
      remoteType: String(remote["candidateType"]),
      rttMs: this.rttMs(),
    };
  }

  rttMs(): number | undefined {
    const rttSec = this.#selectedPair()?.["currentRoundTripTime"];
    return typeof rttSec === "number" ? rttSec * 1000 : undefined;
  }

  availableOutgoingBps(): number | undefined {
    return optional(this.#selectedPair()?.["availableOutgoingBitrate"]);
  }

  #selectedPair(): Entry | undefined {
    const [transport] = this.#ofType("transport");
    const selectedId = text(transport?.["selectedCandidatePairId"]);
    return selectedId === undefined
      ? this.#ofType("candidate-pair").find(({ selected }) => selected === true)
      : this.#byId.get(selectedId);
  }

  #ofType(type: string): Entry[] {
    return [...this.#byId.values()].filter((entry) => entry["type"] === type);
  }

  #codec(entry: Entry): string {
    return text(this.#byId.get(String(entry["codecId"]))?.["mimeType"]) ?? "";
  }
}

function inbound(entry: Entry, codec: string) {
  return {
    codec,
    bytes: number(entry["bytesReceived"]),
    packets: number(entry["packetsReceived"]),
    packetsLost: number(entry["packetsLost"]),
    retransmittedPackets: number(entry["retransmittedPacketsReceived"]),
    framesDecoded: number(entry["framesDecoded"]),
    keyFramesDecoded: number(entry["keyFramesDecoded"]),
    fps: number(entry["framesPerSecond"]),
    width: number(entry["frameWidth"]),
    height: number(entry["frameHeight"]),
    freezeCount: number(entry["freezeCount"]),
    totalFreezesDurationSec: number(entry["totalFreezesDuration"]),
    jitterBufferDelaySec: number(entry["jitterBufferDelay"]),
    jitterBufferEmittedCount: number(entry["jitterBufferEmittedCount"]),
    jitterMs: number(entry["jitter"]) * 1000,
    nacks: number(entry["nackCount"]),
    plis: number(entry["pliCount"]),
  };
}

/** Of a slot through which nothing came yet. */
export const NOTHING_RECEIVED = inbound({}, "");

function outbound(entry: Entry, codec: string): Omit<EncodingStats, "source" | "mid"> {
  return {
    rid: text(entry["rid"]),
    active: entry["active"] !== false,
    codec,
    scalabilityMode: text(entry["scalabilityMode"]),
    bytes: number(entry["bytesSent"]),
    packets: number(entry["packetsSent"]),
    retransmittedPackets: number(entry["retransmittedPacketsSent"]),
    framesEncoded: number(entry["framesEncoded"]),
    keyFramesEncoded: number(entry["keyFramesEncoded"]),
    fps: number(entry["framesPerSecond"]),
    width: number(entry["frameWidth"]),
    height: number(entry["frameHeight"]),
    targetBitrateBps: optional(entry["targetBitrate"]),
    qualityLimitationReason: text(entry["qualityLimitationReason"]) ?? "",
    nacks: number(entry["nackCount"]),
    plis: number(entry["pliCount"]),
  };
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function optional(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
