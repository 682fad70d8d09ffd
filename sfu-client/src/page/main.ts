import { browserPlatform, consoleLog, Room, SfuError, type ErrorCode } from "../sdk/index.js";
import { readInvitation, readRoomFragment, showRoomInAddress, signalUrl, type Invitation } from "./address.js";
import { Call } from "./call.js";
import { farewell } from "./farewell.js";
import { messageFor, type Message } from "./messages.js";
import { Prejoin, type JoinWish } from "./prejoin.js";
import { keepSeat, seated, takeSeat } from "./seat.js";
import { UnsteadyPlatform } from "./unsteady.js";
import { WaitingRoom } from "./waiting-room.js";

type PageState = "prejoin" | "joining" | "waiting" | "joined" | "reconnecting" | "left" | "error";

declare global {
  interface Window {
    /** For tests and for support: the current visit, what it counts, and what can be done to it. */
    parley: {
      room: Room | undefined;
      report(): unknown;
      debug: {
        /** Breaks the WebSocket and opens none for so long. */
        dropSocket(forMs?: number): void;
        restartIce(): void;
        switchTo(room: string): Promise<void>;
        sendChat(text: string): Promise<void>;
      };
    };
  }
}

/** Ends that somebody meant, and that are no failure. */
const MEANT: readonly ErrorCode[] = ["kicked", "replaced", "room_ended", "time_up", "left", "queue_denied"];

const log = consoleLog("info");
let sayInCall: (message: Message) => void = () => undefined;
const unsteady = new UnsteadyPlatform(browserPlatform());
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
    platform: unsteady.platform,
    resume: invitation.resume,
    ...invitation.media,
    ...(invitation.token === undefined ? {} : { token: invitation.token }),
  });
  window.parley.room = room;
  let again: Invitation = { ...invitation, name: displayName, room: name, joinAtOnce: false, resume: undefined };
  let call: Call | undefined;
  let waitingRoom: WaitingRoom | undefined;
  let joinedAtMs: number | undefined;
  const close = () => {
    call?.close();
    call = undefined;
    waitingRoom?.close();
    waitingRoom = undefined;
    document.title = "Parley";
  };
  const enter = () => {
    again = { ...again, room: room.name };
    showRoomInAddress(room.name);
    document.title = `${room.name} · Parley`;
    if (call) return;
    close();
    joinedAtMs ??= performance.now();
    const opened = new Call(room, joinedAtMs, invitation);
    call = opened;
    sayInCall = (message) => opened.say(message);
    show("joined", call.element);
    call.opened();
  };
  room.on("joined", enter);
  room.on("switched", enter);
  room.on("token", (token) => {
    again = { ...again, token };
    history.replaceState({ token }, "", location.href);
  });
  room.on("state", ({ state, attempt, maxAttempts }) => {
    if (state === "waiting" && !waitingRoom) {
      close();
      showRoomInAddress(room.name);
      waitingRoom = new WaitingRoom(room);
      show("waiting", waitingRoom.element);
    } else if (state === "waiting" || state === "reconnecting" || (state === "joined" && call)) show(state);
    else if (state === "joining" && attempt > 0) prejoin.busy(`Connecting (${attempt}/${maxAttempts})…`);
  });
  room.on("left", ({ error }) => {
    // Before the room or its waiting room was entered, the rejected join says it.
    if (!call && !waitingRoom) return;
    close();
    const failed = error !== undefined && !MEANT.includes(error.code);
    const page = farewell(
      { error, durationMs: joinedAtMs === undefined ? undefined : performance.now() - joinedAtMs, room: room.name },
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
    // Whoever waited has been told on a page of its own.
    if (document.body.dataset["state"] === "joining") start(again, "error", SfuError.from(thrown));
  }
}

/** A reload comes back to the same place. A closed tab keeps it for the grace of a lost connection. */
function leavePage(): void {
  const { room } = window.parley;
  if (!room) return;
  const { name, displayName } = room;
  const microphone = room.publication("microphone");
  const camera = room.publication("camera") !== undefined;
  const resume = room.suspend();
  if (!resume) return;
  const seat = { microphone: microphone !== undefined, microphoneMuted: microphone?.muted === true, camera, resume };
  keepSeat({ room: name, name: displayName, ...seat });
}

/** `#room=…` in the address leads the call into another room. */
function followAddress(): void {
  const target = readRoomFragment();
  const { room } = window.parley;
  if (target === undefined || room?.state !== "joined") return;
  showRoomInAddress(room.name);
  if (target === room.name) return;
  room.switchTo(target).catch((thrown: unknown) => {
    if (room.state !== "left") sayInCall(messageFor(SfuError.from(thrown)));
  });
}

function current(): Room {
  const { room } = window.parley;
  if (!room) throw new Error("There is no visit.");
  return room;
}

window.parley = {
  room: undefined,
  report() {
    const { room } = this;
    const lastError = room?.metrics.lastError;
    return {
      state: room?.state ?? "idle",
      room: room?.name,
      // An Error has no JSON.
      metrics: { ...room?.metrics, lastError: lastError && { code: lastError.code, message: lastError.message } },
      lastSeq: room?.diagnostics().lastSeq,
      chat: room?.chat.messages ?? [],
      waiting: room?.waiting,
      queue: room?.queue ?? [],
      timer: room?.timer,
    };
  },
  debug: {
    dropSocket: (forMs) => unsteady.dropSocket(forMs),
    restartIce: () => current().restartIce(),
    switchTo: (room) => current().switchTo(room),
    sendChat: (text) => current().chat.send(text),
  },
};
window.addEventListener("pagehide", leavePage);
// From the browser's cache a page comes back with its visit over.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
window.addEventListener("hashchange", followAddress);
const invitation = readInvitation();
const seat = takeSeat(invitation.room);
start(seat ? seated(invitation, seat) : invitation);
