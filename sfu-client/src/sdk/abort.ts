import { SfuError } from "./errors.js";

/** What every call that takes an `AbortSignal` rejects with once that is aborted. */
export function abortedError(signal: AbortSignal): SfuError {
  return new SfuError("aborted", "The call was aborted.", { cause: signal.reason as unknown });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortedError(signal);
}

/**
 * Settles as the promise does, or rejects with `aborted` as soon as the signal is aborted.
 *
 * @param abandon what to do then about the work, which goes on by itself
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined, abandon: () => void): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => {
      reject(abortedError(signal));
      abandon();
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
