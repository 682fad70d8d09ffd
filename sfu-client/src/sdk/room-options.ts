import type { MediaOptions } from "./codecs.js";
import type { Devices } from "./devices.js";
import type { LogSink } from "./log.js";
import type { MediaState } from "./media-connection.js";
import type { Platform } from "./platform.js";
import type { SlotCounts } from "./protocol.js";
import type { RetryPolicies, RetryPolicy } from "./retry-policy.js";
import type { RoomState } from "./room-events.js";
import type { ConnectionMetrics, ResumeData, TokenSource } from "./signal-channel.js";

/** Where to go, as whom, and how. */
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
  /** Those of the page, with the choices made before the call; the room makes its own when not given. */
  devices?: Devices;
  retry?: RetryPolicies;
  /** Short for `retry.reconnect`. */
  reconnect?: RetryPolicy;
  /** No line when not given. */
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

/** Ends the call early; what that leaves behind says each call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}
