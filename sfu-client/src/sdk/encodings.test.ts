import { describe, expect, it } from "vitest";
import { activeEncodings, fitted, offeredEncodings, worthwhile } from "./encodings.js";

const RIDS = ["q", "h", "f"];

describe("a camera", () => {
  it.each([
    // width, height, then height and kbit/s of each layer
    [1920, 1080, "270/500 540/1200 1080/4000"],
    [1280, 720, "180/150 360/500 720/2500"],
    [960, 540, "135/150 270/500 540/1200"],
    [720, 1280, "320/150 640/500 1280/2500"],
    [640, 480, "240/500 480/800"],
    [640, 360, "180/150 360/800"],
    [320, 240, "240/800"],
    [320, 180, "180/300"],
  ])("shouldBeSentIn %i × %i As %s", (width, height, expected) => {
    const size = { width, height };
    const layers = RIDS.slice(0, worthwhile("camera", size, 3)).map((_, index) => {
      const { scaleResolutionDownBy, maxBitrate } = fitted("camera", size, index, 3);
      return `${height / scaleResolutionDownBy}/${maxBitrate / 1000}`;
    });
    expect(layers.join(" ")).toBe(expected);
  });

  it("shouldKeepIdleEncodingsAsTheyWouldBeForALargePicture", () => {
    const size = { width: 640, height: 360 };
    expect(fitted("camera", size, 2, 3)).toEqual(fitted("camera", { width: 1280, height: 720 }, 2, 3));
  });

  it("shouldHaveItsFullSizeInASingleStream", () => {
    expect(fitted("camera", { width: 320, height: 180 }, 0, 1)).toEqual({
      scaleResolutionDownBy: 1,
      maxBitrate: 1_200_000,
      maxFramerate: 30,
    });
    expect(offeredEncodings("camera", { layers: "L1T3" })).toEqual([
      { scaleResolutionDownBy: 1, maxBitrate: 2_500_000, maxFramerate: 30, scalabilityMode: "L1T3" },
    ]);
  });
});

describe("what is offered", () => {
  const offered = (...[source, options]: Parameters<typeof offeredEncodings>) =>
    offeredEncodings(source, options).map(({ rid, scalabilityMode }) => `${rid ?? "-"} ${scalabilityMode ?? "-"}`);

  it.each([
    [{}, "q L1T3,h L1T3,f L1T3", "q L1T3,f L1T3"],
    [{ codec: "h264" }, "q -,h -,f -", "q -,f -"],
    [{ codec: "vp9" }, "- L3T3_KEY", "- L1T3"],
    [{ codec: "av1" }, "- L3T3_KEY", "- L1T3"],
    [{ codec: "vp9", layers: "L3T3" }, "- L3T3", "- L1T3"],
    [{ codec: "av1", layers: "simulcast" }, "q L1T3,h L1T3,f L1T3", "q L1T3,f L1T3"],
    [{ codec: "vp8", layers: "L1T3" }, "- L1T3", "- L1T3"],
  ] as const)("shouldFor %o Be %s", (options, camera, screen) => {
    expect(offered("camera", options).join()).toBe(camera);
    expect(offered("screen", options).join()).toBe(screen);
  });
});

describe("what is sent", () => {
  it.each([
    [RIDS, 3, undefined, "qhf"],
    [RIDS, 2, undefined, "qh"],
    [RIDS, 3, ["q", "f"], "qf"],
    [RIDS, 2, ["q", "f"], "qh"],
    [RIDS, 1, ["h"], "q"],
    [RIDS, 3, [], ""],
    [RIDS, 2, ["0", "1"], "qh"],
    [["q"], 1, ["f"], "q"],
    [["q"], 1, [], ""],
    [[undefined], 1, ["q"], "-"],
    [[undefined], 1, [], ""],
    [[], 0, ["q"], ""],
  ] as const)("shouldOf %o, %i worthwhile, wanted %o, Be '%s'", (rids, count, wanted, expected) => {
    const active = activeEncodings(rids, count, wanted);
    expect(rids.filter((_, index) => active[index]).map((rid) => rid ?? "-")).toEqual(Array.from(expected));
  });
});
