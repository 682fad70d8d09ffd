import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "./api-error.js";
import { Poller, type Polled, type Sight } from "./poller.js";

class FakeSight implements Sight {
  readonly #listeners = new Set<() => void>();
  #hidden = false;
  readonly hidden = () => this.#hidden;
  readonly onChange = (changed: () => void) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  get listeners(): number {
    return this.#listeners.size;
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden;
    for (const changed of this.#listeners) changed();
  }
}

describe("Something that is read again and again", () => {
  const sight = { current: new FakeSight() };
  let answers: ((value: number | Error) => void)[];
  let signals: AbortSignal[];
  let told: Polled<number>[];
  let poller: Poller<number>;

  const load = (signal: AbortSignal) => {
    signals.push(signal);
    return new Promise<number>((resolve, reject) => {
      answers.push((value) => (typeof value === "number" ? resolve(value) : reject(value)));
    });
  };
  const answer = async (value: number | Error) => {
    answers.at(-1)?.(value);
    await vi.advanceTimersByTimeAsync(0);
  };

  beforeEach(() => {
    vi.useFakeTimers();
    [answers, signals, told] = [[], [], []];
    sight.current = new FakeSight();
    poller = new Poller(load, 2000, (polled) => told.push(polled), sight.current);
  });
  afterEach(() => {
    poller.stop();
    expect(vi.getTimerCount()).toBe(0);
    expect(sight.current.listeners).toBe(0);
    vi.useRealTimers();
  });

  it("shouldBeReadAtOnceAndThenAfterAWhile", async () => {
    expect(answers).toHaveLength(1);
    await answer(1);
    await vi.advanceTimersByTimeAsync(1999);
    expect(answers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(answers).toHaveLength(2);
  });

  it("shouldNotBeReadTwiceAtATime", async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answers).toHaveLength(1);
  });

  it("shouldKeepWhatWasReadWhenAReadingFails", async () => {
    await answer(1);
    await vi.advanceTimersByTimeAsync(2000);
    await answer(new ApiError("internal", 500, "no"));
    expect(told.at(-1)).toMatchObject({ data: 1, error: { code: "internal" } });
    await vi.advanceTimersByTimeAsync(2000);
    await answer(2);
    expect(told.at(-1)).toEqual({ data: 2, error: undefined });
  });

  it("shouldRestWhileNobodyLooks", async () => {
    await answer(1);
    sight.current.hide(true);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answers).toHaveLength(1);
    sight.current.hide(false);
    expect(answers).toHaveLength(2);
  });

  it("shouldWaitUntilSomebodyLooksWhenSomethingChanges", async () => {
    poller.now();
    sight.current.hide(true);
    await answer(1);
    poller.now();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(answers).toHaveLength(1);
    sight.current.hide(false);
    expect(answers).toHaveLength(2);
  });

  it("shouldBeReadOnceMoreWhenSomethingChangesMeanwhile", async () => {
    poller.now();
    poller.now();
    expect(answers).toHaveLength(1);
    await answer(1);
    expect(answers).toHaveLength(2);
    await answer(2);
    expect(answers).toHaveLength(2);
  });

  it("shouldTellNothingAfterItIsStopped", async () => {
    poller.stop();
    await answer(1);
    expect(signals[0]?.aborted).toBe(true);
    expect(told).toEqual([]);
  });
});
