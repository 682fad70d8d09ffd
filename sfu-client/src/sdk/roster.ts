import type { MediaKind, ParticipantInfo, TrackInfo, TrackSource } from "./protocol.js";

/** A track that somebody else publishes. */
export interface RemoteTrack {
  readonly trackId: string;
  readonly source: TrackSource;
  readonly kind: MediaKind;
  readonly muted: boolean;
  readonly label: string;
}

/** Another person in the room. A change makes a new object: what a listener was given stays as it was. */
export interface RemoteParticipant {
  readonly id: string;
  readonly csrc: number;
  readonly displayName: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly role: string;
  readonly tracks: readonly RemoteTrack[];
}

/** A participant's track from one source. */
export function trackOf(participant: RemoteParticipant, source: TrackSource): RemoteTrack | undefined {
  return participant.tracks.find((track) => track.source === source);
}

/** The others in the room. */
export class Roster {
  readonly #byId = new Map<string, RemoteParticipant>();

  all(): RemoteParticipant[] {
    return [...this.#byId.values()];
  }

  /** Everybody at once. */
  replace(all: readonly ParticipantInfo[]): void {
    this.#byId.clear();
    for (const info of all) this.put(info);
  }

  find(id: string): RemoteParticipant | undefined {
    return this.#byId.get(id);
  }

  /** Adds or replaces. */
  put(info: ParticipantInfo): { participant: RemoteParticipant; added: boolean } {
    const participant: RemoteParticipant = {
      id: info.id,
      csrc: info.csrc,
      displayName: info.displayName,
      attributes: info.attributes ?? {},
      role: info.role ?? "participant",
      tracks: (info.tracks ?? []).map(remoteTrack),
    };
    const added = !this.#byId.has(info.id);
    this.#byId.set(info.id, participant);
    return { participant, added };
  }

  remove(id: string): RemoteParticipant | undefined {
    const participant = this.#byId.get(id);
    this.#byId.delete(id);
    return participant;
  }

  putTrack(participantId: string, info: TrackInfo): RemoteParticipant | undefined {
    return this.#changeTracks(participantId, (tracks) => [
      ...tracks.filter(({ trackId }) => trackId !== info.trackId),
      remoteTrack(info),
    ]);
  }

  removeTrack(participantId: string, trackId: string): RemoteParticipant | undefined {
    return this.#changeTracks(participantId, (tracks) => tracks.filter((track) => track.trackId !== trackId));
  }

  muteTrack(participantId: string, trackId: string, muted: boolean): RemoteParticipant | undefined {
    return this.#changeTracks(participantId, (tracks) =>
      tracks.map((track) => (track.trackId === trackId ? { ...track, muted } : track)),
    );
  }

  #changeTracks(
    participantId: string,
    change: (tracks: readonly RemoteTrack[]) => readonly RemoteTrack[],
  ): RemoteParticipant | undefined {
    const participant = this.#byId.get(participantId);
    if (!participant) return undefined;
    const changed = { ...participant, tracks: change(participant.tracks) };
    this.#byId.set(participantId, changed);
    return changed;
  }
}

function remoteTrack({ trackId, source, kind, muted, label }: TrackInfo): RemoteTrack {
  return { trackId, source, kind, muted, label: label ?? "" };
}
