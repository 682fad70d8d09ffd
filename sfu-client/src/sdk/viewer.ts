import type { Cancel, Clock } from "./platform.js";
import type { ViewData, ViewedVideo } from "./protocol.js";

const DEBOUNCE_MS = 250;
/** Sizes that differ by less ask for the same quality. */
const SAME_SIZE = 0.1;

/**
 * What the viewer wants to see. A layout in motion changes its wish many times a second: only the last one is sent, when it
 * says something new, and again after a join, where the server knows none. Without any wish the server decides.
 */
export class Viewer {
  readonly #clock: Clock;
  readonly #send: (wish: ViewData) => Promise<boolean>;
  #wish: ViewData | undefined;
  #sent: ViewData | undefined;
  #stopTimer: Cancel | undefined;

  /** @param send resolves with whether the server has the wish now; never rejects */
  constructor(clock: Clock, send: (wish: ViewData) => Promise<boolean>) {
    this.#clock = clock;
    this.#send = send;
  }

  want(wish: ViewData, atOnce: boolean): void {
    this.#wish = wish;
    this.stop();
    if (atOnce) this.#sendWhenNew();
    else this.#stopTimer = this.#clock.after(DEBOUNCE_MS, () => this.#sendWhenNew());
  }

  async resend(): Promise<void> {
    this.stop();
    const wish = this.#wish;
    this.#sent = wish;
    if (wish && !(await this.#send(wish)) && this.#sent === wish) this.#sent = undefined;
  }

  /** Another room: a wish for people who are not in it says nothing. */
  forget(): void {
    this.stop();
    this.#wish = undefined;
    this.#sent = undefined;
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #sendWhenNew(): void {
    if (this.#wish && this.#sent && saysTheSame(this.#wish, this.#sent)) this.stop();
    else void this.resend();
  }
}

function saysTheSame(a: ViewData, b: ViewData): boolean {
  return (
    a.layout === b.layout &&
    a.maxVideo === b.maxVideo &&
    a.audio === b.audio &&
    aboutTheSame(a.defaultHeight, b.defaultHeight) &&
    a.video.length === b.video.length &&
    a.video.every((video, index) => sameVideo(video, b.video[index]))
  );
}

function sameVideo(a: ViewedVideo, b: ViewedVideo | undefined): boolean {
  return (
    a.participantId === b?.participantId &&
    a.source === b.source &&
    a.priority === b.priority &&
    a.pinned === b.pinned &&
    aboutTheSame(a.width, b.width) &&
    aboutTheSame(a.height, b.height)
  );
}

function aboutTheSame(a: number, b: number): boolean {
  return Math.abs(a - b) <= SAME_SIZE * b;
}
