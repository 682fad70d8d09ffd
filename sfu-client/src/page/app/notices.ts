import { signal } from "@preact/signals";
import { SfuError } from "../../sdk/index.js";
import type { Texts } from "../i18n/en.js";
import { messageFor, type Message } from "../i18n/errors.js";
import type { Language } from "../i18n/language.js";

/** Worded when it is shown, so that it follows the language. */
export type Words = (texts: Texts, language: Language) => Pick<Message, "title"> & Partial<Message>;

export interface Notice {
  readonly id: number;
  readonly words: Words;
  /** What the person can do about it at once. */
  readonly action?: { readonly name: string; readonly label: (texts: Texts) => string; readonly run: () => void };
}

const SHOWN_MS = 6000;
const WITH_ACTION_MS = 20_000;

/** What is said for a few seconds, and read out. */
export class Notices {
  readonly all = signal<readonly Notice[]>([]);
  #last = 0;

  say(words: Words, action?: Notice["action"]): void {
    const id = ++this.#last;
    this.all.value = [...this.all.value, { id, words, ...(action && { action }) }];
    setTimeout(() => this.remove(id), action ? WITH_ACTION_MS : SHOWN_MS);
  }

  sayError(error: SfuError): void {
    this.say((_, language) => messageFor(error, language));
  }

  remove(id: number): void {
    this.all.value = this.all.value.filter((notice) => notice.id !== id);
  }

  /** Carries out what may fail, and says so when it does. */
  async attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (thrown) {
      this.sayError(SfuError.from(thrown));
    }
  }
}
