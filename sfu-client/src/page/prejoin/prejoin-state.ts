import { batch, signal } from "@preact/signals";
import type { DeviceKind, SfuError } from "../../sdk/index.js";
import type { Invitation } from "../app/address.js";
import type { MyDevices } from "../devices/my-devices.js";

const NAME_KEY = "parley.name";

/** What somebody has chosen on the card, and the opened devices, which go along into the call. */
export interface JoinWish {
  readonly room: string;
  readonly name: string;
  readonly password: string | undefined;
  readonly microphone: MediaStreamTrack | undefined;
  readonly microphoneMuted: boolean;
  readonly camera: MediaStreamTrack | undefined;
}

type Opened = Exclude<DeviceKind, "speaker">;
type Progress = { readonly step: "idle" | "joining" } | { readonly step: "connecting"; attempt: number; most: number };

/** The card before a call: who, where, and how one looks. */
export class PrejoinState {
  readonly name = signal("");
  readonly room = signal("");
  /** `undefined` until a room wants one. */
  readonly password = signal<string | undefined>(undefined);
  readonly microphone = signal<MediaStreamTrack | undefined>(undefined);
  readonly camera = signal<MediaStreamTrack | undefined>(undefined);
  readonly microphoneMuted = signal(false);
  readonly opening = signal<ReadonlySet<Opened>>(new Set());
  readonly error = signal<SfuError | undefined>(undefined);
  readonly progress = signal<Progress>({ step: "idle" });
  readonly mine: MyDevices;
  readonly #cameraHeight: number | undefined;
  #opened: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(invitation: Invitation, mine: MyDevices, error: SfuError | undefined) {
    this.mine = mine;
    this.#cameraHeight = invitation.cameraHeight;
    this.name.value = invitation.name || (localStorage.getItem(NAME_KEY) ?? "");
    this.room.value = invitation.room;
    this.password.value = invitation.password ?? (error?.code === "wrong_password" ? "" : undefined);
    this.microphoneMuted.value = invitation.microphoneMuted || !(invitation.joinAtOnce || mine.microphoneOn);
    this.error.value = error;
  }

  get complete(): boolean {
    return this.name.value.trim() !== "" && this.room.value.trim() !== "";
  }

  /** Opens devices for the preview; resolves when all is open that is on its way. */
  async open(wish: Readonly<Record<Opened, boolean>>): Promise<void> {
    const kinds = (["microphone", "camera"] as const).filter((kind) => wish[kind] && !this.opening.value.has(kind));
    if (kinds.length > 0) this.#opened = Promise.all([this.#opened, this.#open(kinds)]);
    await this.#opened;
  }

  async toggleMicrophone(): Promise<void> {
    this.mine.remember({ microphoneOn: this.microphone.value === undefined || this.microphoneMuted.value });
    if (this.microphone.value) this.microphoneMuted.value = !this.microphoneMuted.value;
    else {
      this.microphoneMuted.value = false;
      await this.open({ microphone: true, camera: false });
    }
  }

  async toggleCamera(): Promise<void> {
    this.mine.remember({ cameraOn: this.camera.value === undefined });
    if (this.camera.value) this.#put("camera", undefined);
    else await this.open({ microphone: false, camera: true });
  }

  /** Prefers a device, and looks or listens through it when its kind is in use. */
  async choose(kind: DeviceKind, deviceId: string | undefined): Promise<void> {
    this.mine.devices.choose(kind, deviceId);
    if (kind === "speaker" || !this[kind].value) return;
    // Some systems give a device to one at a time.
    this.#put(kind, undefined);
    await this.open({ microphone: kind === "microphone", camera: kind === "camera" });
  }

  /** Ends the card, and gives its devices away. To be called once, when the card is complete. */
  async submit(): Promise<JoinWish> {
    this.progress.value = { step: "joining" };
    const [name, room] = [this.name.value.trim(), this.room.value.trim()];
    localStorage.setItem(NAME_KEY, name);
    await this.#opened;
    this.#closed = true;
    const wish = {
      ...{ room, name, password: this.password.value },
      microphone: this.microphone.value,
      camera: this.camera.value,
      microphoneMuted: this.microphoneMuted.value,
    };
    batch(() => {
      this.microphone.value = undefined;
      this.camera.value = undefined;
    });
    return wish;
  }

  async #open(kinds: readonly Opened[]): Promise<void> {
    const { devices } = this.mine;
    const { chosen } = devices;
    this.opening.value = new Set([...this.opening.value, ...kinds]);
    const opened = await devices.open({
      microphone: kinds.includes("microphone"),
      camera: kinds.includes("camera"),
      cameraHeight: this.#cameraHeight,
    });
    const settled = kinds.filter((kind) => this.#closed || devices.chosen[kind] === chosen[kind]);
    const outdated = kinds.filter((kind) => !settled.includes(kind));
    for (const kind of outdated) opened[kind]?.stop();
    batch(() => {
      this.opening.value = new Set([...this.opening.value].filter((kind) => !settled.includes(kind)));
      for (const kind of settled) this.#put(kind, opened[kind]);
      // What is on the card already, a failed join, matters more.
      for (const kind of settled) this.error.value ??= opened.errors[kind];
    });
    // Another one was chosen while this one opened.
    if (outdated.length > 0) await this.#open(outdated);
  }

  /** In place of what is there; a card that has given its devices away takes none. */
  #put(kind: Opened, track: MediaStreamTrack | undefined): void {
    this[kind].value?.stop();
    if (this.#closed) track?.stop();
    else this[kind].value = track;
  }
}
