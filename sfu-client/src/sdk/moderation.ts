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

  /** @param banSec how long the person may not come back */
  async kick(participantId: string, options: { banSec?: number; reason?: string } = {}): Promise<void> {
    await this.#ask("mod.kick", { participantId, ...options });
  }

  async lock(locked: boolean): Promise<void> {
    await this.#ask("mod.lock", { locked });
  }

  async role(participantId: string, role: "host" | "moderator" | "participant" | "viewer"): Promise<void> {
    await this.#ask("mod.role", { participantId, role });
  }

  /** Ends the room for everybody. */
  async end(reason?: string): Promise<void> {
    await this.#ask("mod.end", reason === undefined ? {} : { reason });
  }

  async admit(who: Admission): Promise<void> {
    await this.#ask("mod.admit", who);
  }

  /** @param text told to the one who waits */
  async deny(ticketId: string, text?: string): Promise<void> {
    await this.#ask("mod.deny", { ticketId, ...(text !== undefined && { text }) });
  }

  /** A held ticket keeps its place and is not admitted. */
  async hold(ticketId: string, held: boolean): Promise<void> {
    await this.#ask("mod.hold", { ticketId, held });
  }

  /** @param priority 0 to 9; higher is earlier */
  async priority(ticketId: string, priority: number): Promise<void> {
    await this.#ask("mod.priority", { ticketId, priority });
  }

  /** Back to the queue: to its end, or to its head. */
  async toQueue(participantId: string, head = false): Promise<void> {
    await this.#ask("mod.toQueue", { participantId, head });
  }

  async extendTimer(sec: number): Promise<void> {
    await this.#ask("timer.extend", { sec });
  }

  async setTimer(durationSec: number): Promise<void> {
    await this.#ask("timer.set", { durationSec });
  }

  async startTimer(): Promise<void> {
    await this.#ask("timer.start", {});
  }

  async pauseTimer(paused: boolean): Promise<void> {
    await this.#ask("timer.pause", { paused });
  }
}
