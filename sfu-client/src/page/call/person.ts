import { trackOf, type RemoteParticipant, type SelfInfo } from "../../sdk/index.js";
import type { RoomView } from "./room-view.js";

/** @param participant `undefined`: oneself */
export function isMuted(view: RoomView, participant: RemoteParticipant | undefined): boolean {
  const microphone = participant ? trackOf(participant, "microphone") : view.publication("microphone");
  return microphone?.muted ?? true;
}

export function hasHandUp(person: Pick<SelfInfo, "attributes"> | undefined): boolean {
  return (person?.attributes?.["hand"] ?? "") !== "";
}
