/** Of a connection: 0 (nothing gets through) to 5, as the server rates it and tells everybody. */
export type QualityLevel = 0 | 1 | 2 | 3 | 4 | 5;

/** A word for a level, to be translated. */
export type QualityName = "lost" | "bad" | "poor" | "fair" | "good" | "excellent";

const NAMES = ["lost", "bad", "poor", "fair", "good", "excellent"] as const satisfies readonly QualityName[];

/** The word for a level of 0 to 5; what lies between is rounded, what lies outside is taken for the nearest. */
export function qualityName(level: number): QualityName {
  return NAMES[toLevel(level)];
}

export function toLevel(level: number): QualityLevel {
  return Math.min(5, Math.max(0, Math.round(level))) as QualityLevel;
}

/** Limits of the levels 5 down to 2; beyond the last one it is 1. */
const LOSS_PERCENT = [1, 3, 6, 12];
const ROUND_TRIP_MS = [150, 300, 450, 700];

/** What this side can tell by itself, while the server cannot be heard. */
export function estimatedLevel(lossPercent: number, rttMs: number | undefined, flows: boolean): QualityLevel {
  if (!flows) return 0;
  return toLevel(Math.min(grade(lossPercent, LOSS_PERCENT), grade(rttMs ?? 0, ROUND_TRIP_MS)));
}

function grade(value: number, limits: readonly number[]): number {
  return 5 - limits.filter((limit) => value >= limit).length;
}
