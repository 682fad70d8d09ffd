import type { Schemas } from "../../../admin/client.js";

export type Room = Schemas["Room"];
export type Participant = Schemas["Participant"];
export type ParticipantDetails = Schemas["ParticipantDetails"];
export type Ticket = Schemas["Ticket"];
export type Timer = Schemas["Timer"];
export type RoomEvent = Schemas["Event"];
export type Track = Schemas["Track"];
export type Source = Track["source"];

export type ServerState = Schemas["Server"];

/** Why a call was not good, in one participant's interval. */
export const CAUSES = [
  "server_overload",
  "interrupted",
  "loss_down",
  "loss_up",
  "low_bandwidth_down",
  "low_bandwidth_up",
  "sender_cpu",
  "high_delay",
  "jitter",
  "tcp_path",
  "relay_path",
  "source",
] as const;
export type Cause = (typeof CAUSES)[number];

export type RoomQuality = Schemas["RoomQuality"];
/** One of a room; only the name is known before the first sample. */
export type PersonQuality = RoomQuality["participants"][number];
/** One slot in use: whom a viewer is shown, and how. */
export type View = RoomQuality["views"][number];
/** A layer of a picture; `null` for none, and for sound. */
export type Picture = Schemas["Picture"];
export type Timeline = Schemas["Timeline"];
export type Sample = Schemas["QualitySample"];
/** A slot's change; without `to` it paused. */
export type Switch = Timeline["switches"][number];
export type Diagnosis = Schemas["Diagnosis"];
export type Finding = Diagnosis["findings"][number];
export type Verdict = Diagnosis["verdict"];

/** One stay in a room, as the history keeps it. */
export type Visit = Schemas["Visit"];
export const JOIN_PHASES = ["answerMs", "iceMs", "dtlsMs", "firstPacketMs"] as const satisfies (keyof Visit["join"])[];
export type VisitDetails = Schemas["VisitDetails"];
/** A minute, or what there was of it. */
export type Minute = Schemas["QualityMinute"];
/** A room from its opening to its end. */
export type RoomSession = Schemas["RoomSession"];
export type PastEvent = Schemas["PastEvent"];
export type AuditEntry = Schemas["AuditEntry"];
export type QueueWait = Schemas["QueueWait"];
/** An uploaded report of the connection check, as it is listed. */
export type ReportEntry = Schemas["Report"];

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | undefined;
}
