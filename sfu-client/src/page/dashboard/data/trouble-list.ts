import { isHarmless } from "./plain-words.js";
import type { PersonQuality, RoomQuality } from "./types.js";

/** Up to this level a connection is a trouble, whatever it comes from. */
const POOR = 2;
const SHOWN = 30;

/** Somebody whose call is not good. */
export interface PoorOne {
  readonly room: string;
  readonly person: PersonQuality;
  /** Of everybody in the room, by id: a cause may name another one. */
  readonly names: ReadonlyMap<string, string>;
}

/** Who has a poor connection, or one that something disturbs; the worst first. */
export function poorOnes(rooms: readonly (RoomQuality | undefined)[]): readonly PoorOne[] {
  return rooms
    .flatMap((quality) => {
      if (!quality) return [];
      const names = new Map(quality.participants.map(({ participantId, displayName }) => [participantId, displayName]));
      const poor = quality.participants.filter(isPoor);
      return poor.map((person) => ({ room: quality.room, person, names }));
    })
    .sort((one, other) => (one.person.level ?? POOR) - (other.person.level ?? POOR))
    .slice(0, SHOWN);
}

/** Before the first sample nothing is known. */
function isPoor({ level, causes = [] }: PersonQuality): boolean {
  return level !== undefined && (level <= POOR || !causes.every(isHarmless));
}
