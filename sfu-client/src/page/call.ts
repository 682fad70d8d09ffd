import { captureDevices, captureScreen, SfuError, type CandidatePair, type Room } from "../sdk/index.js";
import { roomAddress, type Invitation } from "./address.js";
import { checkLink } from "./check-link.js";
import { el } from "./dom.js";
import { icon, type IconName } from "./icons.js";
import { durationText, messageFor, TEXTS, waitingElsewhere, type Message } from "./messages.js";
import { Side } from "./side.js";
import { Sound } from "./sound.js";
import { Stage } from "./stage.js";
import { TimerChip } from "./timer-chip.js";

const TOAST_MS = 6000;
const PATH_EVERY_MS = 5000;
/** Back within the first attempts, one has hardly noticed: no message then. */
const SILENT_ATTEMPTS = 1;

type Control = "microphone" | "camera" | "screen";

const CONTROLS: Readonly<
  Record<Control, { key: string; on: IconName; off: IconName; turnOn: string; turnOff: string }>
> = {
  microphone: {
    key: "m",
    on: "microphone",
    off: "microphoneOff",
    turnOn: "Turn microphone on",
    turnOff: "Mute microphone",
  },
  camera: { key: "v", on: "camera", off: "cameraOff", turnOn: "Turn camera on", turnOff: "Turn camera off" },
  screen: { key: "d", on: "screenStop", off: "screen", turnOn: "Share screen", turnOff: "Stop sharing screen" },
};
const CONTROL_NAMES = ["microphone", "camera", "screen"] as const;

/** The call: stage, toolbar, and what has to be said about the connection. */
export class Call {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #cameraHeight: number | undefined;
  readonly #stage: Stage;
  readonly #sound = new Sound();
  readonly #side: Side;
  readonly #timer: TimerChip;
  readonly #title = el("h1", {});
  readonly #banner = el("div", { class: "banner", role: "status", hidden: true });
  readonly #toasts = el("div", { class: "toasts", role: "status" });
  readonly #count = el("span", {});
  readonly #duration = el("span", { class: "duration", role: "timer" }, "0:00");
  readonly #path = el("span", { class: "path", hidden: true });
  readonly #invite: HTMLElement;
  readonly #buttons: Readonly<Record<Control, HTMLButtonElement>>;
  readonly #busy = new Set<Control>();
  readonly #stops: (() => void)[] = [];
  #mediaTrouble: Message | undefined;

