import { ENGLISH_CHECK_TEXTS, type CheckReason } from "../../../sdk/check.js";

type Detail = string | number | boolean;

/** One of the checks, as far as the page shows it; its names may be those of a newer client. */
export interface SentResult {
  readonly id: string;
  readonly verdict: string;
  /** Only those that there are words for. */
  readonly reasons: readonly CheckReason[];
  readonly details: Readonly<Record<string, Detail>>;
}

export interface SentCheck {
  readonly startedAt: string | undefined;
  readonly checks: readonly SentResult[];
}

/**
 * Reads a report that was sent, by itself or inside what the server keeps with it.
 *
 * @returns `undefined` for what is none: anybody may send anything
 */
export function checkIn(data: unknown): SentCheck | undefined {
  if (!isObject(data)) return undefined;
  const { checks, startedAt } = isObject(data["report"]) ? data["report"] : data;
  if (!Array.isArray(checks)) return undefined;
  const read = checks.map(resultIn);
  const known = read.filter((result) => result !== undefined);
  if (known.length < read.length) return undefined;
  const isTime = typeof startedAt === "string" && !Number.isNaN(Date.parse(startedAt));
  return { startedAt: isTime ? startedAt : undefined, checks: known };
}

function resultIn(data: unknown): SentResult | undefined {
  if (!isObject(data)) return undefined;
  const { id, verdict, reasons = [], details = {} } = data;
  if (typeof id !== "string" || typeof verdict !== "string") return undefined;
  if (!Array.isArray(reasons) || !isObject(details)) return undefined;
  return {
    ...{ id, verdict, reasons: reasons.filter(isReason) },
    details: Object.fromEntries(
      Object.entries(details).filter((entry): entry is [string, Detail] => isDetail(entry[1])),
    ),
  };
}

function isObject(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

function isReason(name: unknown): name is CheckReason {
  return typeof name === "string" && Object.hasOwn(ENGLISH_CHECK_TEXTS, name);
}

function isDetail(value: unknown): value is Detail {
  return ["string", "number", "boolean"].includes(typeof value);
}
