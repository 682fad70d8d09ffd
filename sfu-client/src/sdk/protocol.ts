/** The wire shapes of `sfu.v1`. Only what this SDK uses is written down; unknown fields are ignored. */

export const SUBPROTOCOL = "sfu.v1";
export const PROTOCOL_VERSION = 1;

/** Sound or picture. */
export type MediaKind = "audio" | "video";
/** Where a track comes from; of each a participant publishes one at most. */
export type TrackSource = "microphone" | "camera" | "screen" | "screenAudio";

export interface HelloData {
  versions: number[];
  token?: string;
  client: { sdk: string; version: string; platform: string; mobile: boolean };
  resume?: { sessionId: string; resumeToken: string; lastSeq: number };
}

export interface HelloReply {
  version: number;
  sessionId: string;
  resumeToken: string;
  resumed: boolean;
  server?: { timeMs?: number };
  ping?: { intervalMs: number; timeoutMs: number };
  iceServers?: RTCIceServer[];
  limits?: { audioSlots?: SlotLimits; videoSlots?: SlotLimits };
}

/** How many slots a client without a wish of its own offers, and how many the server allows. */
export interface SlotLimits {
  initial: number;
  most: number;
}

/** A published track. */
export interface TrackInfo {
  trackId: string;
  source: TrackSource;
  kind: MediaKind;
  muted: boolean;
  label?: string;
}

export interface ParticipantInfo {
  id: string;
  csrc: number;
  displayName: string;
  attributes?: Record<string, string>;
  role?: string;
  tracks?: TrackInfo[];
}

/** Oneself, as the others see one. */
export interface SelfInfo {
  id: string;
  csrc: number;
  role: string;
  displayName: string;
  permissions?: string[];
  attributes?: Record<string, string>;
  tracks?: TrackInfo[];
}

/** How many streams can be received at once. */
export interface SlotCounts {
  audio: number;
  video: number;
}

export interface AnnouncedTrack {
  mid: string;
  source: TrackSource;
  muted: boolean;
  label: string;
}

/** The room one is in. */
export interface RoomInfo {
  id: string;
  name: string;
  locked?: boolean;
}

/** `join`, and without the SDP `room.switch`. */
export interface EntryData {
  room: string;
  displayName: string;
  attributes: Record<string, string>;
  tracks: AnnouncedTrack[];
  slots: SlotCounts;
  password?: string;
  admitToken?: string;
}

export interface JoinData extends EntryData {
  sdp: string;
}

/** What is in a room at the moment of entering it. */
export interface EnteredReply {
  status: "joined";
  room: RoomInfo;
  self: SelfInfo;
  participants: ParticipantInfo[];
  gen: number;
  slots?: { mid: string; kind: MediaKind }[];
  timer?: TimerInfo | null;
  chat?: ChatInfo[];
}

export interface JoinedReply extends EnteredReply {
  sdp: string;
}

/** The room is full or needs approval. */
export interface QueuedReply extends QueueUpdate {
  status: "queued";
}

/** How long a place in the queue will probably take; `basis` says what that rests on. */
export interface EtaInfo {
  lowSec: number;
  highSec: number;
  basis: "timer" | "history" | "unknown";
}

/** What became of a place in the queue. */
export type TicketState = "waiting" | "away" | "admitted" | "joined" | "denied" | "left" | "expired";

/** A place in the waiting queue; `displayName` and `identity` only where a moderator reads it. */
export interface Ticket {
  ticketId: string;
  state: TicketState;
  position?: number;
  ahead?: number;
  count?: number;
  eta?: EtaInfo;
  priority?: number;
  held?: boolean;
  displayName?: string;
  identity?: string;
  joinedAt?: string;
}

export interface QueueUpdate {
  ticket: Ticket;
  /** What the host says to all who wait. */
  message?: string;
  /** Nobody is there who could approve. */
  paused?: boolean;
}

