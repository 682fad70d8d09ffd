import { describe, expect, it } from "vitest";
import { levelOf } from "./sound-level.js";

const tone = (amplitude: number) => new Float32Array(2048).map((_, index) => amplitude * Math.sin(index / 5));

describe("levelOf", () => {
  it.each([
    [0, 0, 0],
    [0.0005, 0, 0],
    [0.01, 0.2, 0.4],
    [0.1, 0.5, 0.7],
    [1, 0.9, 1],
  ])("shouldPutATone Of %d Between %d And %d", (amplitude, least, most) => {
    const level = levelOf(tone(amplitude));
    expect(level).toBeGreaterThanOrEqual(least);
    expect(level).toBeLessThanOrEqual(most);
  });
});
