import { captureDevices, type CapturedDevices, type CaptureOptions, type DeviceWish } from "./capture.js";
import { browserDeviceAccess, type DeviceAccess } from "./device-access.js";
import { Emitter } from "./emitter.js";
import type { Cancel } from "./platform.js";

/** What a person chooses one of. */
export type DeviceKind = "microphone" | "camera" | "speaker";

/** Something that is plugged in. */
export interface Device {
  readonly kind: DeviceKind;
  /** The same for this page as long as the user does not clear its data; empty until access was allowed. */
  readonly deviceId: string;
  /** As the system names it; empty until access was allowed. */
  readonly label: string;
}

/** All that is plugged in. The system's default is not named by itself: it is what no choice means. */
export interface DeviceList {
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
}

/** What the person prefers, by `deviceId`; what is missing is left to the system. */
export type DeviceChoices = Readonly<Partial<Record<DeviceKind, string>>>;

/** What `Devices` tells. */
export interface DevicesEvents {
  /** The list changed; `added` and `removed` are empty when only labels became known. */
  list: { readonly list: DeviceList; readonly added: readonly Device[]; readonly removed: readonly Device[] };
  /** The person chose; `undefined` leaves it to the system. */
  choice: { readonly kind: DeviceKind; readonly deviceId: string | undefined };
}

/** Where to begin. */
export interface DevicesOptions {
  /** From an earlier visit. */
  readonly chosen?: DeviceChoices;
  /** The browser's when not given. */
  readonly access?: DeviceAccess;
}

const KINDS: Readonly<Record<MediaDeviceKind, DeviceKind>> = {
  audioinput: "microphone",
  videoinput: "camera",
  audiooutput: "speaker",
};
/** Chromium's second names for devices that it lists as well. */
const ALIASES: readonly string[] = ["default", "communications"];

/** The output of a player can be chosen in some browsers only. */
type Sink = Partial<Pick<HTMLMediaElement, "setSinkId">>;

/** What is plugged in, and which of it the person prefers; for a page before a call, and for a `Room` in one. */
export class Devices {
  readonly #access: DeviceAccess;
  readonly #events = new Emitter<DevicesEvents>();
  /** What came from here, with the device it came from. */
  readonly #opened = new WeakMap<MediaStreamTrack, Device | undefined>();
  readonly #stopWatching: Cancel;
  #chosen: DeviceChoices;
  #devices: readonly Device[] = [];
  #known = false;

  constructor({ chosen = {}, access = browserDeviceAccess() }: DevicesOptions = {}) {
    this.#access = access;
    this.#chosen = chosen;
    this.#stopWatching = access.watch(() => void this.refresh());
  }

  /** Listens until the returned function is called. */
  on<K extends keyof DevicesEvents>(type: K, listener: (payload: DevicesEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  /** As of the last `refresh()`, which comes by itself when something is plugged in or out, and after `open()`. */
  get list(): DeviceList {
    const of = (kind: DeviceKind) => this.#devices.filter((device) => device.kind === kind);
    return { microphones: of("microphone"), cameras: of("camera"), speakers: of("speaker") };
  }

  get chosen(): DeviceChoices {
    return this.#chosen;
  }

  /** Prefers a device from now on. What is published already is changed by `Room.switchDevice`. */
  choose(kind: DeviceKind, deviceId: string | undefined): void {
    if (this.#chosen[kind] === deviceId) return;
    const others = Object.entries(this.#chosen).filter(([other]) => other !== kind);
    this.#chosen = Object.fromEntries(deviceId === undefined ? others : [...others, [kind, deviceId]]);
    this.#events.emit("choice", { kind, deviceId });
  }

  /** Asks the browser what is plugged in; never rejects. */
  async refresh(): Promise<DeviceList> {
    const found = await this.#access.enumerate().catch(() => undefined);
    if (found) this.#take(found.filter(({ deviceId }) => !ALIASES.includes(deviceId)).map(toDevice));
    return this.list;
  }

  /**
   * Opens the chosen devices, with one question to the user. Where a chosen one is missing another one is taken.
   *
   * @param wish may name devices by itself, which leaves the choice as it is
   */
  async open(wish: DeviceWish, options: Pick<CaptureOptions, "signal"> = {}): Promise<CapturedDevices> {
    const { microphone: microphoneId, camera: cameraId } = this.#chosen;
    const captured = await captureDevices({ microphoneId, cameraId, ...wish }, { ...options, access: this.#access });
    // Browsers tell names and ids only after access was allowed.
    await this.refresh();
    for (const track of [captured.microphone, captured.camera]) if (track) this.#opened.set(track, this.#listed(track));
    return captured;
  }

  /** Whether a track came from `open()`, and so may be replaced by another device's. */
  opened(track: MediaStreamTrack): boolean {
    return this.#opened.has(track);
  }

  /** The device a track comes from; one that is gone is known only of a track that came from `open()`. */
  deviceOf(track: MediaStreamTrack): Device | undefined {
    return this.#opened.get(track) ?? this.#listed(track);
  }

  /** One that is plugged in. */
  find(kind: DeviceKind, deviceId: string | undefined): Device | undefined {
    return this.#devices.find((device) => device.kind === kind && device.deviceId === deviceId && deviceId !== "");
  }

  /**
   * Plays an element on the chosen speaker from now on, also on one chosen later.
   *
   * @returns the way to stop following
   */
  useSpeaker(element: HTMLMediaElement): Cancel {
    const follow = () => void setSink(element, this.find("speaker", this.#chosen.speaker)?.deviceId ?? "");
    const stops = [this.on("list", follow), this.on("choice", ({ kind }) => kind === "speaker" && follow())];
    follow();
    return () => stops.forEach((stop) => stop());
  }

  /** Stops watching; the opened tracks stay open. */
  close(): void {
    this.#stopWatching();
  }

  #listed(track: MediaStreamTrack): Device | undefined {
    return this.find(track.kind === "audio" ? "microphone" : "camera", track.getSettings().deviceId);
  }

  #take(devices: readonly Device[]): void {
    const before = this.#devices;
    const first = !this.#known;
    this.#known = true;
    if (JSON.stringify(devices) === JSON.stringify(before)) return;
    this.#devices = devices;
    // Before access was allowed a kind has one nameless device, however many there are.
    const nameless = (kind: DeviceKind) => before.some((device) => device.kind === kind && device.deviceId === "");
    const without = (some: readonly Device[], others: readonly Device[]) =>
      some.filter(
        ({ kind, deviceId }) =>
          !first && !nameless(kind) && !others.some((other) => other.kind === kind && other.deviceId === deviceId),
      );
    this.#events.emit("list", {
      list: this.list,
      added: without(devices, before),
      removed: without(before, devices),
    });
  }
}

function toDevice({ kind, deviceId, label }: Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">): Device {
  return { kind: KINDS[kind], deviceId, label };
}

/** A speaker that is refused leaves the sound where it was: heard somewhere is better than nowhere. */
async function setSink(element: Sink, deviceId: string): Promise<void> {
  try {
    await element.setSinkId?.(deviceId);
  } catch {
    await element.setSinkId?.("").catch(() => undefined);
  }
}
