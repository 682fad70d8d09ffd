import type { Invitation } from "../app/address.js";

/** What the address of a page says that names a room and a person. */
export const INVITATION: Invitation = {
  room: "blue",
  name: "Ann",
  joinAtOnce: false,
  audio: true,
  microphoneMuted: false,
  video: true,
  token: undefined,
  password: undefined,
  cameraHeight: undefined,
  inBackground: false,
  media: {},
  resume: undefined,
};
