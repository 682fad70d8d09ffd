import { words } from "../../i18n/dashboard-words.js";
import type { ApiError } from "../data/api-error.js";
import { problemText } from "../data/problem-words.js";

/** That something could not be read; with what was read before, or without. */
export function Trouble({ error, stale }: { error: ApiError | undefined; stale?: boolean }) {
  if (!error) return null;
  const t = words.value;
  const why = problemText(t, error);
  return (
    <p class="note" role="alert" data-problem={error.code}>
      {stale === true ? t.outdated(why) : why}
    </p>
  );
}

export function Loading() {
  return (
    <p class="muted-text" role="status">
      {words.value.loading}
    </p>
  );
}
