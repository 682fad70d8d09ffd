import { computed, signal } from "@preact/signals";
import { captureDevices, captureScreen, type TrackSource } from "../../sdk/index.js";
import type { Notices } from "../app/notices.js";
import type { RoomView } from "./room-view.js";

export type Control = "microphone" | "camera" | "screen";

/** What a person does with microphone, camera, screen and hand. */
export class Controls {
  readonly #view: RoomView;
  readonly #notices: Notices;
  readonly #cameraHeight: number | undefined;
  readonly #busy = new Set<Control | "hand">();
  /** The space bar is down, and the microphone is on for as long. */
  readonly talking = signal(false);
  readonly handUp = computed(() => (this.#view.self.value?.attributes?.["hand"] ?? "") !== "");

  constructor(view: RoomView, notices: Notices, cameraHeight: number | undefined) {
    this.#view = view;
    this.#notices = notices;
    this.#cameraHeight = cameraHeight;
  }

  isOn(control: Control): boolean {
    const publication = this.#view.publication(control);
    return publication !== undefined && !publication.muted;
  }

  /** A picker or a permission question may be open for long: what comes meanwhile is left out. */
  async toggle(control: Control): Promise<void> {
    await this.#once(control, () => this.#switch(control));
  }

  async raiseHand(): Promise<void> {
    await this.#once("hand", () => this.#view.room.raiseHand(!this.handUp.value));
  }

  /** Push to talk. Does nothing while the microphone is on anyway, or was never allowed. */
  talk(on: boolean): void {
    const { room } = this.#view;
    const publication = this.#view.publication("microphone");
    if (on === this.talking.value || !publication || (on && !publication.muted)) return;
    this.talking.value = on;
    void this.#notices.attempt(() => room.mute("microphone", !on));
  }

  async #once(name: Control | "hand", action: () => Promise<void>): Promise<void> {
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    try {
      await this.#notices.attempt(action);
    } finally {
      this.#busy.delete(name);
    }
  }

  async #switch(control: Control): Promise<void> {
    const { room } = this.#view;
    const publication = room.publication(control);
    if (control === "screen") {
      if (publication) await Promise.all([room.unpublish("screen"), room.unpublish("screenAudio")]);
      else await this.#shareScreen();
    } else if (publication && control === "microphone") await room.mute(control, !publication.muted);
    else if (publication) await room.unpublish(control);
    else {
      const { errors, [control]: track } = await captureDevices({
        microphone: control === "microphone",
        camera: control === "camera",
        cameraHeight: this.#cameraHeight,
      });
      if (track) await this.#publish(control, track);
      else if (errors[control]) throw errors[control];
    }
  }

  async #shareScreen(): Promise<void> {
    const captured = await captureScreen();
    if (!captured) return;
    const { screen, screenAudio } = captured;
    await Promise.all([
      this.#publish("screen", screen),
      ...(screenAudio ? [this.#publish("screenAudio", screenAudio)] : []),
    ]);
  }

  async #publish(source: TrackSource, track: MediaStreamTrack): Promise<void> {
    const { room } = this.#view;
    // The call may have ended while the browser asked for permission.
    if (room.state === "left") track.stop();
    else await room.publish(source, track);
  }
}
