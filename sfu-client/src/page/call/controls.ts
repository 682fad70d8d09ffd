import { computed, signal } from "@preact/signals";
import type { DeviceKind, DeviceSource } from "../../sdk/index.js";
import type { Notices } from "../app/notices.js";
import { hasHandUp } from "./person.js";
import type { RoomView } from "./room-view.js";

/** What a person does with microphone, camera, screen and hand. */
export class Controls {
  readonly #view: RoomView;
  readonly #notices: Notices;
  /** The space bar is down, and the microphone is on for as long. */
  readonly talking = signal(false);
  readonly handUp = computed(() => hasHandUp(this.#view.self.value));

  constructor(view: RoomView, notices: Notices) {
    this.#view = view;
    this.#notices = notices;
  }

  isOn(source: DeviceSource): boolean {
    const publication = this.#view.publication(source);
    return publication !== undefined && !publication.muted;
  }

  toggle(source: DeviceSource): Promise<void> {
    const { room } = this.#view;
    const on = this.isOn(source);
    return this.#notices.attempt(() => (on ? room.turnOff(source) : room.turnOn(source)));
  }

  raiseHand(): Promise<void> {
    return this.#notices.attempt(() => this.#view.room.raiseHand(!this.handUp.value));
  }

  chooseDevice(kind: DeviceKind, deviceId: string | undefined): Promise<void> {
    return this.#notices.attempt(() => this.#view.room.switchDevice(kind, deviceId));
  }

  /** Push to talk. Does nothing while the microphone is on anyway, or was never allowed. */
  talk(on: boolean): void {
    if (on === this.talking.value || (on && this.#view.publication("microphone")?.muted !== true)) return;
    this.talking.value = on;
    void this.#notices.attempt(() => this.#view.room.mute("microphone", !on));
  }
}
