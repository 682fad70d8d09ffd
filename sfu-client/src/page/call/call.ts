import { signal } from "@preact/signals";
import type { CandidatePair, Room, TrackSource } from "../../sdk/index.js";
import { Notices } from "../app/notices.js";
import type { MyDevices } from "../devices/my-devices.js";
import type { Texts } from "../i18n/en.js";
import { remainingText } from "../i18n/times.js";
import { Controls } from "./controls.js";
import { Door } from "./door.js";
import { hasHandUp } from "./person.js";
import { RoomView } from "./room-view.js";
import { StageState } from "./stage-state.js";
import { keepAwake } from "./wake-lock.js";

export type Panel = "chat" | "people";
export type Overlay = "settings" | "shortcuts";

const PATH_EVERY_MS = 5000;
const EXTEND_SEC = 300;
/** Back within the first attempts, one has hardly noticed: no message then. */
const SILENT_ATTEMPTS = 1;

/** What a call goes on with from the page around it. */
export interface CallParts {
  readonly mine: MyDevices;
  readonly joinedAtMs: number;
  /** Pictures keep coming while the page is out of sight. */
  readonly inBackground: boolean;
  /** That opened rooms, by their names. */
  readonly passwords: Map<string, string>;
}

/** A call that is open: the room, what is shown of it, and what is said about it. */
export class Call {
  readonly view: RoomView;
  readonly notices = new Notices();
  readonly controls: Controls;
  readonly stage: StageState;
  readonly door: Door;
  /** What stands beside the stage, one at a time. */
  readonly panel = signal<Panel | undefined>(undefined);
  readonly overlay = signal<Overlay | undefined>(undefined);
  readonly statistics = signal(false);
  /** Messages by others since the chat was last open. */
  readonly unread = signal(0);
  /** For those who do not see the tiles come and go. */
  readonly announcement = signal<(texts: Texts) => string>(() => "");
  readonly path = signal<CandidatePair | undefined>(undefined);
  /** Of the last warning of the timer. */
  readonly warnedSec = signal<number | undefined>(undefined);
  readonly mine: MyDevices;
  readonly joinedAtMs: number;
  readonly #stops: (() => void)[];

  constructor(room: Room, { mine, joinedAtMs, inBackground, passwords }: CallParts) {
    this.mine = mine;
    this.joinedAtMs = joinedAtMs;
    this.view = new RoomView(room);
    this.controls = new Controls(this.view, this.notices);
    this.stage = new StageState(this.view, inBackground);
    this.door = new Door(room, this.notices, passwords);
    const path = setInterval(() => void this.#lookForPath(), PATH_EVERY_MS);
    const seen = new Set(room.chat.messages.map(({ key }) => key));
    this.#stops = [
      () => clearInterval(path),
      keepAwake(),
      room.on("media", () => void this.#lookForPath()),
      room.on("waiting", (waiting) => waiting && this.door.queued()),
      room.chat.on("history", (messages) => {
        for (const { key } of messages) seen.add(key);
      }),
      room.chat.on("message", ({ key, own }) => {
        if (!seen.has(key) && !own && this.panel.value !== "chat") this.unread.value++;
        seen.add(key);
      }),
      ...this.#tellEvents(room),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.stage.close();
    this.view.close();
  }

  togglePanel(panel: Panel): void {
    this.panel.value = this.panel.value === panel ? undefined : panel;
    if (this.panel.value === "chat") this.unread.value = 0;
  }

  toggleAudioOnly(): void {
    const { audioOnly } = this.stage;
    audioOnly.value = !audioOnly.value;
    if (audioOnly.value && this.controls.isOn("camera")) void this.controls.toggle("camera");
  }

  extendTimer(sec = EXTEND_SEC): void {
    void this.notices.attempt(() => this.view.room.moderation.extendTimer(sec));
  }

  askForTime(): void {
    void this.notices.attempt(async () => {
      await this.view.room.askForTime(EXTEND_SEC);
      this.notices.say(({ timer }) => ({ title: timer.asked }));
    });
  }

  #tellEvents(room: Room): (() => void)[] {
    const { notices } = this;
    const say = (title: (texts: Texts) => string) => notices.say((texts) => ({ title: title(texts) }));
    const raised = new Set<string>();
    return [
      room.on("participantJoined", ({ displayName }) => {
        this.announcement.value = ({ call }) => call.joined(displayName);
      }),
      room.on("participantLeft", ({ participant: { id, displayName } }) => {
        raised.delete(id);
        this.announcement.value = ({ call }) => call.wentAway(displayName);
      }),
      room.on("participantUpdated", (participant) => {
        const { id, displayName } = participant;
        if (!hasHandUp(participant)) raised.delete(id);
        else if (!raised.has(id)) {
          raised.add(id);
          say(({ call }) => call.handRaised(displayName));
        }
      }),
      room.on("switched", ({ room: name }) => say(({ call }) => call.switched(name))),
      room.on("resumed", ({ attempts }) => {
        if (attempts > SILENT_ATTEMPTS) say(({ call }) => call.backAfter(attempts));
      }),
      room.on("notice", ({ text }) => {
        if (text !== undefined && text !== "") say(() => text);
      }),
      room.on("timer", () => (this.warnedSec.value = undefined)),
      room.on("timerWarning", ({ remainingSec }) => {
        this.warnedSec.value = remainingSec;
        say((texts) => remainingText(texts, remainingSec));
      }),
      room.on("timerEnded", () => say(({ timer }) => timer.ended)),
      room.on("timeAsked", ({ participantId, sec }) => {
        const name = this.view.nameOf(participantId);
        if (name === undefined || !room.moderates) return;
        notices.say(({ timer }) => ({ title: timer.wish(name, Math.max(1, Math.round(sec / 60))) }), {
          name: "give-time",
          label: ({ timer }) => timer.give,
          run: () => this.extendTimer(sec),
        });
      }),
      room.on("device", ({ device, reason }) => {
        if (device && reason !== "chosen") say(({ devices }) => devices.changed(device.label));
      }),
      room.on("local", ({ source, ended, mutedByOther }) => {
        if (mutedByOther) say(({ call }) => mutedText(call, source));
        if (ended && (source === "microphone" || source === "camera")) {
          notices.say(({ devices }) => ({
            title: source === "camera" ? devices.lostCamera : devices.lostMicrophone,
            advice: devices.lostAdvice,
          }));
        }
      }),
    ];
  }

  async #lookForPath(): Promise<void> {
    this.path.value = await this.view.room.selectedCandidatePair();
  }
}

function mutedText(call: Texts["call"], source: TrackSource): string {
  if (source === "camera") return call.cameraOffByHost;
  return source === "microphone" ? call.mutedByHost : call.screenOffByHost;
}
