import type { DashboardTexts } from "../../i18n/dashboard-en.js";
import type { ApiError } from "./api-error.js";
import { wordFor } from "./word-for.js";

/** What went wrong, for people: in their language, and what the server says where that tells more. */
export function problemText(texts: DashboardTexts, { code, detail, field }: ApiError): string {
  const known = wordFor(texts.problems, code);
  // Which field, and what was expected, says the server alone.
  if (known !== undefined && field === undefined) return known;
  return `${known ?? texts.problem(code)} ${texts.says(detail)}`;
}
