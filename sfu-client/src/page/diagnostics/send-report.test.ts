import { expect, it, vi } from "vitest";
import type { CheckReport } from "../../sdk/check.js";
import { sendReport } from "./send-report.js";

const report = { verdict: "failed" } as unknown as CheckReport;

function answering(status: number, body: unknown) {
  return vi.fn<typeof fetch>(() => Promise.resolve(new Response(JSON.stringify(body), { status })));
}

it("shouldSendTheReportAndGiveTheCode", async () => {
  const request = answering(201, { reportId: "7K2F9QX3" });
  expect(await sendReport(report, "https://a.example/v1/diagnostics", request)).toEqual({
    state: "sent",
    code: "7K2F-9QX3",
  });
  expect(request).toHaveBeenCalledWith(
    "https://a.example/v1/diagnostics",
    expect.objectContaining({ method: "POST", body: '{"verdict":"failed"}' }),
  );
});

it.each([
  [404, {}, "refused"],
  [503, {}, "refused"],
  [429, {}, "often"],
  [201, { reportId: "<b>" }, "refused"],
  [201, [], "refused"],
] as const)("shouldSayThatItDidNotArrive %s", async (status, body, why) => {
  expect(await sendReport(report, "/v1/diagnostics", answering(status, body))).toEqual({ state: "failed", why });
});

it("shouldSayThatNobodyAnswered", async () => {
  const request = vi.fn<typeof fetch>(() => Promise.reject(new TypeError("no network")));
  expect(await sendReport(report, "/v1/diagnostics", request)).toEqual({ state: "failed", why: "unreachable" });
});
