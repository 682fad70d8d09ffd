import { signal } from "@preact/signals";
import { browserPlatform, CAMERA_PRESETS, consoleLog, Room, SfuError, type ErrorCode } from "../../sdk/index.js";
import { MyDevices } from "../devices/my-devices.js";
import { Call } from "../call/call.js";
import { RoomView } from "../call/room-view.js";
import type { Farewell } from "../farewell/farewell-page.js";
import { PrejoinState, type JoinWish } from "../prejoin/prejoin-state.js";
import { readRoomFragment, showRoomInAddress, signalUrl, type Invitation } from "./address.js";
import { devicesOn, keepSeat } from "./seat.js";
import { UnsteadyPlatform } from "./unsteady.js";

export type PageState = "prejoin" | "joining" | "waiting" | "joined" | "reconnecting" | "left" | "error";

/** What fills the page. */
export type Screen =
  | { readonly kind: "prejoin"; readonly prejoin: PrejoinState; readonly join: () => void }
  | { readonly kind: "waiting"; readonly view: RoomView }
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "farewell"; readonly farewell: Farewell };

/** Ends that somebody meant, and that are no failure. */
const MEANT: readonly ErrorCode[] = ["kicked", "replaced", "room_ended", "time_up", "left", "queue_denied"];

/** One visit after the other, each from the card before it to the page after it. */
export class Visits {
  readonly state = signal<PageState>("prejoin");
  readonly screen = signal<Screen | undefined>(undefined);
  readonly title = signal("Parley");
  /** Of the visit now, or the last one; `undefined` before the first. */
  room: Room | undefined;
  readonly unsteady = new UnsteadyPlatform(browserPlatform());
  readonly #mine = new MyDevices();
  /** That opened rooms, or were meant to, by their names: nobody is asked twice. */
  readonly #passwords = new Map<string, string>();
  readonly #log = consoleLog("info");

  /** Shows the card, or joins at once when the invitation says so. */
  start(invitation: Invitation, state: PageState = "prejoin", error?: SfuError): void {
    const prejoin = new PrejoinState(invitation, this.#mine, error);
    const join = () => void prejoin.submit().then((wish) => this.#visit(invitation, wish, prejoin));
    this.#show(state, { kind: "prejoin", prejoin, join });
    this.title.value = "Parley";
    const camera = invitation.video && (invitation.joinAtOnce || this.#mine.cameraOn);
    void prejoin.open({ microphone: invitation.audio, camera });
    if (!invitation.joinAtOnce || invitation.name === "" || invitation.room === "") return;
    this.#show("joining");
    join();
  }

  /** A reload comes back to the same place. A closed tab keeps it for the grace of a lost connection. */
  leavePage(): void {
    const { room } = this;
    if (!room) return;
    const { name, displayName } = room;
    const on = devicesOn(room);
    const resume = room.suspend();
    if (resume) keepSeat({ room: name, name: displayName, ...on, resume });
  }

  /** `#room=…` in the address leads the call into another room. */
  followAddress(): void {
    const target = readRoomFragment();
    const { room } = this;
    const screen = this.screen.value;
    if (target === undefined || room?.state !== "joined" || screen?.kind !== "call") return;
    showRoomInAddress(room.name);
    if (target !== room.name) void screen.call.door.goTo(target);
  }

  #show(state: PageState, screen?: Screen): void {
    this.state.value = state;
    if (!screen) return;
    this.#close();
    this.screen.value = screen;
  }

  #close(): void {
    const screen = this.screen.value;
    if (screen?.kind === "call") screen.call.close();
    else if (screen?.kind === "waiting") screen.view.close();
  }

  async #visit(invitation: Invitation, wish: JoinWish, prejoin: PrejoinState): Promise<void> {
    const { room: name, name: displayName, password, microphone, microphoneMuted, camera } = wish;
    this.#show("joining");
    const room = new Room({
      url: signalUrl(),
      room: name,
      displayName,
      log: this.#log,
      platform: this.unsteady.platform,
      devices: this.#mine.devices,
      resume: invitation.resume,
      ...invitation.media,
      ...(invitation.cameraHeight && { camera: { ...CAMERA_PRESETS.standard, height: invitation.cameraHeight } }),
      ...(invitation.token === undefined ? {} : { token: invitation.token }),
      ...(password === undefined ? {} : { password }),
    });
    this.room = room;
    const again = { ...invitation, name: displayName, room: name, password, joinAtOnce: false, resume: undefined };
    this.#follow(room, again, prejoin);
    try {
      if (microphone) await room.publish("microphone", microphone, { muted: microphoneMuted });
      if (camera) await room.publish("camera", camera);
      await room.join();
    } catch (thrown) {
      // Whoever waited has been told on a page of its own.
      if (this.state.value === "joining") this.start(again, "error", SfuError.from(thrown));
    }
  }

  /** @param again how to come back after this visit */
  #follow(room: Room, again: Invitation, prejoin: PrejoinState): void {
    let next = again;
    let joinedAtMs: number | undefined;
    const inside = () => this.room === room && this.screen.value?.kind === "call";
    const waits = () => this.room === room && this.screen.value?.kind === "waiting";
    const opened = () => {
      if (again.password !== undefined) this.#passwords.set(again.room, again.password);
    };
    const enter = () => {
      opened();
      next = { ...next, room: room.name };
      showRoomInAddress(room.name);
      this.title.value = `${room.name} · Parley`;
      if (inside()) return;
      joinedAtMs ??= performance.now();
      const { inBackground } = again;
      const parts = { mine: this.#mine, passwords: this.#passwords, joinedAtMs, inBackground };
      this.#show("joined", { kind: "call", call: new Call(room, parts) });
    };
    room.on("joined", enter);
    room.on("switched", enter);
    room.on("token", (token) => {
      next = { ...next, token };
      history.replaceState({ token }, "", location.href);
    });
    room.on("state", ({ state, attempt, maxAttempts }) => {
      if (state === "waiting" && !waits()) {
        opened();
        showRoomInAddress(room.name);
        this.#show("waiting", { kind: "waiting", view: new RoomView(room) });
      } else if (state === "waiting" || state === "reconnecting" || (state === "joined" && inside())) this.#show(state);
      else if (state === "joining" && attempt > 0) {
        prejoin.progress.value = { step: "connecting", attempt, most: maxAttempts };
      }
    });
    room.on("left", ({ error }) => {
      // Before the room or its waiting room was entered, the rejected join says it.
      if (!inside() && !waits()) return;
      next = { ...next, password: this.#passwords.get(room.name) };
      const failed = error !== undefined && !MEANT.includes(error.code);
      this.title.value = "Parley";
      this.#show(failed ? "error" : "left", {
        kind: "farewell",
        farewell: {
          error,
          durationMs: joinedAtMs === undefined ? undefined : performance.now() - joinedAtMs,
          room: room.name,
          rejoin: () => this.start({ ...next, ...devicesOn(room), joinAtOnce: true }),
          home: () => this.start(next),
        },
      });
    });
  }
}
