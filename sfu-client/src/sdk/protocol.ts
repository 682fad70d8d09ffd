/** The wire shapes of `sfu.v1`. Only what this SDK uses is written down; unknown fields are ignored. */

export const SUBPROTOCOL = "sfu.v1";
export const PROTOCOL_VERSION = 1;

export type MediaKind = "audio" | "video";
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
  ping?: { intervalMs: number; timeoutMs: number };
  iceServers?: RTCIceServer[];
  limits?: { audioSlots?: SlotLimits; videoSlots?: SlotLimits };
}

/** How many slots a client without a wish of its own offers, and how many the server allows. */
export interface SlotLimits {
  initial: number;
  most: number;
}

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

export interface SelfInfo {
  id: string;
  csrc: number;
  role: string;
  displayName: string;
}

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

export interface JoinData {
  room: string;
  displayName: string;
  attributes: Record<string, string>;
  sdp: string;
  tracks: AnnouncedTrack[];
  slots: SlotCounts;
}

export interface JoinReply {
  status: string;
  room: { id: string; name: string };
  self: SelfInfo;
  participants: ParticipantInfo[];
  sdp: string;
  gen: number;
  slots: { mid: string; kind: MediaKind }[];
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

export interface Requests {
  hello: { data: HelloData; reply: HelloReply };
  ping: { data: { t: number }; reply: { t: number; serverTimeMs: number } };
  join: { data: JoinData; reply: JoinReply };
  leave: { data: Record<string, never>; reply: unknown };
  view: { data: ViewData; reply: unknown };
  "track.update": { data: TrackUpdateData; reply: { trackId: string } };
  bye: { data: Record<string, never>; reply: unknown };
}

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

export interface Speaker {
  participantId: string;
  /** 0 (silent) to 1. */
  level: number;
}

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
  "server.notice": ServerNotice;
}

/** One event of the server, told apart by `type`. */
export type ServerEvent = { [T in keyof EventData]: { type: T; data: EventData[T] } }[keyof EventData];

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
  "server.notice": true,
};

export function isKnownEvent(type: string): type is keyof EventData {
  return Object.hasOwn(KNOWN_EVENTS, type);
}
