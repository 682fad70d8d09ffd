import type { SfuError } from "./errors.js";
import type { DeviceChange } from "./device-keeper.js";
import type { LocalTrackChange } from "./local-tracks.js";
import type { MediaState } from "./media-connection.js";
import type { Quality, RoomInfo, SelfInfo, ServerNotice, Speaker, Ticket, TimeAsked } from "./protocol.js";
import type { RemoteParticipant, RemoteTrack } from "./roster.js";
import type { TimerView } from "./session-timer.js";
import type { Slot } from "./slots.js";
import type { StatsSample } from "./stats-monitor.js";

/** `waiting`: in the queue, connected and without media. */
export type RoomState = "idle" | "joining" | "waiting" | "joined" | "reconnecting" | "left";

/** One's own place in a room's queue. */
export interface Waiting {
  readonly ticket: Ticket;
  /** What the host says to all who wait. */
  readonly message: string | undefined;
  /** Nobody is there who could approve. */
  readonly paused: boolean;
}

/** What a `Room` tells, by the name of the event. */
export interface RoomEvents {
  /** `attempt` and `maxAttempts` come with `reconnecting`, and with the first connection when it needs more than one. */
  state: { state: RoomState; attempt: number; maxAttempts: number };
  /** The room was entered: everything read from the room before is out of date. */
  joined: { self: SelfInfo; again: boolean };
  /** Another room over the same connections: slots keep their streams, and the rest is out of date. */
  switched: { self: SelfInfo; room: string };
  /** An operator moves this visit: it is switching to another room, and `switched` follows. */
  moving: { room: string; text: string };
  /** The connection is back and nothing was missed. */
  resumed: { attempts: number };
  /** One's own role, name or permissions changed. */
  self: SelfInfo;
  room: RoomInfo;
  participantJoined: RemoteParticipant;
  participantUpdated: RemoteParticipant;
  participantLeft: { participant: RemoteParticipant; reason: string };
  trackPublished: { participant: RemoteParticipant; track: RemoteTrack };
  trackUnpublished: { participant: RemoteParticipant; trackId: string };
  trackMuted: { participant: RemoteParticipant; trackId: string; muted: boolean };
  slot: Slot;
  speakers: readonly Speaker[];
  /** How good connections are, of those where it has changed. */
  quality: readonly Quality[];
  /** The statistics of the last 5 s, while one is in a room. */
  stats: StatsSample;
  /** What is published comes from another device, or lost the one it had. */
  device: DeviceChange;
  /** A local track was published, changed or unpublished. */
  local: LocalTrackChange;
  media: { state: MediaState; error: SfuError | undefined };
  /** One's own place in the queue; `undefined` when it is over. */
  waiting: Waiting | undefined;
  /** For moderators: who waits, in order. */
  queue: readonly Ticket[];
  timer: TimerView | undefined;
  timerWarning: { remainingSec: number };
  timerEnded: { action: string };
  /** For moderators: somebody would like more time. */
  timeAsked: TimeAsked;
  data: { from: string; to: string | undefined; topic: string | undefined; payload: unknown };
  reaction: { participantId: string; emoji: string };
  /** A new token; to be kept where the page keeps its own, for a reload. */
  token: string;
  notice: ServerNotice;
  /** The visit is over; `error` says why unless `leave()` ended it. */
  left: { error: SfuError | undefined };
}
