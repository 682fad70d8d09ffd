import { beforeEach, describe, expect, it } from "vitest";
import { StallWatch } from "./stall-watch.js";
import { FakeClock } from "./testing/fake-platform.js";

describe("StallWatch", () => {
  let clock: FakeClock;
  let heardMs: number | undefined;
  let changes: boolean[];
  let watch: StallWatch;

  beforeEach(() => {
    clock = new FakeClock();
    heardMs = undefined;
    changes = [];
    watch = new StallWatch(
      clock,
      () => heardMs,
      (stalled) => changes.push(stalled),
    );
    watch.start();
  });

  async function flow(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      heardMs = (heardMs ?? 0) + 100;
      await clock.advance(100);
    }
  }

  it("shouldTellOnceThatEverythingStopped", async () => {
    await flow(3000);
    expect([changes, watch.stalled]).toEqual([[], false]);
    await clock.advance(2100);
    expect([changes, watch.stalled]).toEqual([[true], true]);
    await clock.advance(60_000);
    expect(changes).toEqual([true]);
    await flow(1000);
    expect([changes, watch.stalled]).toEqual([[true, false], false]);
    await clock.advance(2100);
    expect(changes).toEqual([true, false, true]);
  });

  it("shouldSayNothingWhereNobodyWasHeard", async () => {
    await clock.advance(60_000);
    expect([changes, watch.stalled]).toEqual([[], false]);
  });

  it("shouldEndWithItsTimer", async () => {
    await flow(1000);
    watch.stop();
    await clock.advance(60_000);
    expect([changes, clock.pendingTimers]).toEqual([[], 0]);
  });
});