export interface TimerInfo {
  state: "idle" | "running" | "paused" | "overtime" | "ended";
  startedAt?: string | null;
  endsAt?: string | null;
  remainingMs: number;
  serverTimeMs: number;
  extendedSec?: number;
}

/** Who wrote a message. */
export interface ChatSender {
  participantId: string;
  identity?: string;
  displayName: string;
}

/** A message of the chat. */
export interface ChatInfo {
  msgId: string;
  /** RFC 3339. */
  at: string;
  from: ChatSender;
  text: string;
  to?: string;
  clientMsgId?: string;
}

/** To everybody, or to one. The payload is any JSON. */
export interface DataSend {
  payload: unknown;
  to?: string;
  topic?: string;
}

export interface IceCredentials {
  gen: number;
  ufrag: string;
  pwd: string;
}

export interface TrackUpdateData {
  mid: string;
  active: boolean;
  muted: boolean;
  source: TrackSource;
  label: string;
  width?: number;
  height?: number;
}

/** One picture that a viewer wants, and how large it is shown, in pixels. */
export interface ViewedVideo {
  participantId: string;
  source: TrackSource;
  width: number;
  height: number;
  priority: number;
  pinned: boolean;
}

/** The whole wish of the viewer; the last one wins. */
export interface ViewData {
  layout: "grid" | "speaker" | "none";
  video: ViewedVideo[];
  defaultHeight: number;
  maxVideo: number;
  audio: "auto" | "none";
}

type Empty = Record<string, never>;

/** Whom a moderator lets in. */
export type Admission = { ticketId: string } | { next: true } | { all: true } | { count: number };

/** What the operator sees of a client's own statistics; names say the unit. */
export type StatsDigest = Readonly<Record<string, string | number | readonly string[]>>;

export interface Requests {
  hello: { data: HelloData; reply: HelloReply };
  ping: { data: { t: number }; reply: { t: number; serverTimeMs: number } };
  join: { data: JoinData; reply: JoinedReply | QueuedReply };
  "room.switch": { data: EntryData; reply: EnteredReply | QueuedReply };
  leave: { data: Empty; reply: unknown };
  "ice.restart": { data: IceCredentials; reply: IceCredentials & { candidates: string[] } };
  view: { data: ViewData; reply: unknown };
  "track.update": { data: TrackUpdateData; reply: { trackId?: string } };
  "participant.update": { data: { displayName?: string; attributes?: Record<string, string> }; reply: unknown };
  "chat.send": { data: { text: string; to?: string; clientMsgId: string }; reply: { msgId: string; at: string } };
  "data.send": { data: DataSend; reply: unknown };
  "mod.mute": { data: { participantId: string; source?: TrackSource }; reply: unknown };
  "mod.muteAll": { data: { source?: TrackSource }; reply: unknown };
  "mod.kick": { data: { participantId: string; banSec?: number; reason?: string }; reply: unknown };
  "mod.lock": { data: { locked: boolean }; reply: unknown };
  "mod.role": { data: { participantId: string; role: string }; reply: unknown };
  "mod.end": { data: { reason?: string }; reply: unknown };
  "mod.admit": { data: Admission; reply: unknown };
  "mod.deny": { data: { ticketId: string; text?: string }; reply: unknown };
  "mod.hold": { data: { ticketId: string; held: boolean }; reply: unknown };
  "mod.priority": { data: { ticketId: string; priority: number }; reply: unknown };
  "mod.toQueue": { data: { participantId: string; head?: boolean }; reply: unknown };
  "timer.extend": { data: { sec: number }; reply: unknown };
  "timer.set": { data: { durationSec: number }; reply: unknown };
  "timer.start": { data: Empty; reply: unknown };
  "timer.pause": { data: { paused: boolean }; reply: unknown };
  /** To moderators: for so much more time. */
  "timer.ask": { data: { sec: number; text?: string }; reply: unknown };
  /** For the operator: any numbers. */
  stats: { data: StatsDigest; reply: unknown };
  bye: { data: Empty; reply: unknown };
}

