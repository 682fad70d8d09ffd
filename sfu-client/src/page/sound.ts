import type { Slot } from "../sdk/index.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/** One audio element for each audio slot, for the whole visit; and the button for browsers that want a click first. */
export class Sound {
  readonly element = el("div", { class: "sound" });
  readonly #button = el(
    "button",
    { class: "primary", type: "button", "data-action": "sound", hidden: true },
    icon("sound"),
    "Turn on sound",
  );
  #players: HTMLAudioElement[] = [];

  constructor() {
    this.element.append(this.#button);
    this.#button.addEventListener("click", () => this.#play());
  }

  attach(slots: readonly Slot[]): void {
    this.detach();
    this.#players = slots
      .filter(({ kind }) => kind === "audio")
      .map(({ mid, stream }) => {
        const player = el("audio", { autoplay: true, "data-mid": mid });
        player.srcObject = stream;
        return player;
      });
    this.element.append(...this.#players);
    this.#play();
  }

  detach(): void {
    for (const player of this.#players) {
      player.srcObject = null;
      player.remove();
    }
    this.#players = [];
  }

  #play(): void {
    this.#button.hidden = true;
    for (const player of this.#players) {
      player.play().catch((thrown: unknown) => {
        if (thrown instanceof DOMException && thrown.name === "NotAllowedError") this.#button.hidden = false;
      });
    }
  }
}