  constructor(
    room: Room,
    joinedAtMs: number,
    { cameraHeight, inBackground }: Pick<Invitation, "cameraHeight" | "inBackground">,
  ) {
    this.#room = room;
    this.#cameraHeight = cameraHeight;
    this.#stage = new Stage(room, inBackground);
    const say = (message: Message) => this.say(message);
    this.#side = new Side(room, { say, attempt: (action) => this.#attempt(action) });
    this.#timer = new TimerChip(room, say);
    this.#buttons = {
      microphone: this.#control("microphone"),
      camera: this.#control("camera"),
      screen: this.#control("screen"),
    };
    // Phones cannot share their screen from a browser: no button that only ever fails.
    this.#buttons.screen.hidden = isSecureContext && !("getDisplayMedia" in navigator.mediaDevices);
    const leave = el(
      "button",
      { class: "tool leave", type: "button", "data-action": "leave", "aria-label": "Leave call", title: "Leave call" },
      icon("leave"),
    );
    leave.addEventListener("click", () => room.leave());
    this.#invite = this.#invitation();
    this.element = el(
      "section",
      { class: "call" },
      el(
        "header",
        { class: "call-bar" },
        el("span", { class: "brand-mark", "aria-hidden": "true" }),
        this.#title,
        el("span", { class: "count" }, icon("people"), this.#count),
        this.#timer.element,
        this.#path,
        this.#duration,
      ),
      this.#banner,
      el("div", { class: "middle" }, this.#stage.element, this.#side.element),
      this.#invite,
      this.#toasts,
      this.#sound.element,
      el(
        "nav",
        { class: "toolbar", "aria-label": "Call controls" },
        ...CONTROL_NAMES.map((name) => this.#buttons[name]),
        ...this.#side.buttons,
        leave,
      ),
    );
    this.#follow(joinedAtMs);
  }

  /** To be called when the element is in the page: the tiles need its size. */
  opened(): void {
    this.#stage.rebuild();
    this.#sound.attach(this.#room.slots);
    this.#render();
  }

  say({ title, advice }: Message): void {
    const toast = el(
      "div",
      { class: "toast" },
      el("strong", {}, title),
      ...(advice === "" ? [] : [el("span", {}, advice)]),
    );
    this.#toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stage.close();
    this.#side.close();
    this.#timer.close();
    this.#sound.detach();
    this.element.remove();
  }

  #follow(joinedAtMs: number): void {
    const room = this.#room;
    const stage = this.#stage;
    this.#stops.push(
      room.on("joined", () => this.opened()),
      room.on("switched", ({ room: name }) => {
        // The slots keep their streams, so the sound goes on as it is.
        stage.rebuild();
        this.#render();
        this.say({ title: TEXTS.switched(name), advice: "" });
      }),
      room.on("self", () => stage.local()),
      room.on("state", ({ state, attempt, maxAttempts }) => {
        this.#banner.dataset["kind"] = state;
        if (state === "reconnecting") this.#show(TEXTS.reconnecting(attempt, maxAttempts));
        else this.#showTrouble();
      }),
      room.on("waiting", (waiting) => this.#show(waiting && waitingElsewhere(waiting))),
      room.on("resumed", ({ attempts }) => {
        if (attempts > SILENT_ATTEMPTS) this.say({ title: TEXTS.backAfter(attempts), advice: "" });
      }),
      room.on("media", ({ state, error }) => {
        if (state === "connected") this.#mediaTrouble = undefined;
        else if (state === "interrupted") {
          this.#mediaTrouble = messageFor(new SfuError("ice_failed", "interrupted"));
        } else if (error) this.#mediaTrouble = messageFor(error);
        if (room.state === "joined") this.#showTrouble();
        void this.#showPath();
      }),
      room.on("participantJoined", (participant) => {
        stage.participant(participant);
        this.#render();
      }),
      room.on("participantUpdated", (participant) => stage.participant(participant)),
      room.on("participantLeft", ({ participant }) => {
        stage.participantLeft(participant.id);
        this.#render();
      }),
      room.on("trackPublished", ({ participant }) => stage.participant(participant)),
      room.on("trackUnpublished", ({ participant }) => stage.participant(participant)),
      room.on("trackMuted", ({ participant }) => stage.participant(participant)),
      room.on("slot", (slot) => stage.slot(slot)),
      room.on("speakers", (list) =>
        stage.speakers(new Set(list.filter(({ level }) => level > 0).map(({ participantId }) => participantId))),
      ),
      room.on("notice", ({ text }) => {
        if (text !== undefined && text !== "") this.say({ title: text, advice: "" });
      }),
      room.on("local", ({ source, ended, mutedByOther }) => {
        stage.local();
        this.#render();
        if (mutedByOther) this.say({ title: TEXTS.mutedByHost(source), advice: "" });
        // The browser's own "stop sharing" ends the picture; the sound that came along goes with it.
        if (source === "screen" && ended) void this.#attempt(() => room.unpublish("screenAudio"));
        if (ended && (source === "microphone" || source === "camera")) {
          this.say({ title: `Your ${source} was disconnected`, advice: "Connect it again and turn it on below." });
        }
      }),
    );
    const keys = (event: KeyboardEvent) => this.#key(event);
    document.addEventListener("keydown", keys);
    const showDuration = () => (this.#duration.textContent = durationText(performance.now() - joinedAtMs));
    const second = setInterval(showDuration, 1000);
    const path = setInterval(() => void this.#showPath(), PATH_EVERY_MS);
    this.#stops.push(() => {
      document.removeEventListener("keydown", keys);
      clearInterval(second);
      clearInterval(path);
    });
  }

  #control(name: Control): HTMLButtonElement {
    const button = el("button", {
      class: "tool",
      type: "button",
      "data-action": name,
      "aria-keyshortcuts": CONTROLS[name].key,
    });
    button.addEventListener("click", () => void this.#toggle(name));
    return button;
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
    const name = CONTROL_NAMES.find((control) => CONTROLS[control].key === event.key.toLowerCase());
    if (name && !this.#buttons[name].hidden) void this.#toggle(name);
  }

  async #toggle(name: Control): Promise<void> {
    // A picker or a permission question may be open for long: one at a time.
    if (this.#busy.has(name)) return;
    this.#busy.add(name);
    try {
      await this.#attempt(() => this.#switch(name));
    } finally {
      this.#busy.delete(name);
    }
  }

  async #switch(name: Control): Promise<void> {
    const room = this.#room;
    const publication = room.publication(name);
    if (name === "screen") {
      if (publication) await Promise.all([room.unpublish("screen"), room.unpublish("screenAudio")]);
      else await this.#shareScreen();
    } else if (publication && name === "microphone") await room.mute(name, !publication.muted);
    else if (publication) await room.unpublish(name);
    else {
      const { errors, [name]: track } = await captureDevices({
        microphone: name === "microphone",
        camera: name === "camera",
        cameraHeight: this.#cameraHeight,
      });
      if (track) await this.#publish(name, track);
      else if (errors[name]) throw errors[name];
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

  async #publish(source: "microphone" | "camera" | "screen" | "screenAudio", track: MediaStreamTrack): Promise<void> {
    // The call may have ended while the browser asked for permission.
    if (this.#room.state === "left") track.stop();
    else await this.#room.publish(source, track);
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      this.say(messageFor(SfuError.from(thrown)));
    }
  }

  #invitation(): HTMLElement {
    const copy = el(
      "button",
      { class: "quiet", type: "button", "data-action": "copy-link" },
      icon("link"),
      "Copy link",
    );
    copy.addEventListener("click", () => {
      void this.#attempt(async () => {
        await navigator.clipboard.writeText(roomAddress(this.#room.name));
        this.say({ title: "Link copied", advice: "" });
      });
    });
    return el("div", { class: "invite" }, el("span", {}, "You are the only one here."), copy);
  }

  #show(text: string | undefined): void {
    this.#banner.textContent = text ?? "";
    this.#banner.hidden = text === undefined;
  }

