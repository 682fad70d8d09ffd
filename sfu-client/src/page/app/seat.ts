import type { ResumeData } from "../../sdk/index.js";
import type { Invitation } from "./address.js";

/** Pages in frames share what a tab keeps, and have names. */
const keyOf = (frame: string) => `parley.seat.${frame}`;

/** What a reload has to find again: the place in the room, and what was on. */
export interface Seat {
  readonly room: string;
  readonly name: string;
  readonly microphone: boolean;
  readonly microphoneMuted: boolean;
  readonly camera: boolean;
  readonly resume: ResumeData;
}

/**
 * Kept for this tab and only while the page is away, so that a duplicated tab does not come along with a copy of it and take
 * the place away from the first.
 */
export function keepSeat(seat: Seat, storage: Storage = sessionStorage, frame = window.name): void {
  storage.setItem(keyOf(frame), JSON.stringify(seat));
}

/** Gives it out once. A seat of another room is not asked for any more. */
export function takeSeat(room: string, storage: Storage = sessionStorage, frame = window.name): Seat | undefined {
  const text = storage.getItem(keyOf(frame));
  storage.removeItem(keyOf(frame));
  if (text === null) return undefined;
  const seat = JSON.parse(text) as Seat;
  return seat.room === room ? seat : undefined;
}

/** Back into the call without a question. */
export function seated(
  invitation: Invitation,
  { name, microphone, microphoneMuted, camera, resume }: Seat,
): Invitation {
  return {
    ...invitation,
    name,
    joinAtOnce: true,
    audio: microphone,
    microphoneMuted,
    video: camera,
    resume,
    token: resume.token ?? invitation.token,
  };
}
