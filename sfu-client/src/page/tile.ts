import type { TrackSource } from "../sdk/index.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import type { Rect } from "./layout.js";

const HUES = [164, 205, 262, 322, 12, 38, 88, 236];

export interface TileIdentity {
  readonly participantId: string;
  readonly source: Extract<TrackSource, "camera" | "screen">;
  readonly own: boolean;
}

/** One person, or one shared screen, on the stage. */
export class Tile {
  readonly element: HTMLElement;
  #identity: TileIdentity;
  readonly #video = el("video", { playsinline: true, autoplay: true });
  readonly #avatar = el("div", { class: "avatar", "aria-hidden": "true" });
  readonly #name = el("span", { class: "name" });
  readonly #pin = el("button", { class: "pin", type: "button", "data-action": "pin" }, icon("pin"));
  #displayName = "";

  constructor(identity: TileIdentity, pinned: () => void) {
    this.#identity = identity;
    const { participantId, source, own } = identity;
    // Sound has elements of its own; a muted video may always start by itself.
    this.#video.muted = true;
    this.#video.addEventListener("loadeddata", () => this.element.toggleAttribute("data-picture", true));
    this.#pin.addEventListener("click", pinned);
    const mark = el("span", { class: "mute-mark", role: "img", "aria-label": "Microphone off" }, icon("microphoneOff"));
    this.element = el(
      "article",
      { class: "tile", "data-participant-id": participantId, "data-source": source, "data-own": own },
      this.#avatar,
      this.#video,
      el("div", { class: "plate" }, mark, this.#name),
      el("div", { class: "slow" }, icon("slow"), el("span", {}, "Slow connection")),
      this.#pin,
    );
  }

  get identity(): TileIdentity {
    return this.#identity;
  }

  /** The same person under another id, as after a room switch: element and picture stay. */
  belongsTo(participantId: string): void {
    this.#identity = { ...this.#identity, participantId };
    this.element.dataset["participantId"] = participantId;
  }

  name(displayName: string): void {
    if (displayName === this.#displayName) return;
    this.#displayName = displayName;
    const { own, source } = this.identity;
    const label =
      source === "screen"
        ? own
          ? "Your screen"
          : `${displayName}’s screen`
        : own
          ? `${displayName} (you)`
          : displayName;
    this.#name.textContent = label;
    this.#avatar.textContent = initials(displayName);
    this.#avatar.style.setProperty("--hue", String(hue(displayName)));
    this.element.dataset["name"] = displayName;
    this.element.setAttribute("aria-label", label);
    this.#pin.setAttribute("aria-label", `Pin ${label}`);
    this.#pin.title = "Pin to the large area";
  }

  /** Shows a stream, or the avatar without one. The old picture goes at once: it may be another person's. */
  show(stream: MediaStream | undefined, mid?: string): void {
    if (mid === undefined || !stream) delete this.#video.dataset["mid"];
    else this.#video.dataset["mid"] = mid;
    if (this.#video.srcObject === (stream ?? null)) return;
    this.element.removeAttribute("data-picture");
    this.#video.srcObject = stream ?? null;
    // Rejects when the stream is replaced before it started, which is no failure.
    if (stream) this.#video.play().catch(() => undefined);
  }

  /** Whether the picture comes from this slot. */
  shows(mid: string): boolean {
    return this.#video.dataset["mid"] === mid;
  }

  /** The last picture stays, dimmed; `slow` says that one's own connection is too slow for it to move. */
  paused(paused: boolean, slow: boolean): void {
    this.element.toggleAttribute("data-paused", paused);
    this.element.toggleAttribute("data-slow", slow);
  }

  muted(muted: boolean): void {
    this.element.toggleAttribute("data-muted", muted);
  }

  speaking(speaking: boolean): void {
    this.element.toggleAttribute("data-speaking", speaking);
  }

  pinned(pinned: boolean): void {
    this.#pin.setAttribute("aria-pressed", String(pinned));
  }

  place(rect: Rect | undefined, focused: boolean): void {
    const { style } = this.element;
    this.element.hidden = rect === undefined;
    this.element.toggleAttribute("data-focused", focused);
    if (!rect) return;
    style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    style.width = `${rect.width}px`;
    style.height = `${rect.height}px`;
  }

  remove(): void {
    this.show(undefined);
    this.element.remove();
  }
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return (
    letters
      .map((word) => Array.from(word ?? "")[0] ?? "")
      .join("")
      .toUpperCase() || "?"
  );
}

function hue(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? 164;
}
