import type { Room } from "../sdk/index.js";
import { ChatPanel } from "./chat-panel.js";
import { el } from "./dom.js";
import { HostPanel } from "./host-panel.js";
import { icon } from "./icons.js";
import { TEXTS, type Message } from "./messages.js";

type Name = "chat" | "host";

const NAMES = ["chat", "host"] as const;

/** What can be opened beside the stage, one at a time, with its buttons in the toolbar. */
export class Side {
  readonly element: HTMLElement;
  readonly buttons: readonly HTMLButtonElement[];
  readonly #room: Room;
  readonly #panels: { readonly chat: ChatPanel; readonly host: HostPanel };
  readonly #buttons: Readonly<Record<Name, HTMLButtonElement>>;
  readonly #stops: (() => void)[];
  #shown: Name | undefined;
  #unread = 0;

  constructor(
    room: Room,
    { say, attempt }: { say: (message: Message) => void; attempt: (action: () => Promise<void>) => Promise<void> },
  ) {
    this.#room = room;
    const unread = (count: number) => {
      this.#unread = count;
      this.#render();
    };
    this.#buttons = { chat: this.#button("chat"), host: this.#button("host") };
    this.buttons = NAMES.map((name) => this.#buttons[name]);
    this.#panels = { chat: new ChatPanel(room, { unread, say }), host: new HostPanel(room, attempt) };
    this.element = el("div", { class: "side" }, ...NAMES.map((name) => this.#panels[name].element));
    const render = () => this.#render();
    this.#stops = (["joined", "switched", "self", "queue"] as const).map((type) => room.on(type, render));
    this.#render();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const name of NAMES) this.#panels[name].close();
  }

  #button(name: Name): HTMLButtonElement {
    const button = el("button", { class: "tool", type: "button", "data-action": name });
    button.append(icon(name === "chat" ? "chat" : "shield"), el("span", { class: "badge", hidden: true }));
    button.addEventListener("click", () => {
      this.#shown = this.#shown === name ? undefined : name;
      this.#render();
    });
    return button;
  }

  #render(): void {
    const { moderates, queue } = this.#room;
    if (!moderates && this.#shown === "host") this.#shown = undefined;
    this.#buttons.host.hidden = !moderates;
    const counts = { chat: this.#unread, host: moderates ? queue.length : 0 };
    for (const name of NAMES) {
      const shown = this.#shown === name;
      const panel = this.#panels[name];
      if (panel.element.hidden === shown) panel.show(shown);
      mark(this.#buttons[name], shown, counts[name], labelOf(name, shown, counts[name]));
    }
    this.element.hidden = this.#shown === undefined;
  }
}

function labelOf(name: Name, shown: boolean, count: number): string {
  if (shown) return TEXTS[name].hide;
  if (count === 0) return TEXTS[name].show;
  return name === "chat" ? TEXTS.chat.unread(count) : TEXTS.host.waiting(count);
}

function mark(button: HTMLButtonElement, shown: boolean, count: number, label: string): void {
  const badge = button.querySelector<HTMLElement>(".badge");
  button.setAttribute("aria-pressed", String(shown));
  button.setAttribute("aria-label", label);
  button.title = label;
  button.dataset["count"] = String(count);
  if (!badge) return;
  badge.hidden = count === 0 || shown;
  badge.textContent = String(count);
}
