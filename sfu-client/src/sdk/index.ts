export {
  captureDevices,
  captureScreen,
  type CapturedDevices,
  type CapturedScreen,
  type DeviceWish,
} from "./capture.js";
export { canSend, VIDEO_CODECS, VIDEO_LAYERS, type MediaOptions, type VideoCodec, type VideoLayers } from "./codecs.js";
export {
  SfuError,
  type ConnectionErrorCode,
  type ErrorCode,
  type LocalErrorCode,
  type ServerErrorCode,
} from "./errors.js";
export { consoleLog, type LogFields, type LogLevel, type LogSink } from "./log.js";
export type { MediaState } from "./media-connection.js";
export type { Cancel, Clock, Network, Platform, Socket, SocketListener } from "./platform.js";
export type {
  MediaKind,
  SelfInfo,
  ServerNotice,
  SlotCounts,
  SlotState,
  Speaker,
  TrackSource,
  ViewData,
  ViewedVideo,
} from "./protocol.js";
export type { Publication } from "./publisher.js";
export { listedDelays, type RetryPolicy } from "./retry-policy.js";
export { Room, type Diagnostics, type RoomEvents, type RoomOptions, type RoomState } from "./room.js";
export { trackOf, type RemoteParticipant, type RemoteTrack } from "./roster.js";
export type { ConnectionMetrics, TokenSource } from "./signal-channel.js";
export type { Slot } from "./slots.js";
export type { CandidatePair, EncodingStats, RoomStats, SlotStats } from "./stats.js";
export { SDK_VERSION } from "./version.js";
