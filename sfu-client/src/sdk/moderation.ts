import type { Admission, Requests, TrackSource } from "./protocol.js";

type Ask = <T extends keyof Requests>(type: T, data: Requests[T]["data"]) => Promise<unknown>;

/** What moderators may ask for. Each resolves when the server has done it and rejects with `forbidden` for others. */
export class Moderation {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Without a source, all of them. Nobody can be un-muted by another. */
  async mute(participantId: string, source?: TrackSource): Promise<void> {
    await this.#ask("mod.mute", { participantId, ...(source && { source }) });
  }

  /** Everybody who is no moderator. */
  async muteAll(source?: TrackSource): Promise<void> {
    await this.#ask("mod.muteAll", { ...(source && { source }) });
  }

  /** Removes somebody, who may not come back for `banSec`, and is told the `reason`. */
  async kick(participantId: string, options: { banSec?: number; reason?: string } = {}): Promise<void> {
    await this.#ask("mod.kick", { participantId, ...options });
  }

  /** Keeps newcomers out, or lets them in again. */
  async lock(locked: boolean): Promise<void> {
    await this.#ask("mod.lock", { locked });
  }

  /** Gives somebody another role; hosts are made by hosts. */
  async role(participantId: string, role: "host" | "moderator" | "participant" | "viewer"): Promise<void> {
    await this.#ask("mod.role", { participantId, role });
  }

  /** Ends the room for everybody. */
  async end(reason?: string): Promise<void> {
    await this.#ask("mod.end", reason === undefined ? {} : { reason });
  }

  /** Lets in who waits: one, the next, so many or all. */
  async admit(who: Admission): Promise<void> {
    await this.#ask("mod.admit", who);
  }

  /** Sends one away who waits, and tells why. */
  async deny(ticketId: string, text?: string): Promise<void> {
    await this.#ask("mod.deny", { ticketId, ...(text !== undefined && { text }) });
  }

  /** A held ticket keeps its place and is not admitted. */
  async hold(ticketId: string, held: boolean): Promise<void> {
    await this.#ask("mod.hold", { ticketId, held });
  }

  /** Who waits with a higher priority, of 0 to 9, is earlier. */
  async priority(ticketId: string, priority: number): Promise<void> {
    await this.#ask("mod.priority", { ticketId, priority });
  }

  /** Back to the queue: to its end, or to its head. */
  async toQueue(participantId: string, head = false): Promise<void> {
    await this.#ask("mod.toQueue", { participantId, head });
  }

  /** Gives everybody so much more time. */
  async extendTimer(sec: number): Promise<void> {
    await this.#ask("timer.extend", { sec });
  }

  /** Sets the time for the session, which starts by `startTimer()`. */
  async setTimer(durationSec: number): Promise<void> {
    await this.#ask("timer.set", { durationSec });
  }

  /** Lets the time run. */
  async startTimer(): Promise<void> {
    await this.#ask("timer.start", {});
  }

  /** Stops the time, or lets it go on. */
  async pauseTimer(paused: boolean): Promise<void> {
    await this.#ask("timer.pause", { paused });
  }
}
