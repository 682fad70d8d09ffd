import type { CheckReport } from "../../sdk/check.js";

/** What has become of a report that support is to have. */
export type Sending =
  | { readonly state: "idle" }
  | { readonly state: "sending" }
  | { readonly state: "sent"; readonly code: string }
  | { readonly state: "failed"; readonly why: "refused" | "often" | "unreachable" };

const GIVE_UP_MS = 15_000;
const HALF = 4;

/** Sends a report to the page's own server. Never rejects. */
export async function sendReport(
  report: CheckReport,
  address: string,
  request: typeof fetch = fetch,
): Promise<Sending> {
  try {
    const answer = await request(address, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(report),
      signal: AbortSignal.timeout(GIVE_UP_MS),
    });
    if (answer.status === 429) return { state: "failed", why: "often" };
    if (!answer.ok) return { state: "failed", why: "refused" };
    const said: unknown = await answer.json();
    return isCode(said) ? { state: "sent", code: inHalves(said.reportId) } : { state: "failed", why: "refused" };
  } catch {
    return { state: "failed", why: "unreachable" };
  }
}

function isCode(said: unknown): said is { readonly reportId: string } {
  return (
    typeof said === "object" &&
    said !== null &&
    "reportId" in said &&
    typeof said.reportId === "string" &&
    /^[0-9A-Z]{4,16}$/.test(said.reportId)
  );
}

/** As it is easier to read out. */
function inHalves(code: string): string {
  return `${code.slice(0, HALF)}-${code.slice(HALF)}`;
}
