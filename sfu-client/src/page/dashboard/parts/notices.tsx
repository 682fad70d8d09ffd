import { signal } from "@preact/signals";
import { words } from "../../i18n/dashboard-words.js";
import { ApiError } from "../data/api-error.js";
import { problemText } from "../data/problem-words.js";

const SHOWN_MS = 7000;

interface Notice {
  readonly id: number;
  readonly error: ApiError | undefined;
}

/** What came of what the operator did; each is shown for a while. */
export class Notices {
  readonly list = signal<readonly Notice[]>([]);
  #count = 0;

  /**
   * Does something and tells how it ended.
   *
   * @param then what to do when it is done
   */
  async attempt(action: Promise<unknown>, then?: () => void): Promise<void> {
    try {
      await action;
      this.#show(undefined);
      then?.();
    } catch (failure) {
      this.#show(ApiError.of(failure));
    }
  }

  #show(error: ApiError | undefined): void {
    const id = ++this.#count;
    // Of those that say the same the last one is enough.
    this.list.value = [...this.list.value.filter((shown) => shown.error?.code !== error?.code), { id, error }];
    setTimeout(() => (this.list.value = this.list.value.filter((shown) => shown.id !== id)), SHOWN_MS);
  }
}

export function NoticeList({ notices }: { notices: Notices }) {
  const t = words.value;
  return (
    <div class="desk-notices">
      {notices.list.value.map(({ id, error }) => (
        <p key={id} class="desk-notice" data-notice={error?.code ?? "done"} role={error ? "alert" : "status"}>
          {error ? problemText(t, error) : t.done}
        </p>
      ))}
    </div>
  );
}
