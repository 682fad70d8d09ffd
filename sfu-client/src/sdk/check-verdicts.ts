import type { CheckReason } from "./check-reasons.js";
import type { CheckId, CheckOutcome, CheckVerdict } from "./connection-check.js";
import type { EchoQuality } from "./echo-quality.js";
import type { ErrorCode, SfuError } from "./errors.js";
import type { CandidatePair } from "./stats.js";

type WayId = Extract<CheckId, "udp" | "tcp" | "relayUdp" | "relayTcp" | "relayTls">;

/** What is said about one way to the server: why it is not tried, and that it leads nowhere. */
export const WAYS: Readonly<Record<WayId, { readonly absent: CheckReason; readonly blocked: CheckReason }>> = {
  udp: { absent: "udp_absent", blocked: "udp_blocked" },
  tcp: { absent: "tcp_absent", blocked: "tcp_blocked" },
  relayUdp: { absent: "relay_udp_absent", blocked: "relay_udp_blocked" },
  relayTcp: { absent: "relay_tcp_absent", blocked: "relay_tcp_blocked" },
  relayTls: { absent: "relay_tls_absent", blocked: "relay_tls_blocked" },
};

const LOSS_PERCENT = 3;
const ROUND_TRIP_MS = 300;
const JITTER_MS = 50;
const LEAST_BPS = 150_000;

/** How well an echo call went. */
export function qualityOutcome(quality: EchoQuality, pair: CandidatePair | undefined): CheckOutcome {
  const { sentBps, receivedBps, lossPercent, jitterMs, fps } = quality;
  const rttMs = pair?.rttMs;
  const details = {
    sentKbps: Math.round(sentBps / 1000),
    receivedKbps: Math.round(receivedBps / 1000),
    lossPercent: Math.round(lossPercent * 10) / 10,
    fps: Math.round(fps),
    ...(jitterMs !== undefined && { jitterMs: Math.round(jitterMs) }),
    ...(rttMs !== undefined && { roundTripMs: Math.round(rttMs) }),
    ...(pair && { path: pair.path, localType: pair.localType, remoteType: pair.remoteType }),
  };
  if (receivedBps === 0) {
    return { verdict: "failed", reasons: [sentBps === 0 ? "nothing_sent" : "nothing_back"], details };
  }
  const reasons = (
    [
      ["loss", lossPercent >= LOSS_PERCENT],
      ["delay", rttMs !== undefined && rttMs >= ROUND_TRIP_MS],
      ["jitter", jitterMs !== undefined && jitterMs >= JITTER_MS],
      ["narrow", receivedBps < LEAST_BPS],
    ] as const
  ).flatMap(([reason, wrong]) => (wrong ? [reason] : []));
  return reasons.length === 0 ? { verdict: "ok", details } : { verdict: "warning", reasons, details };
}

const LOST: readonly ErrorCode[] = ["connection_lost", "connect_timeout", "request_timeout", "heartbeat_lost"];

/** Why the server could not be asked. */
export function signallingOutcome(error: SfuError): CheckOutcome {
  if (!LOST.includes(error.code) && error.code !== "unexpected") return outcomeOf(error);
  return { verdict: "failed", reasons: ["server_unreachable"], details: { code: error.code } };
}

type Row = readonly [codes: readonly ErrorCode[], verdict: CheckVerdict, reason: CheckReason];

const ROWS: readonly Row[] = [
  [["not_authenticated", "token_invalid", "token_expired", "token_not_yet_valid"], "failed", "invitation_refused"],
  [["forbidden"], "skipped", "not_allowed"],
  [["room_full", "server_full", "rate_limited", "draining", "too_many_connections"], "skipped", "no_place"],
  [["dtls_failed"], "failed", "encryption_failed"],
  [LOST, "failed", "connection_lost"],
];

/** What a typed error means for a check that met it. */
export function outcomeOf({ code }: SfuError): CheckOutcome {
  const [, verdict, reason] = ROWS.find(([codes]) => codes.includes(code)) ?? [[], "failed", "unexpected"];
  return { verdict, reasons: [reason], details: { code } };
}

type Device = "microphone" | "camera";

const DEVICE_REASONS: Readonly<Partial<Record<ErrorCode, (device: Device) => CheckReason>>> = {
  permission_denied: (device) => `${device}_denied`,
  device_not_found: (device) => `${device}_missing`,
  insecure_context: () => "insecure_page",
  capture_unsupported: () => "devices_unsupported",
};

/** Why a device could not be tried. One can do without: only what is there and does not work has failed. */
export function deviceOutcome(device: Device, { code }: SfuError): CheckOutcome {
  const reason = DEVICE_REASONS[code]?.(device) ?? (`${device}_busy` as const);
  return { verdict: code === "device_not_found" ? "warning" : "failed", reasons: [reason], details: { code } };
}
