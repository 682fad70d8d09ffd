import type { PersonQuality, Sample } from "./types.js";

/** What a sample says, but for when it was taken. */
export type Measured = Omit<Sample, "at">;

/** What is measured of somebody; nothing before the first sample. */
export function measuredOf(person: PersonQuality | undefined): Measured | undefined {
  return person?.level === undefined ? undefined : (person as Measured);
}
