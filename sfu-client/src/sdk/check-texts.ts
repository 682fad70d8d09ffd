import type { CheckId, CheckOutcome } from "./connection-check.js";
import type { EchoQuality } from "./echo-quality.js";
import type { ErrorCode, SfuError } from "./errors.js";
import type { CandidatePair } from "./stats.js";

/** What is said about one way to the server. */
export interface Way {
  readonly title: string;
  /** Why it is not tried. */
  readonly absent: string;
  readonly cause: string;
  readonly advice: string;
}

type WayId = Extract<CheckId, "udp" | "tcp" | "relayUdp" | "relayTcp" | "relayTls">;

const ASK = "Ask whoever runs your network to allow it";

export const WAYS: Readonly<Record<WayId, Way>> = {
  udp: {
    title: "Media by UDP",
    absent: "The server offers no UDP address.",
    cause: "UDP does not get through to the server: a firewall or a VPN blocks it.",
    advice: `Calls go by TCP or by a relay then, with more delay. ${ASK}, or try another network.`,
  },
  tcp: {
    title: "Media by TCP",
    absent: "The server offers no TCP address.",
    cause: "The server's media port cannot be reached by TCP.",
    advice: `This matters only where UDP is blocked as well. ${ASK}.`,
  },
  relayUdp: {
    title: "Relay by UDP",
    absent: "The server names no relay for UDP.",
    cause: "The relay cannot be reached by UDP, or it refuses to serve.",
    advice: `This matters only where no direct way works. ${ASK}.`,
  },
  relayTcp: {
    title: "Relay by TCP",
    absent: "The server names no relay for TCP.",
    cause: "The relay cannot be reached by TCP, or it refuses to serve.",
    advice: `This matters only where no direct way works. ${ASK}.`,
  },
  relayTls: {
    title: "Relay by TLS",
    absent: "The server names no relay for TLS.",
    cause: "The relay cannot be reached by TLS, or it refuses to serve.",
    advice: "This is the last way through a strict firewall. Tell whoever runs the server.",
  },
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
    return {
      verdict: "failed",
      cause: sentBps === 0 ? "The browser sent no picture." : "Nothing of what was sent came back.",
      advice: "Keep this page in view and run the check again. If it stays so, send us the report.",
      details,
    };
  }
  const wrong = [
    lossPercent >= LOSS_PERCENT && `${details.lossPercent} % of the packets are lost.`,
    rttMs !== undefined && rttMs >= ROUND_TRIP_MS && `A packet takes ${Math.round(rttMs)} ms there and back.`,
    jitterMs !== undefined && jitterMs >= JITTER_MS && `Packets arrive unevenly, by ${Math.round(jitterMs)} ms.`,
    receivedBps < LEAST_BPS && `Only ${details.receivedKbps} kbit/s get through.`,
  ].filter((sentence) => sentence !== false);
  if (wrong.length === 0) return { verdict: "ok", details };
  return {
    verdict: "warning",
    cause: wrong.join(" "),
    advice: "Use a cable or stand nearer to the Wi-Fi, and stop downloads. Without a camera calls need far less.",
    details,
  };
}

const LOST: readonly ErrorCode[] = ["connection_lost", "connect_timeout", "request_timeout", "heartbeat_lost"];

/** Why the server could not be asked. */
export function signallingOutcome(error: SfuError): CheckOutcome {
  if (!LOST.includes(error.code) && error.code !== "unexpected") return causeOf(error);
  return {
    verdict: "failed",
    cause: "The server cannot be reached by WebSocket.",
    advice: "Check the internet connection. A firewall, a proxy or a VPN may block it: try another network.",
    details: { code: error.code },
  };
}

interface Row extends CheckOutcome {
  readonly codes: readonly ErrorCode[];
}

/** In `cause`, `device` stands for the one in question. */
const CAUSES: readonly Row[] = [
  {
    codes: ["not_authenticated", "token_invalid", "token_expired", "token_not_yet_valid"],
    verdict: "failed",
    cause: "The server is there, but it does not take this invitation.",
    advice: "Open this page from the link that you were invited with, or ask for a new one.",
  },
  {
    codes: ["permission_denied"],
    verdict: "failed",
    cause: "Access to the device was not allowed.",
    advice: "Allow it with the icon beside the address, and in the system's settings; then run the check again.",
  },
  {
    codes: ["device_not_found"],
    verdict: "warning",
    cause: "No device was found.",
    advice: "Connect one and run the check again. One can watch and listen without.",
  },
  {
    codes: ["device_busy", "capture_failed"],
    verdict: "failed",
    cause: "The device could not be started.",
    advice: "Close other programs that use it, then run the check again.",
  },
  {
    codes: ["insecure_context", "capture_unsupported"],
    verdict: "failed",
    cause: "The browser gives no access to the device on this page.",
    advice: "Open this address with https:// in a current browser.",
  },
  {
    codes: ["forbidden"],
    verdict: "skipped",
    cause: "This invitation does not allow it.",
  },
  {
    codes: ["room_full", "server_full", "rate_limited", "draining", "too_many_connections"],
    verdict: "skipped",
    cause: "The server has no place for this check at the moment.",
    advice: "Close other tabs with calls, and run the check again in a minute.",
  },
  {
    codes: ["dtls_failed"],
    verdict: "failed",
    cause: "The server was reached, but the encryption could not be set up.",
    advice: "A firewall that looks into connections can do that: try another network.",
  },
  {
    codes: LOST,
    verdict: "failed",
    cause: "The connection to the server was lost meanwhile.",
    advice: "Run the check again. If it happens again, the network cuts connections.",
  },
];
const UNKNOWN: CheckOutcome = {
  verdict: "failed",
  cause: "Something went wrong that should not.",
  advice: "Run the check again. If it stays so, send us the report.",
};

/** What a typed error means for a check that met it. */
export function causeOf(error: SfuError, device = "device"): CheckOutcome {
  const { verdict, cause, advice } = CAUSES.find(({ codes }) => codes.includes(error.code)) ?? UNKNOWN;
  return {
    verdict,
    ...(cause !== undefined && { cause: cause.replace(/\bdevice\b/, device) }),
    ...(advice !== undefined && { advice }),
    details: { code: error.code },
  };
}
