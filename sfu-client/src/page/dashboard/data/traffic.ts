import type { Traffic } from "./operator-api.js";

export interface TrafficAt {
  readonly traffic: Traffic;
  readonly atMs: number;
}

/** Bits a second between two readings; `undefined` when a restart lies between them. */
export function trafficRate(
  before: TrafficAt,
  now: TrafficAt,
): { readonly receivedBps: number; readonly sentBps: number } | undefined {
  const seconds = (now.atMs - before.atMs) / 1000;
  const received = now.traffic.receivedBytes - before.traffic.receivedBytes;
  const sent = now.traffic.sentBytes - before.traffic.sentBytes;
  if (seconds <= 0 || received < 0 || sent < 0) return undefined;
  return { receivedBps: (received * 8) / seconds, sentBps: (sent * 8) / seconds };
}
