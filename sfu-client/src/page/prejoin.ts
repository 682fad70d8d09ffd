import { captureDevices, type SfuError } from "../sdk/index.js";
import type { Invitation } from "./address.js";
import { checkLink } from "./check-link.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { messageFor, type Message } from "./messages.js";

const NAME_KEY = "parley.name";

export interface JoinWish {
  readonly room: string;
  readonly name: string;
  readonly microphone: MediaStreamTrack | undefined;
  readonly microphoneMuted: boolean;
  readonly camera: MediaStreamTrack | undefined;
}

type Device = "microphone" | "camera";

/** The card before a call: who, where, and how one looks. The opened devices go along into the call. */
export class Prejoin {
  readonly element: HTMLElement;
  readonly #cameraHeight: number | undefined;
  readonly #join: (wish: JoinWish) => void;
  readonly #name: HTMLInputElement;
  readonly #room: HTMLInputElement;
  readonly #submit = el("button", { class: "primary wide", type: "submit", "data-action": "join" }, "Join");
  readonly #note = el("div", { class: "note", role: "alert", hidden: true });
  readonly #preview = el("video", { playsinline: true, autoplay: true, class: "mirrored" });
  readonly #hint = el("p", { class: "preview-hint" });
  readonly #frame = el("div", { class: "preview" });
  readonly #buttons: Readonly<Record<Device, HTMLButtonElement>>;
  #tracks: Partial<Record<Device, MediaStreamTrack>> = {};
  #microphoneMuted: boolean;
  #opening: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(invitation: Invitation, join: (wish: JoinWish) => void) {
    this.#cameraHeight = invitation.cameraHeight;
    this.#microphoneMuted = invitation.microphoneMuted;
    this.#join = join;
    const name = invitation.name || (localStorage.getItem(NAME_KEY) ?? "");
    this.#name = el("input", {
      id: "name",
      name: "name",
      autocomplete: "nickname",
      maxlength: "64",
      required: true,
      placeholder: "How others see you",
      value: name,
    });
    this.#room = el("input", {
      id: "room",
      name: "room",
      autocomplete: "off",
      autocapitalize: "none",
      spellcheck: "false",
      maxlength: "64",
      required: true,
      placeholder: "For example team-standup",
      value: invitation.room,
    });
    this.#buttons = {
      microphone: el("button", { class: "round", type: "button", "data-action": "microphone" }),
      camera: el("button", { class: "round", type: "button", "data-action": "camera" }),
    };
    this.#buttons.microphone.addEventListener("click", () => void this.#toggleMicrophone());
    this.#buttons.camera.addEventListener("click", () => void this.#toggleCamera());
    this.#preview.muted = true;
    this.#frame.append(
      this.#hint,
      this.#preview,
      el("div", { class: "preview-buttons" }, this.#buttons.microphone, this.#buttons.camera),
    );
    const form = el(
      "form",
      { class: "join-form" },
      el("h1", {}, "Ready to join?"),
      el("label", { for: "name" }, "Your name"),
      this.#name,
      el("label", { for: "room" }, "Room"),
      this.#room,
      this.#note,
      this.#submit,
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.element = el(
      "section",
      { class: "prejoin" },
      el("header", { class: "brand" }, el("span", { class: "brand-mark", "aria-hidden": "true" }), "Parley"),
      el("div", { class: "card" }, this.#frame, form),
    );
    this.#render();
  }

  /** Opens the devices for the preview. */
  open(wish: Record<Device, boolean>): Promise<void> {
    this.#opening = this.#capture(wish);
    return this.#opening;
  }

  focus(): void {
    (this.#name.value === "" ? this.#name : this.#room.value === "" ? this.#room : this.#submit).focus();
  }

  async submit(): Promise<void> {
    const name = this.#name.value.trim();
    const room = this.#room.value.trim();
    if (name === "" || room === "") {
      (name === "" ? this.#name : this.#room).focus();
      return;
    }
    this.busy("Joining…");
    localStorage.setItem(NAME_KEY, name);
    await this.#opening;
    const { microphone, camera } = this.#tracks;
    this.#tracks = {};
    this.#closed = true;
    this.#join({ room, name, microphone, microphoneMuted: this.#microphoneMuted, camera });
  }

  busy(text: string): void {
    this.#submit.textContent = text;
    for (const control of this.element.querySelectorAll<HTMLInputElement | HTMLButtonElement>("input, button")) {
      control.disabled = true;
    }
  }

  say(message: Message): void {
    this.#note.replaceChildren(el("strong", {}, message.title), el("span", {}, message.advice), ...checkLink(message));
    this.#note.hidden = false;
  }

  async #capture(wish: Record<Device, boolean>): Promise<void> {
    if (!wish.microphone && !wish.camera) return;
    this.#hint.textContent = "Starting…";
    const { microphone, camera, errors } = await captureDevices({ ...wish, cameraHeight: this.#cameraHeight });
    if (this.#closed) {
      microphone?.stop();
      camera?.stop();
      return;
    }
    if (microphone) this.#tracks.microphone = microphone;
    if (camera) this.#tracks.camera = camera;
    const error: SfuError | undefined = errors.camera ?? errors.microphone;
    // What is on the card already, a failed join, matters more.
    if (error && this.#note.hidden) this.say(messageFor(error));
    this.#render();
  }

  async #toggleMicrophone(): Promise<void> {
    if (!this.#tracks.microphone) await this.open({ microphone: true, camera: false });
    else this.#microphoneMuted = !this.#microphoneMuted;
    this.#render();
  }

  async #toggleCamera(): Promise<void> {
    const { camera } = this.#tracks;
    if (camera) {
      camera.stop();
      delete this.#tracks.camera;
    } else await this.open({ microphone: false, camera: true });
    this.#render();
  }

  #render(): void {
    const { microphone, camera } = this.#tracks;
    const on = { microphone: microphone !== undefined && !this.#microphoneMuted, camera: camera !== undefined };
    for (const device of ["microphone", "camera"] as const) {
      const button = this.#buttons[device];
      button.replaceChildren(icon(on[device] ? device : `${device}Off`));
      button.setAttribute("aria-pressed", String(on[device]));
      button.setAttribute(
        "aria-label",
        `${device === "camera" ? "Camera" : "Microphone"} ${on[device] ? "on" : "off"}`,
      );
    }
    this.#preview.srcObject = camera ? new MediaStream([camera]) : null;
    this.#frame.toggleAttribute("data-picture", camera !== undefined);
    this.#hint.textContent = "Camera is off";
  }
}
