import { describe, expect, it } from "vitest";
import { DASHBOARD_TEXTS } from "../../i18n/dashboard-words.js";
import { LANGUAGES, type Language } from "../../i18n/language.js";
import { QUALITY_WORDS } from "../../i18n/quality-words.js";
import { formatsOf } from "./formats.js";
import { blameText, findingText, pathText, switchText, viewReason, viewText, type Speech } from "./plain-words.js";
import { CAUSES, type Cause, type Finding, type Switch, type View } from "./types.js";

const NAMES = new Map([["pa_1", "Ann"]]);
const speech = (language: Language): Speech => ({
  texts: DASHBOARD_TEXTS[language],
  quality: QUALITY_WORDS[language],
  formats: formatsOf(language),
  nameOf: (id) => NAMES.get(id),
});

const VALUES: Readonly<Partial<Record<Cause, Record<string, number>>>> = {
  loss_down: { lossPercent: 7.3, lossMostPercent: 21 },
  loss_up: { lossPercent: 7.3, lossMostPercent: 21 },
  low_bandwidth_down: { estimateBps: 640_000, wantedBps: 1_500_000 },
  low_bandwidth_up: { receivedBps: 120_000 },
  high_delay: { roundTripMs: 480 },
  jitter: { jitterMs: 73 },
};

function finding(cause: Cause): Finding {
  return {
    ...{ cause, seconds: 12, sharePercent: 20, values: VALUES[cause] ?? {}, text: "of the server" },
    ...(cause === "source" && { participantId: "pa_1", theirs: "sender_cpu" }),
  };
}

describe.each(LANGUAGES)("In %s", (language) => {
  it.each(CAUSES)("shouldBeSaidWithItsNumbersAndWhatToDo: %s", (cause) => {
    const { said, advice } = findingText(speech(language), finding(cause));
    for (const text of [said, advice]) {
      expect(text).toMatch(/\.$/);
      expect(text).not.toMatch(/[{}]|undefined|NaN/);
      if (language !== "en") expect(text).toMatch(/\p{Script=Cyrillic}/u);
    }
    const numbers = Object.values(VALUES[cause] ?? {});
    expect(said.match(/\d+([.,]\d+)?/g) ?? []).toHaveLength(numbers.length);
  });

  it.each(CAUSES)("shouldHaveAFewWordsFor %s", (cause) => {
    const text = blameText(speech(language), cause === "source" ? "source:pa_1:jitter" : cause);
    expect(text).not.toMatch(/[{}]/);
    expect(text.includes("Ann")).toBe(cause === "source");
  });

  it.each(CAUSES)("shouldAskForTheSameNumbersAsInEnglish: %s", (cause) => {
    const asked = ({ short, said, advice }: { short: string; said: string; advice: string }) =>
      [short, said, advice].map((text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort());
    expect(asked(QUALITY_WORDS[language][cause])).toEqual(asked(QUALITY_WORDS.en[cause]));
  });
});

const FULL = { spatial: 2, temporal: 2, height: 720 };
const HALF = { spatial: 1, temporal: 2, height: 360 };
const HALF_SLOW = { spatial: 1, temporal: 0, height: 360 };

describe("A change of a picture", () => {
  const change = (more: Partial<Switch>): Switch => ({
    ...{ at: "2026-01-02T03:04:05Z", mid: "3", participantId: "pa_1", source: "camera" },
    ...{ from: FULL, to: HALF, reason: "bandwidth", estimateBps: 640_000 },
    ...more,
  });

  it.each([
    [{}, "picture of Ann: 720p → 360p because the connection carries only 0.6 Mbit/s"],
    [{ from: HALF, to: FULL }, "picture of Ann: 360p → 720p because the connection carries 0.6 Mbit/s again"],
    [{ estimateBps: null }, "picture of Ann: 720p → 360p because the connection carries too little"],
    [
      { from: HALF, to: FULL, estimateBps: null },
      "picture of Ann: 360p → 720p because the connection carries more again",
    ],
    [{ to: null }, "picture of Ann: 720p → off because the connection carries only 0.6 Mbit/s"],
    [
      { from: HALF, to: HALF_SLOW },
      "picture of Ann: 360p, another frame rate because the connection carries only 0.6 Mbit/s",
    ],
    [{ reason: "view" }, "picture of Ann: 720p → 360p because it is shown in another size"],
    [{ reason: "view", to: null }, "picture of Ann: 720p → off because it is not looked at"],
    [{ reason: "view", from: null }, "picture of Ann: off → 360p because it is looked at now"],
    [
      { reason: "view", from: null, to: { ...HALF, height: 0 } },
      "picture of Ann: off → on because it is looked at now",
    ],
    [{ reason: "muted", to: null }, "picture of Ann: 720p → off because it was turned off"],
    [{ reason: "muted", from: null }, "picture of Ann: off → 360p because it was turned on again"],
    [{ reason: "server" }, "picture of Ann: 720p → 360p because the server is overloaded"],
    [{ reason: "server", from: null }, "picture of Ann: off → 360p because the server has time for it again"],
    [{ reason: "speaker", participantId: "pa_9" }, "picture of somebody: 720p → 360p because somebody else speaks"],
    [
      { from: { ...FULL, height: 0 }, to: { ...HALF, height: 0 } },
      "picture of Ann: S2 → S1 because the connection carries only 0.6 Mbit/s",
    ],
  ] as const)("shouldBeSaidWithItsReason: %j", (more, text) => {
    expect(switchText(speech("en"), change(more))).toBe(text);
  });

  it("shouldBeSaidInOtherLanguages", () => {
    expect(switchText(speech("uk"), change({}))).toBe(
      "зображення (Ann): 720p → 360p, бо з’єднання пропускає лише 0,6 Мбіт/с",
    );
    expect(switchText(speech("ru"), change({ reason: "muted", to: null }))).toBe(
      "картинка (Ann): 720p → выкл., потому что отправка выключена",
    );
  });
});

describe("What somebody is shown", () => {
  const view = (more: Partial<View>): View => ({
    ...{ viewerId: "pa_2", participantId: "pa_1", mid: "3", source: "camera", state: "live" },
    ...{ picture: HALF, reason: "view" },
    ...more,
  });

  it.each([
    [{}, "360p", undefined],
    [{ picture: { ...HALF, height: 0 } }, "on", undefined],
    [{ reason: "bandwidth" }, "360p", "held back by the connection"],
    [{ state: "paused", picture: null, reason: "server" }, "paused", "held back by the server"],
    [{ state: "paused", picture: null, reason: "muted" }, "paused", "turned off"],
    [{ state: "paused", picture: null }, "paused", "as asked for"],
    [{ source: "microphone", picture: null, reason: "" }, "live", undefined],
  ] as const)("shouldBeSaid: %j", (more, text, reason) => {
    expect(viewText(speech("en"), view(more))).toBe(text);
    expect(viewReason(speech("en"), view(more))).toBe(reason);
  });
});

it("shouldShowWhatANewerServerSaysAsItIs", () => {
  const own = speech("en");
  expect(blameText(own, "solar_storm")).toBe("solar_storm");
  expect(findingText(own, { ...finding("jitter"), cause: "solar_storm" })).toEqual({
    said: "of the server",
    advice: "",
  });
  expect([pathText(own, "pigeon"), pathText(own, ""), pathText(own, "turn-tls")]).toEqual([
    "pigeon",
    "not connected",
    "relay, TLS",
  ]);
});
