import { describe, expect, it } from "vitest";
import { DASHBOARD_TEXTS } from "../../i18n/dashboard-words.js";
import { ApiError } from "./api-error.js";
import { atMost } from "./at-most.js";
import { historyQuery } from "./history-query.js";
import { problemText } from "./problem-words.js";
import { trafficRate } from "./traffic.js";
import { poorOnes } from "./trouble-list.js";
import type { RoomQuality } from "./types.js";

describe("What is wrong now", () => {
  it("shouldHaveTheWorstFirst", () => {
    const room = (name: string, levels: readonly (number | undefined)[]) =>
      ({
        room: name,
        participants: levels.map((level, index) => ({ level, participantId: `${name}${index}`, displayName: "N" })),
      }) as unknown as RoomQuality;
    const poor = poorOnes([room("a", [5, 2, 3]), undefined, room("b", [undefined, 0])]);
    expect(poor.map(({ person }) => person.participantId)).toEqual(["b1", "a1"]);
    expect(poor[1]?.names.get("a0")).toBe("N");
  });

  it("shouldHaveThoseWhomSomethingDisturbs", () => {
    const causes = [[], ["tcp_path"], ["relay_path", "jitter"], ["source:pa_1:loss_up"], ["brand_new"]];
    const participants = causes.map((of, index) => ({ level: 4, participantId: `pa_${index}`, causes: of }));
    const poor = poorOnes([{ room: "a", participants } as unknown as RoomQuality]);
    expect(poor.map(({ person }) => person.participantId)).toEqual(["pa_2", "pa_3", "pa_4"]);
  });
});

it("shouldDoAFewAtATimeAndKeepTheOrder", async () => {
  let now = 0;
  let most = 0;
  const results = await atMost(3, [5, 4, 3, 2, 1, 0], async (turns) => {
    most = Math.max(most, ++now);
    for (let i = 0; i < turns; i++) await Promise.resolve();
    now--;
    return turns * 10;
  });
  expect([results, most]).toEqual([[50, 40, 30, 20, 10, 0], 3]);
});

it.each([
  [1000, { receivedBytes: 2000, sentBytes: 500 }, { receivedBps: 8000, sentBps: 4000 }],
  [2000, { receivedBytes: 1000, sentBytes: 0 }, { receivedBps: 0, sentBps: 0 }],
  [0, { receivedBytes: 2000, sentBytes: 500 }, undefined],
  [1000, { receivedBytes: 10, sentBytes: 0 }, undefined],
])("shouldTellTheRateOf %d ms", (ms, traffic, rate) => {
  const before = { traffic: { receivedBytes: 1000, sentBytes: 0 }, atMs: 5 };
  expect(trafficRate(before, { traffic, atMs: 5 + ms })).toEqual(rate);
});

it("shouldAskForMoments", () => {
  const since = "2026-01-02T03:04";
  expect(historyQuery({ room: "blue", identity: "", since, until: "never" })).toEqual({
    room: "blue",
    since: new Date(since).toISOString(),
  });
});

it.each([
  [new ApiError("room_not_found", 404, "no room is open as x"), "This room is not open."],
  [
    new ApiError("bad_request", 400, "expected a number", "keepSec"),
    "Something in it is not as the server expects. The server says: expected a number",
  ],
  [new ApiError("brand_new", 418, "tea"), "The server refused (brand_new). The server says: tea"],
])("shouldSayWhatWentWrong: %s", (error, text) => {
  expect(problemText(DASHBOARD_TEXTS.en, error)).toBe(text);
});
