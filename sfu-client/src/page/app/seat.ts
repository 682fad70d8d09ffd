import type { ResumeData, Room } from "../../sdk/index.js";
import type { Invitation } from "./address.js";

/** Pages in frames share what a tab keeps, and have names. */
const keyOf = (frame: string) => `parley.seat.${frame}`;

/** What was on, as an invitation says it. */
export type DevicesOn = Pick<Invitation, "audio" | "microphoneMuted" | "video">;

/** What a reload has to find again: the place in the room, and what was on. */
export interface Seat extends DevicesOn {
  readonly room: string;
  readonly name: string;
  readonly resume: ResumeData;
}

/** What whoever comes back into a room finds as it was; a camera that a moderator turned off stays off. */
export function devicesOn(room: Pick<Room, "publication">): DevicesOn {
  const microphone = room.publication("microphone");
  return {
    audio: microphone !== undefined,
    microphoneMuted: microphone?.muted === true,
    video: room.publication("camera")?.muted === false,
  };
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
export function seated(invitation: Invitation, seat: Seat): Invitation {
  return { ...invitation, ...seat, joinAtOnce: true, token: seat.resume.token ?? invitation.token };
}
