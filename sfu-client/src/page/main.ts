import { consoleLog, Room, SfuError, type ErrorCode } from "../sdk/index.js";
import { readInvitation, showRoomInAddress, signalUrl, type Invitation } from "./address.js";
import { Call } from "./call.js";
import { farewell } from "./farewell.js";
import { messageFor } from "./messages.js";
import { Prejoin, type JoinWish } from "./prejoin.js";

type PageState = "prejoin" | "joining" | "joined" | "reconnecting" | "left" | "error";

declare global {
  interface Window {
    /** For tests and for support: the current visit. */
    parley: { room: Room | undefined };
  }
}

/** Ends that somebody meant, and that are no failure. */
const MEANT: readonly ErrorCode[] = ["kicked", "replaced", "room_ended", "time_up"];

const log = consoleLog("info");
const app = document.querySelector<HTMLElement>("#app");
if (!app) throw new Error("index.html has no #app.");

function show(state: PageState, element?: HTMLElement): void {
  document.body.dataset["state"] = state;
  if (element) app?.replaceChildren(element);
}

function start(invitation: Invitation, state: PageState = "prejoin", error?: SfuError): void {
  const prejoin = new Prejoin(invitation, (wish) => void visit(invitation, wish, prejoin));
  show(state, prejoin.element);
  document.title = "Parley";
  if (error) prejoin.say(messageFor(error));
  void prejoin.open({ microphone: invitation.audio, camera: invitation.video });
  if (invitation.joinAtOnce && invitation.name !== "" && invitation.room !== "") {
    show("joining");
    void prejoin.submit();
  } else prejoin.focus();
}

async function visit(invitation: Invitation, wish: JoinWish, prejoin: Prejoin): Promise<void> {
  const { room: name, name: displayName, microphone, microphoneMuted, camera } = wish;
  show("joining");
  const room = new Room({
    url: signalUrl(),
    room: name,
    displayName,
    log,
    ...invitation.media,
    ...(invitation.token === undefined ? {} : { token: invitation.token }),
  });
  window.parley.room = room;
  let call: Call | undefined;
  let joinedAtMs = 0;
  room.on("state", ({ state, attempt, maxAttempts }) => {
    if (state === "joined" || state === "reconnecting") show(state);
    if (state === "joining" && attempt > 0) prejoin.busy(`Connecting (${attempt}/${maxAttempts})…`);
  });
  const again: Invitation = { ...invitation, name: displayName, room: name, joinAtOnce: false };
  room.on("left", ({ error }) => {
    // Before the room was entered, the rejected join says it.
    if (!call) return;
    call.close();
    document.title = "Parley";
    const failed = error !== undefined && !MEANT.includes(error.code);
    const page = farewell(
      { error, durationMs: performance.now() - joinedAtMs, room: name },
      { rejoin: () => start({ ...again, joinAtOnce: true }), home: () => start(again) },
    );
    show(failed ? "error" : "left", page);
    page.querySelector<HTMLButtonElement>("[data-action=rejoin]")?.focus();
  });
  try {
    if (microphone) await room.publish("microphone", microphone, { muted: microphoneMuted });
    if (camera) await room.publish("camera", camera);
    await room.join();
  } catch (thrown) {
    start(again, "error", SfuError.from(thrown));
    return;
  }
  joinedAtMs = performance.now();
  showRoomInAddress(name);
  document.title = `${name} · Parley`;
  call = new Call(room, joinedAtMs, invitation);
  show("joined", call.element);
  call.opened();
}

window.parley = { room: undefined };
// A closed tab should not keep its seat for the grace of a lost connection.
window.addEventListener("pagehide", () => window.parley.room?.leave());
start(readInvitation());
