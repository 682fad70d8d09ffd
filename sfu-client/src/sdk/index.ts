export type { Chat, ChatEvents, ChatMessage } from "./chat.js";
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
export { browserPlatform } from "./platform.js";
export type { Cancel, Clock, Network, Platform, Socket, SocketListener } from "./platform.js";
export type {
  Admission,
  ChatSender,
  EtaInfo,
  MediaKind,
  RoomInfo,
  SelfInfo,
  ServerNotice,
  SlotCounts,
  SlotState,
  Quality,
  Speaker,
  TimeAsked,
  Ticket,
  TicketState,
  TrackSource,
  ViewData,
  ViewedVideo,
} from "./protocol.js";
export type { LocalTrackChange } from "./local-tracks.js";
export type { Moderation } from "./moderation.js";
export type { Publication } from "./publisher.js";
export { listedDelays, type RetryPolicy } from "./retry-policy.js";
export { Room, type Diagnostics, type RoomMetrics, type RoomOptions } from "./room.js";
export type { RoomEvents, RoomState, Waiting } from "./room-events.js";
export { trackOf, type RemoteParticipant, type RemoteTrack } from "./roster.js";
export type { TimerView } from "./session-timer.js";
export type { ConnectionMetrics, ResumeData, TokenSource } from "./signal-channel.js";
export type { Slot } from "./slots.js";
export type { CandidatePair, EncodingStats, RoomStats, SlotStats } from "./stats.js";
export { SDK_VERSION } from "./version.js";
