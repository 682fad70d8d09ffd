/** Typed events. A listener that throws does not keep the others from hearing. */
export class Emitter<E extends object> {
  readonly #listeners = new Map<keyof E, Set<(payload: never) => void>>();

  /** @returns the way to stop listening */
  on<K extends keyof E>(type: K, listener: (payload: E[K]) => void): () => void {
    let listeners = this.#listeners.get(type);
    if (!listeners) this.#listeners.set(type, (listeners = new Set()));
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<K extends keyof E>(type: K, payload: E[K]): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        (listener as (payload: E[K]) => void)(payload);
      } catch (thrown) {
        // Reported as uncaught, where the page's own error handling sees it.
        queueMicrotask(() => {
          throw thrown;
        });
      }
    }
  }
}
