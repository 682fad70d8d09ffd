export { AdaptiveView, type AdaptiveViewOptions } from "./adaptive-view.js";
export type { Chat, ChatEvents, ChatMessage } from "./chat.js";
export {
  captureDevices,
  captureScreen,
  type CapturedDevices,
  type CapturedScreen,
  type CaptureOptions,
  type DeviceWish,
} from "./capture.js";
export { canSend, VIDEO_CODECS, VIDEO_LAYERS, type MediaOptions, type VideoCodec, type VideoLayers } from "./codecs.js";
export type { DeviceAccess, DeviceInfo } from "./device-access.js";
export type { DeviceChange, DeviceSource } from "./device-keeper.js";
export {
  Devices,
  type Device,
  type DeviceChoices,
  type DeviceKind,
  type DeviceList,
  type DevicesEvents,
  type DevicesOptions,
} from "./devices.js";
export {
  SfuError,
  type ConnectionErrorCode,
  type ErrorCode,
  type LocalErrorCode,
  type ServerErrorCode,
} from "./errors.js";
export { atLeast, consoleLog, type LogFields, type LogLevel, type LogSink } from "./log.js";
export type { MediaState } from "./media-connection.js";
export { browserPlatform } from "./platform.js";
export type { Cancel, Clock, Network, Platform, Socket, SocketListener } from "./platform.js";
export {
  CAMERA_PRESETS,
  SCREEN_PRESETS,
  type CameraPreset,
  type CameraSettings,
  type ScreenPreset,
  type ScreenSettings,
} from "./presets.js";
export type {
  Admission,
  ChatInfo,
  ChatSender,
  DataSend,
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
  TrackInfo,
  TrackSource,
  ViewData,
  ViewedVideo,
} from "./protocol.js";
export type { LocalTrackChange } from "./local-tracks.js";
export type { Moderation } from "./moderation.js";
export type { Publication } from "./publisher.js";
export { qualityName, type QualityLevel, type QualityName } from "./quality.js";
export { ratesBetween, type Rates } from "./rates.js";
export { DEFAULT_RETRY, listedDelays, type RetryPolicies, type RetryPolicy } from "./retry-policy.js";
export { Room } from "./room.js";
export type { CallOptions, Diagnostics, RoomMetrics, RoomOptions } from "./room-options.js";
export type { RoomEvents, RoomState, Waiting } from "./room-events.js";
export { trackOf, type RemoteParticipant, type RemoteTrack } from "./roster.js";
export type { TimerView } from "./session-timer.js";
export type { ConnectionMetrics, ResumeData, TokenSource } from "./signal-channel.js";
export type { Slot } from "./slots.js";
export { browserSight, watchHidden, type Seen, type Sight } from "./sight.js";
export { watchLevel } from "./sound-level.js";
export type { CandidatePair, EncodingStats, RoomStats, SlotStats } from "./stats.js";
export type { EncodingSample, SlotSample, StatsSample } from "./stats-monitor.js";
export { playTone, type ToneOptions } from "./tone.js";
export { SDK_VERSION } from "./version.js";
export { SOUND_ONLY, viewOf, type PlacedTile, type Tile, type Viewport } from "./view-of.js";
