import { SfuError } from "./errors.js";
import type { EnteredReply, EntryData, QueuedReply, QueueUpdate } from "./protocol.js";

type Extra = Pick<EntryData, "password" | "admitToken">;
type Ask = (room: string, extra: Extra) => Promise<EnteredReply | QueuedReply>;

interface Target {
  readonly room: string;
  readonly password: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: SfuError) => void;
  queued: boolean;
}

/** On the way from one room to another, which may have a queue: then the visit stays where it is until it is let in. */
export class RoomSwitch {
  readonly #ask: Ask;
  readonly #waits: (update: QueueUpdate | undefined) => void;
  #target: Target | undefined;
  /** Rooms entered in this way. */
  count = 0;

  /**
   * @param ask sends the request, and takes in what the reply says when the other room was entered
   * @param waits told the place in the other room's queue, and `undefined` when that is over
   */
  constructor(ask: Ask, waits: (update: QueueUpdate | undefined) => void) {
    this.#ask = ask;
    this.#waits = waits;
  }

  /** Whether the other room's queue holds a place for us. */
  get waiting(): boolean {
    return this.#target?.queued === true;
  }

  /** Resolves when the other room was entered; a later call overtakes one that waits in a queue. */
  to(room: string, { password }: { password?: string }): Promise<void> {
    if (this.#target && !this.#target.queued) {
      return Promise.reject(new SfuError("already_joined", "Another switch is under way.", { retryable: true }));
    }
    this.fail(new SfuError("left", `Overtaken by the switch to ${room}.`));
    return new Promise((resolve, reject) => {
      const target = { room, password, resolve, reject, queued: false };
      this.#target = target;
      void this.#go(target, {});
    });
  }

  admitted(admitToken: string): void {
    if (this.#target?.queued) void this.#go(this.#target, { admitToken });
  }

  fail(error: SfuError): void {
    const target = this.#target;
    if (!target) return;
    this.#target = undefined;
    if (target.queued) this.#waits(undefined);
    target.reject(error);
  }

  async #go(target: Target, extra: Extra): Promise<void> {
    try {
      const { password } = target;
      const reply = await this.#ask(target.room, { ...(password !== undefined && { password }), ...extra });
      if (reply.status === "joined") this.count++;
      if (target !== this.#target) return;
      if (reply.status === "queued") {
        target.queued = true;
        this.#waits(reply);
        return;
      }
      this.#target = undefined;
      if (target.queued) this.#waits(undefined);
      target.resolve();
    } catch (thrown) {
      if (target === this.#target) this.fail(SfuError.from(thrown));
    }
  }
}