/** `paused`: somebody is in it, and nothing is sent for now. */
export type SlotState = "live" | "paused" | "empty";

export interface SlotChange {
  mid: string;
  state: SlotState;
  participantId?: string;
  trackId?: string;
  source?: TrackSource;
  csrc?: number;
  reason?: string;
}

/** Somebody who speaks. */
export interface Speaker {
  participantId: string;
  /** 0 (silent) to 1. */
  level: number;
}

/** How good somebody's connection is. */
export interface Quality {
  participantId: string;
  /** Of the connection: 0 (nothing gets through) to 5. */
  level: number;
}

/** Somebody would like more time. */
export interface TimeAsked {
  participantId: string;
  sec: number;
  text?: string;
}

/** Something to know about the server; `action` is what clients do about it. */
export interface ServerNotice {
  kind: string;
  action: string;
  url?: string;
  text?: string;
}

export interface EventData {
  slots: { changes: SlotChange[] };
  /** The layers of the track sent in this section that somebody watches. */
  layers: { mid: string; active: string[] };
  "participant.joined": { participant: ParticipantInfo };
  "participant.updated": { participant: ParticipantInfo };
  "participant.left": { participantId: string; reason: string };
  "track.published": { participantId: string; track: TrackInfo };
  "track.unpublished": { participantId: string; trackId: string; reason?: string };
  "track.muted": { participantId: string; trackId: string; muted: boolean };
  speakers: { list: Speaker[] };
  /** Of those whose connection has become better or worse, oneself among them. */
  quality: { updates: Quality[] };
  "room.updated": Partial<RoomInfo>;
  "chat.message": ChatInfo;
  "data.message": { from: string; to?: string; topic?: string; payload: unknown };
  "queue.update": QueueUpdate;
  "queue.admitted": { ticketId?: string; admitToken: string; windowMs: number };
  "queue.denied": { ticketId?: string; reason?: "denied" | "expired"; text?: string };
  /** For moderators: all who wait, in order. */
  "queue.list": { tickets: Ticket[]; paused?: boolean };
  "timer.state": TimerInfo;
  "timer.warning": { remainingSec: number };
  "timer.ended": { action: string };
  /** For moderators. */
  "timer.asked": TimeAsked;
  "token.refresh": { token: string; expiresAt?: string };
  "ice.servers": { iceServers: RTCIceServer[]; iceServersExpireAt?: string };
  "server.notice": ServerNotice;
  /** An operator asks this client to switch to another room. */
  "room.move": { room: string; text?: string };
}

/** One event of the server, told apart by `type`. */
export type ServerEvent = { [T in keyof EventData]: { type: T; data: EventData[T] } }[keyof EventData];

/** What to do about each event. */
export type EventHandlers = { readonly [T in keyof EventData]: (data: EventData[T]) => void };

// A Record and not a plain list: a new event in EventData does not compile until it is named here.
const KNOWN_EVENTS: Record<keyof EventData, true> = {
  slots: true,
  layers: true,
  "participant.joined": true,
  "participant.updated": true,
  "participant.left": true,
  "track.published": true,
  "track.unpublished": true,
  "track.muted": true,
  speakers: true,
  quality: true,
  "room.updated": true,
  "chat.message": true,
  "data.message": true,
  "queue.update": true,
  "queue.admitted": true,
  "queue.denied": true,
  "queue.list": true,
  "timer.state": true,
  "timer.warning": true,
  "timer.ended": true,
  "timer.asked": true,
  "token.refresh": true,
  "ice.servers": true,
  "server.notice": true,
  "room.move": true,
};

export function isKnownEvent(type: string): type is keyof EventData {
  return Object.hasOwn(KNOWN_EVENTS, type);
}
