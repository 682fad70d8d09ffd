import { signal, type ReadonlySignal } from "@preact/signals";

const query = matchMedia("(max-width: 600px)");
const matches = signal(query.matches);
query.addEventListener("change", () => (matches.value = query.matches));

/** A phone in portrait, or a window as narrow. */
export const narrow: ReadonlySignal<boolean> = matches;