  #showTrouble(): void {
    const trouble = this.#mediaTrouble;
    this.#show(trouble && `${trouble.title}. ${trouble.advice}`);
    if (trouble) this.#banner.append(" ", ...checkLink(trouble));
  }

  async #showPath(): Promise<void> {
    const pair = await this.#room.selectedCandidatePair();
    this.#path.hidden = !pair;
    if (pair) {
      this.#path.textContent = pathText(pair);
      this.#path.title = `Connected to the server: ${pair.localType} to ${pair.remoteType}`;
    }
  }

  #render(): void {
    const others = this.#room.participants.length;
    this.#title.textContent = this.#room.name;
    this.#title.title = this.#room.name;
    this.#count.textContent = String(others + 1);
    this.#count.setAttribute("aria-label", `${others + 1} in the call`);
    this.#invite.hidden = others > 0 || !("clipboard" in navigator);
    for (const name of CONTROL_NAMES) {
      const { key, on, off, turnOn, turnOff } = CONTROLS[name];
      const publication = this.#room.publication(name);
      const active = publication !== undefined && !publication.muted;
      const button = this.#buttons[name];
      const label = active ? turnOff : turnOn;
      button.replaceChildren(icon(active ? on : off));
      button.setAttribute("aria-label", label);
      button.setAttribute("aria-pressed", String(active));
      button.title = `${label} (${key.toUpperCase()})`;
    }
  }
}

function pathText({ path, rttMs }: CandidatePair): string {
  const name = { udp: "UDP", tcp: "TCP", relay: "Relay" }[path];
  return rttMs === undefined ? name : `${name} · ${Math.round(rttMs)} ms`;
}
