import { useEffect, useRef, useState } from "preact/hooks";
import { Poller, type Polled } from "../data/poller.js";

export const EVERY_MS = 2000;

export interface UsePolled<T> extends Polled<T> {
  /** Reads now: something has just changed. */
  readonly now: () => void;
}

/**
 * Reads while the component is there and the page in sight.
 *
 * @param key what is read; another one begins anew
 */
export function usePolled<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  everyMs: number = EVERY_MS,
): UsePolled<T> {
  const [told, setTold] = useState<{ readonly key: string; readonly polled: Polled<T> }>();
  const poller = useRef<Poller<T> | undefined>(undefined);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const own = new Poller(
      (signal) => latest.current(signal),
      everyMs,
      (polled) => setTold({ key, polled }),
    );
    poller.current = own;
    return () => {
      own.stop();
      poller.current = undefined;
    };
  }, [key, everyMs]);
  const { data, error } = told?.key === key ? told.polled : { data: undefined, error: undefined };
  return { data, error, now: () => poller.current?.now() };
}
