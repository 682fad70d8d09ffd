import { Emitter } from "./emitter.js";
import { SfuError } from "./errors.js";
import type { Cancel, Platform } from "./platform.js";
import type { ChatInfo, ChatSender, Requests } from "./protocol.js";

/** A message, one's own before the server has it as well. */
export interface ChatMessage {
  /** The same from the first moment on: also for a message that the server has not numbered yet. */
  readonly key: string;
  readonly msgId: string | undefined;
  readonly atMs: number;
  readonly from: ChatSender;
  readonly text: string;
  /** The one it is for; `undefined`: everybody. */
  readonly to: string | undefined;
  readonly own: boolean;
  readonly state: "sending" | "sent" | "failed";
}

/** What a chat tells. */
export interface ChatEvents {
  /** A message that is new, or whose state changed. */
  message: ChatMessage;
  /** The whole list is another one: after a join and a room switch. */
  history: readonly ChatMessage[];
}

/** The server keeps 100 for those who come; a long visit keeps more. */
const KEPT = 500;

type Send = (data: Requests["chat.send"]["data"]) => Promise<Requests["chat.send"]["reply"]>;

/**
 * The room's chat. A message is in the list from the moment it is sent, under a key of this client's own: neither a
 * repeated request nor the server's copy of it makes it appear twice.
 */
export class Chat {
  readonly #events = new Emitter<ChatEvents>();
  readonly #platform: Platform;
  readonly #send: Send;
  readonly #self: () => ChatSender;
  /** Unlike that of any other visit of the same person. */
  readonly #prefix: string;
  #messages: ChatMessage[] = [];
  #sent = 0;
  #over = false;
  #waiting: { resolve: () => void; reject: (error: SfuError) => void }[] = [];

  constructor(platform: Platform, self: () => ChatSender, send: Send) {
    this.#platform = platform;
    this.#self = self;
    this.#send = send;
    this.#prefix = `${Math.trunc(platform.clock.nowMs()).toString(36)}-${Math.trunc(platform.random() * 2 ** 32).toString(36)}`;
  }

  /** Listens until the returned function is called. */
  on<K extends keyof ChatEvents>(type: K, listener: (payload: ChatEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  /** Oldest first. */
  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /**
   * Sends to everybody or to one participant. While the connection is lost the message waits for it.
   *
   * @returns when the server has it; rejects when it refused, and the message stays in the list as `failed`
   */
  async send(text: string, { to }: { to?: string } = {}): Promise<void> {
    const clientMsgId = `${this.#prefix}-${++this.#sent}`;
    this.#put({
      key: clientMsgId,
      msgId: undefined,
      atMs: this.#platform.clock.nowMs(),
      from: this.#self(),
      text,
      to,
      own: true,
      state: "sending",
    });
    try {
      await this.#deliver({ text, clientMsgId, ...(to === undefined ? {} : { to }) });
    } catch (thrown) {
      this.#change(clientMsgId, { state: "failed" });
      throw SfuError.from(thrown);
    }
  }

  /** Across a lost session, too: the message is sent again unless the room's history has it. */
  async #deliver(data: Requests["chat.send"]["data"]): Promise<void> {
    for (;;) {
      try {
        const { msgId, at } = await this.#send(data);
        this.#change(data.clientMsgId, { msgId, atMs: Date.parse(at), state: "sent" });
        return;
      } catch (thrown) {
        const error = SfuError.from(thrown);
        if (error.code !== "connection_lost" || this.#over) throw error;
        await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
        if (this.#messages.find(({ key }) => key === data.clientMsgId)?.state === "sent") return;
      }
    }
  }

  /** The server's `chat.message`. */
  receive(info: ChatInfo): void {
    const message = this.#read(info);
    if (this.#messages.some(({ msgId }) => msgId === message.msgId)) return;
    if (this.#messages.some(({ key }) => key === message.key)) this.#change(message.key, message);
    else this.#put(message);
  }

  /** What a join reply tells: the messages so far. What is still on its way goes to its end. */
  restart(history: readonly ChatInfo[]): void {
    const told = history.map((info) => this.#read(info));
    const keys = new Set(told.map(({ key }) => key));
    this.#messages = [...told, ...this.#messages.filter(({ key, state }) => state !== "sent" && !keys.has(key))];
    this.#events.emit("history", this.#messages);
    for (const { resolve } of this.#waiting.splice(0)) resolve();
  }

  /** The visit is over: what waits is not sent any more, and the messages stay to be read. */
  end(error: SfuError): void {
    this.#over = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Another room has another chat. */
  leave(error: SfuError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#messages = [];
  }

  #read({ msgId, at, from, text, to, clientMsgId }: ChatInfo): ChatMessage {
    const own =
      clientMsgId?.startsWith(`${this.#prefix}-`) === true || from.participantId === this.#self().participantId;
    return {
      key: own && clientMsgId ? clientMsgId : msgId,
      msgId,
      atMs: Date.parse(at),
      from,
      text,
      to,
      own,
      state: "sent",
    };
  }

  #put(message: ChatMessage): void {
    this.#messages = [...this.#messages, message].slice(-KEPT);
    this.#events.emit("message", message);
  }

  #change(key: string, change: Partial<ChatMessage>): void {
    const before = this.#messages.find((message) => message.key === key);
    // The server's copy may be here before its reply, and a failure after either says nothing.
    if (!before || before.state === "sent") return;
    const after = { ...before, ...change };
    this.#messages = this.#messages.map((message) => (message === before ? after : message));
    this.#events.emit("message", after);
  }
}
