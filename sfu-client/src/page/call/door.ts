import { signal } from "@preact/signals";
import { SfuError, type Room } from "../../sdk/index.js";
import type { Notices } from "../app/notices.js";

/** A room that wants a password; with an error once one was tried that is not it. */
export interface PasswordQuestion {
  readonly room: string;
  readonly error: SfuError | undefined;
}

/** Wishes that were given up or overtaken, which nobody needs to be told. */
const SILENT: readonly string[] = ["aborted", "left"];

/** The way from one room into another. Where that wants a password it is asked for, and the visit stays where it is meanwhile. */
export class Door {
  readonly question = signal<PasswordQuestion | undefined>(undefined);
  readonly trying = signal(false);
  readonly #room: Room;
  readonly #notices: Notices;
  readonly #passwords: Map<string, string>;
  #wish = new AbortController();

  /** @param passwords that opened rooms, by their names; what opens one here is added */
  constructor(room: Room, notices: Notices, passwords: Map<string, string>) {
    this.#room = room;
    this.#notices = notices;
    this.#passwords = passwords;
  }

  /** Resolves when the other room was entered, or when it is known what is in the way. */
  async goTo(target: string): Promise<void> {
    this.question.value = undefined;
    this.#wish.abort();
    await this.#try(target, this.#passwords.get(target), () => undefined);
  }

  /** The same, with what the person wrote. */
  async answer(password: string): Promise<void> {
    const { room } = this.question.value ?? {};
    if (room !== undefined && !this.trying.value) await this.#try(room, password, (error) => error);
  }

  /** The person stays here. */
  giveUp(): void {
    this.question.value = undefined;
    this.#wish.abort();
  }

  /** The other room's queue holds a place: its password was right. */
  queued(): void {
    this.question.value = undefined;
  }

  /** @param told what a password that is wrong is called in the next question */
  async #try(target: string, password: string | undefined, told: (error: SfuError) => SfuError | undefined) {
    const wish = (this.#wish = new AbortController());
    this.trying.value = true;
    try {
      await this.#room.switchTo(target, { signal: wish.signal, ...(password !== undefined && { password }) });
      if (password !== undefined) this.#passwords.set(target, password);
      this.question.value = undefined;
    } catch (thrown) {
      const error = SfuError.from(thrown);
      if (error.code === "wrong_password") {
        this.question.value = { room: target, error: told(error) };
        return;
      }
      this.question.value = undefined;
      if (!SILENT.includes(error.code)) this.#notices.sayError(error);
    } finally {
      if (wish === this.#wish) this.trying.value = false;
    }
  }
}
