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
  readonly opening = signal(false);
  readonly error = signal<SfuError | undefined>(undefined);
  readonly progress = signal<Progress>({ step: "idle" });
  readonly mine: MyDevices;
  readonly #cameraHeight: number | undefined;
  #opened: Promise<void> = Promise.resolve();
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

  /** Opens devices for the preview. */
  open(wish: { microphone: boolean; camera: boolean }): Promise<void> {
    this.#opened = this.#open(wish);
    return this.#opened;
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
    if (!this.camera.value) return this.open({ microphone: false, camera: true });
    this.camera.value.stop();
    this.camera.value = undefined;
    return undefined;
  }

  /** Prefers a device, and looks or listens through it when its kind is in use. */
  async choose(kind: DeviceKind, deviceId: string | undefined): Promise<void> {
    this.mine.devices.choose(kind, deviceId);
    if (kind === "speaker") return;
    const before = this[kind].value;
    if (!before) return;
    // Some systems give a device to one at a time.
    before.stop();
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

  async #open(wish: { microphone: boolean; camera: boolean }): Promise<void> {
    if (!wish.microphone && !wish.camera) return;
    this.opening.value = true;
    const { microphone, camera, errors } = await this.mine.devices.open({ ...wish, cameraHeight: this.#cameraHeight });
    if (this.#closed) {
      microphone?.stop();
      camera?.stop();
      return;
    }
    batch(() => {
      this.opening.value = false;
      if (microphone) this.microphone.value = microphone;
      if (camera) this.camera.value = camera;
      // What is on the card already, a failed join, matters more.
      this.error.value ??= errors.camera ?? errors.microphone;
    });
  }
}
