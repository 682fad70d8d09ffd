import { computed } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { words } from "../../i18n/dashboard-words.js";
import { language } from "../../i18n/language.js";
import { QUALITY_WORDS } from "../../i18n/quality-words.js";
import { formatsOf } from "../data/formats.js";
import type { OperatorApi } from "../data/operator-api.js";
import type { Speech } from "../data/plain-words.js";
import type { Session } from "../data/session.js";
import type { Notices } from "./notices.js";

/** What every page works with. */
export interface Desk {
  readonly session: Session;
  readonly notices: Notices;
}

const DeskContext = createContext<Desk | undefined>(undefined);

export const DeskProvider = DeskContext.Provider;

export function useDesk(): Desk & { readonly api: OperatorApi } {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("A page stands outside of the desk.");
  return { ...desk, api: desk.session.api };
}

/** Numbers and times in the language that is chosen now. */
export const formats = computed(() => formatsOf(language.value));

/** Sentences in the language that is chosen now. */
export function speech(nameOf: Speech["nameOf"]): Speech {
  return { texts: words.value, quality: QUALITY_WORDS[language.value], formats: formats.value, nameOf };
}
