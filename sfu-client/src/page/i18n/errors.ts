import type { ErrorCode, SfuError } from "../../sdk/index.js";
import { ERRORS_EN } from "./errors-en.js";
import { ERRORS_RU } from "./errors-ru.js";
import { ERRORS_UK } from "./errors-uk.js";
import type { Language } from "./language.js";

/** What a person is told: what happened, and what they can do about it. */
export interface Message {
  readonly title: string;
  readonly advice: string;
  /** The page that checks the connection may find out more. */
  readonly check?: boolean;
}

/** In one language: `title` and `advice` for each code, and for those that a newer server may have. */
export interface ErrorTexts {
  readonly known: Readonly<Partial<Record<ErrorCode, readonly [title: string, advice: string]>>>;
  readonly unknown: (code: string) => readonly [title: string, advice: string];
}

export const ERROR_TEXTS: Readonly<Record<Language, ErrorTexts>> = { en: ERRORS_EN, uk: ERRORS_UK, ru: ERRORS_RU };

/** Trouble whose cause may be the network. */
const TO_CHECK: readonly ErrorCode[] = [
  "connection_lost",
  "connect_timeout",
  "heartbeat_lost",
  "request_timeout",
  "media_timeout",
  "media_failed",
  "ice_failed",
  "dtls_failed",
];

/** What to tell a person about an error. */
export function messageFor({ code }: Pick<SfuError, "code">, language: Language): Message {
  const { known, unknown } = ERROR_TEXTS[language];
  const [title, advice] = known[code] ?? unknown(code);
  return { title, advice, check: TO_CHECK.includes(code) };
}
