import { SfuError, type ChatMessage, type Room } from "../sdk/index.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { messageFor, TEXTS, type Message } from "./messages.js";

/** As near to the end as this, one reads along, and the list follows. */
const AT_THE_END_PX = 60;
const LENGTH = "2000";

/** The room's chat: the messages so far, and a line to write in. */
export class ChatPanel {
  readonly element: HTMLElement;
  readonly #room: Room;
  readonly #list = el("ol", { class: "messages", role: "log", "aria-label": TEXTS.chat.title });
  readonly #empty = el("p", { class: "muted-text hint" }, TEXTS.chat.empty);
  readonly #input = el("input", {
    type: "text",
    name: "text",
    autocomplete: "off",
    maxlength: LENGTH,
    placeholder: TEXTS.chat.placeholder,
    "aria-label": TEXTS.chat.placeholder,
  });
  readonly #items = new Map<string, HTMLElement>();
  readonly #unread: (count: number) => void;
  readonly #stops: (() => void)[];
  #unreadCount = 0;

  constructor(room: Room, options: { unread: (count: number) => void; say: (message: Message) => void }) {
    this.#room = room;
    this.#unread = options.unread;
    const send = el(
      "button",
      { class: "send", type: "submit", "data-action": "chat-send", "aria-label": TEXTS.chat.send },
      icon("send"),
    );
    const form = el("form", { class: "chat-form" }, this.#input, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.#input.value.trim();
      if (text === "") return;
      this.#input.value = "";
      room.chat.send(text).catch((thrown: unknown) => {
        if (room.state !== "left") options.say(messageFor(SfuError.from(thrown)));
      });
    });
    this.element = el(
      "aside",
      { class: "panel", "data-panel": "chat", "aria-label": TEXTS.chat.title, hidden: true },
      el("h2", {}, TEXTS.chat.title),
      this.#empty,
      this.#list,
      form,
    );
    this.#stops = [
      room.chat.on("history", () => this.#rebuild()),
      room.chat.on("message", (message) => {
        const isNew = !this.#items.has(message.key);
        this.#put(message);
        if (isNew && !message.own && this.element.hidden) this.#count(this.#unreadCount + 1);
      }),
    ];
    this.#rebuild();
  }

  show(shown: boolean): void {
    this.element.hidden = !shown;
    if (!shown) return;
    this.#count(0);
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#input.focus();
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #rebuild(): void {
    this.#items.clear();
    this.#list.replaceChildren();
    for (const message of this.#room.chat.messages) this.#put(message);
    this.#empty.hidden = this.#items.size > 0;
  }

  #put(message: ChatMessage): void {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    const follows = message.own || scrollHeight - scrollTop - clientHeight < AT_THE_END_PX;
    const item = this.#item(message);
    const before = this.#items.get(message.key);
    if (before) before.replaceWith(item);
    else this.#list.append(item);
    this.#items.set(message.key, item);
    this.#empty.hidden = true;
    if (follows) this.#list.scrollTop = this.#list.scrollHeight;
  }

  #item({ key, from, text, atMs, own, to, state }: ChatMessage): HTMLElement {
    const time = new Date(atMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    const about = [
      own ? TEXTS.chat.you : from.displayName,
      ...(to === undefined ? [] : [own ? TEXTS.chat.toOne : TEXTS.chat.toYou]),
      { sending: TEXTS.chat.sending, failed: TEXTS.chat.failed, sent: time }[state],
    ];
    return el(
      "li",
      { class: "message", "data-key": key, "data-state": state, "data-own": own },
      el("span", { class: "about" }, about.join(" · ")),
      el("p", {}, text),
    );
  }

  #count(unread: number): void {
    this.#unreadCount = unread;
    this.#unread(unread);
  }
}
