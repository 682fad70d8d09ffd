/** Running totals of an echo call, as the browser counts them. */
export interface EchoCounts {
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly framesDecoded: number;
  /** Of what this side receives; `undefined` before anything came. */
  readonly jitterMs: number | undefined;
}

/** What one's own picture went through, there and back. */
export interface EchoQuality {
  readonly sentBps: number;
  readonly receivedBps: number;
  /** Of the packets that should have come back, in per cent, after the repair by retransmissions. */
  readonly lossPercent: number;
  readonly jitterMs: number | undefined;
  readonly fps: number;
}

type Entry = Readonly<Record<string, unknown>>;

/** Sums up the media of a connection that sends and receives one picture. */
export function echoCounts(report: RTCStatsReport): EchoCounts {
  const entries: Entry[] = [];
  report.forEach((entry: Entry) => entries.push(entry));
  const sent = entries.filter(({ type }) => type === "outbound-rtp");
  const received = entries.filter(({ type }) => type === "inbound-rtp");
  const sum = (of: Entry[], field: string) => of.reduce((total, entry) => total + (numberOf(entry[field]) ?? 0), 0);
  const jitters = received.flatMap((entry) => numberOf(entry["jitter"]) ?? []);
  return {
    bytesSent: sum(sent, "bytesSent"),
    bytesReceived: sum(received, "bytesReceived"),
    packetsReceived: sum(received, "packetsReceived"),
    packetsLost: sum(received, "packetsLost"),
    framesDecoded: sum(received, "framesDecoded"),
    jitterMs: jitters.length === 0 ? undefined : Math.max(...jitters) * 1000,
  };
}

export function echoQuality(before: EchoCounts, after: EchoCounts, elapsedMs: number): EchoQuality {
  const perSec = (field: "bytesSent" | "bytesReceived" | "framesDecoded") =>
    ((after[field] - before[field]) * 1000) / elapsedMs;
  // A packet that comes late is taken back from the lost ones.
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const due = lost + after.packetsReceived - before.packetsReceived;
  return {
    sentBps: perSec("bytesSent") * 8,
    receivedBps: perSec("bytesReceived") * 8,
    lossPercent: due === 0 ? 0 : (lost * 100) / due,
    jitterMs: after.jitterMs,
    fps: perSec("framesDecoded"),
  };
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
