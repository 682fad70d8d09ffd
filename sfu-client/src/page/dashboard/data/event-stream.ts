/** What `text/event-stream` carries. */
export interface ServerSentEvent {
  readonly type: string;
  readonly data: string;
}

/** Takes a stream's text as it comes, in pieces of any size. */
export class EventReader {
  #rest = "";
  #type = "";
  #data: string[] = [];

  /** @returns the events that are whole by now */
  read(text: string): readonly ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    this.#rest += text;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (!end) return events;
      const line = this.#rest.slice(0, end.index);
      this.#rest = this.#rest.slice(end.index + end[0].length);
      if (line !== "") this.#take(line);
      else if (this.#data.length > 0) events.push(this.#event());
      else this.#type = "";
    }
  }

  #take(line: string): void {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === "event") this.#type = value;
    if (name === "data") this.#data.push(value);
  }

  #event(): ServerSentEvent {
    const event = { type: this.#type === "" ? "message" : this.#type, data: this.#data.join("\n") };
    this.#type = "";
    this.#data = [];
    return event;
  }
}

export type StreamState = "connecting" | "open" | "lost";

export interface EventStreamOptions {
  readonly url: string;
  /** Asked anew for each attempt. */
  readonly token: () => string | undefined;
  readonly onEvent: (event: ServerSentEvent) => void;
  /** The stream is there, for the first time or again: what was missed has to be listed. */
  readonly onOpen: () => void;
  readonly onState?: (state: StreamState) => void;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** The server says something every 15 s. */
const SILENCE_MS = 40_000;

/**
 * Server-sent events with an `Authorization` header, which `EventSource` cannot send. Comes back by itself, after 1 s at first and 30 s at
 * most, and when nothing has come for 40 s.
 */
export class EventStream {
  readonly #options: EventStreamOptions;
  #controller: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waitMs = FIRST_WAIT_MS;
  #closed = false;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    void this.#run();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#controller?.abort();
  }

  async #run(): Promise<void> {
    const { onState } = this.#options;
    const controller = new AbortController();
    this.#controller = controller;
    onState?.("connecting");
    try {
      await this.#listen(controller);
    } catch {
      // Whatever ended it, what follows is the same.
    }
    clearTimeout(this.#timer);
    controller.abort();
    if (this.#isClosed()) return;
    onState?.("lost");
    this.#timer = setTimeout(() => void this.#run(), this.#waitMs);
    this.#waitMs = Math.min(LONGEST_WAIT_MS, this.#waitMs * 2);
  }

  async #listen(controller: AbortController): Promise<void> {
    const { url, token, onEvent, onOpen, onState, fetch: ask = askBrowser } = this.#options;
    const bearer = token();
    this.#expectMore(controller);
    const response = await ask(url, {
      headers: { Accept: "text/event-stream", ...(bearer !== undefined && { Authorization: `Bearer ${bearer}` }) },
      cache: "no-store",
      signal: controller.signal,
    });
    if (!response.ok || !response.body) return;
    const events = new EventReader();
    const text = new TextDecoder();
    const pieces = response.body.getReader();
    onState?.("open");
    onOpen();
    for (;;) {
      const { done, value } = await pieces.read();
      if (done || this.#isClosed()) return;
      this.#expectMore(controller);
      this.#waitMs = FIRST_WAIT_MS;
      for (const event of events.read(text.decode(value, { stream: true }))) onEvent(event);
    }
  }

  /** A method, since it may change while something is awaited. */
  #isClosed(): boolean {
    return this.#closed;
  }

  #expectMore(controller: AbortController): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => controller.abort(), SILENCE_MS);
  }
}

function askBrowser(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, init);
}
