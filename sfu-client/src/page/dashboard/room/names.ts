import type { RoomQuality } from "../data/types.js";

/** How people are called, by their ids. */
export function namesOf(quality: RoomQuality | undefined): ReadonlyMap<string, string> {
  return new Map(quality?.participants.map(({ participantId, displayName }) => [participantId, displayName]));
}
