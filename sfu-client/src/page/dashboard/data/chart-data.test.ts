import { describe, expect, it } from "vitest";
import { bandsOf, causesOf, layerLines, merged, minuteBands, minuteSteps, secondsOf, spanOf } from "./chart-data.js";
import type { Minute, Switch, View } from "./types.js";

const at = (sec: number) => new Date(1_800_000_000_000 + sec * 1000).toISOString();
const T = 1_800_000_000;

describe("Coloured bands", () => {
  it("shouldJoinNeighboursWithTheSameCause", () => {
    const samples = [
      { at: at(2), causes: [] },
      { at: at(4), causes: ["loss_down"] },
      { at: at(6.3), causes: ["loss_down", "tcp_path"] },
      { at: at(8), causes: ["tcp_path"] },
      { at: at(10), causes: ["source:pa_1:jitter"] },
      { at: at(12), causes: ["not_known_yet"] },
    ];
    expect(bandsOf(samples, 2)).toEqual([
      { fromSec: T + 2, toSec: T + 6.3, cause: "loss_down", kind: "loss" },
      { fromSec: T + 8, toSec: T + 10, cause: "source", kind: "source" },
    ]);
  });

  it("shouldNotJoinOverAGap", () => {
    const samples = [4, 20].map((sec) => ({ at: at(sec), causes: ["jitter"] }));
    expect(bandsOf(samples, 2)).toHaveLength(2);
    expect(causesOf(bandsOf(samples, 2))).toEqual([{ cause: "jitter", kind: "delay" }]);
  });

  it("shouldShowWhatHeldLongestInAMinute", () => {
    const minute = (sec: number, causeSeconds: Record<string, number>) =>
      ({ at: at(sec), seconds: 60, causeSeconds }) as unknown as Minute;
    const minutes = [
      minute(0, { jitter: 10, loss_up: 30, relay_path: 60 }),
      minute(60, { jitter: 5 }),
      minute(120, { server_overload: 6 }),
    ];
    expect(minuteBands(minutes).map(({ cause, fromSec, toSec }) => [cause, fromSec - T, toSec - T])).toEqual([
      ["loss_up", 0, 60],
      ["server_overload", 120, 180],
    ]);
  });
});

describe("Minutes", () => {
  const minute = (sec: number, seconds: number) => ({ at: at(sec), seconds }) as Minute;
  const steps = (...minutes: readonly Minute[]) => {
    const found = minuteSteps(minutes);
    return found.times.map((time, index) => [time - T, found.minutes[index]?.at]);
  };

  it("shouldHoldFromTheirStartToTheirEnd", () => {
    expect(steps(minute(0, 60), minute(60, 15))).toEqual([
      [0, at(0)],
      [60, at(60)],
      [75, at(60)],
    ]);
    expect(steps()).toEqual([]);
  });

  it("shouldLeaveAGapWhereNoneWasKept", () => {
    expect(steps(minute(0, 60), minute(180, 60))).toEqual([
      [0, at(0)],
      [60, at(0)],
      [120, undefined],
      [180, at(180)],
      [240, at(180)],
    ]);
  });
});

describe("The span of a chart", () => {
  const band = (fromSec: number, toSec: number) => ({ fromSec, toSec, cause: "jitter", kind: "delay" }) as const;

  it.each([
    [[10, 12, 14], [], [10, 14]],
    [[10, 12, 14], [band(8, 12)], [8, 14]],
    [[10, 12], [band(10, 70)], [10, 70]],
    [[10], [], [10, 11]],
    [[], [], undefined],
  ])("shouldHoldItsLinesAndBands: %j %j", (times, bands, span) => {
    expect(spanOf(times, bands)).toEqual(span);
  });
});

describe("Heights of pictures", () => {
  const change = (sec: number, from: number | null, to: number | null, more: Partial<Switch> = {}): Switch => {
    const layer = (height: number | null) => (height === null ? null : { spatial: 0, temporal: 0, height });
    return {
      ...{ at: at(sec), mid: "3", participantId: "pa_1", source: "camera", reason: "view", estimateBps: null },
      ...{ from: layer(from), to: layer(to) },
      ...more,
    };
  };
  const times = [0, 2, 4, 6].map((sec) => secondsOf(at(sec)));

  it("shouldStepWithEachChange", () => {
    const lines = layerLines(times, [change(1, 720, 360), change(5, 360, null)], []);
    expect(lines.map(({ heights }) => heights)).toEqual([[720, 360, 360, null]]);
  });

  it("shouldStayWhereNothingChanged", () => {
    const view = { participantId: "pa_2", source: "screen", state: "live", picture: { height: 1080 } } as View;
    const sound = { ...view, source: "microphone" };
    const [first, second] = layerLines(times, [change(3, null, 180)], [view, sound]);
    expect(first?.heights).toEqual([null, null, 180, 180]);
    expect(second).toMatchObject({ participantId: "pa_2", heights: [1080, 1080, 1080, 1080] });
  });

  it("shouldLeaveSoundsOut", () => {
    expect(layerLines(times, [change(1, 0, 0, { source: "microphone" })], [])).toEqual([]);
  });
});

it("shouldTakeEachSampleOnceAndKeepTenMinutes", () => {
  const samples = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => ({ at: at((from + index) * 2) }));
  const all = merged(samples(0, 200), samples(198, 320), ({ at }) => at, T + 638);
  expect(all).toHaveLength(300);
  expect(all[0]?.at).toBe(at(40));
  expect(all.at(-1)?.at).toBe(at(638));
  // However seldom they come.
  expect(merged([{ at: at(0) }, { at: at(60) }], [], ({ at }) => at, T + 638)).toEqual([{ at: at(60) }]);
});
