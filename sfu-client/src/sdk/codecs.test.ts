import { expect, it } from "vitest";
import { codecsToOffer, withDtx } from "./codecs.js";
import { FakePlatform } from "./testing/fake-platform.js";

const platform = new FakePlatform();
const video = platform.codecs("video");
const names = (codecs: readonly RTCRtpCodec[]) => codecs.map(({ mimeType }) => mimeType.split("/")[1]?.toLowerCase());

it.each(["vp8", "vp9", "av1", "h264"] as const)("shouldPutTheWishedCodec_%s_FirstAndKeepTheOthersAndRtx", (codec) => {
  const offered = names(codecsToOffer({ kind: "video", send: true }, { codec }, video));
  expect(offered[0]).toBe(codec);
  expect(offered.at(-1)).toBe("rtx");
  expect(new Set(offered)).toEqual(new Set(["vp8", "vp9", "av1", "h264", "rtx"]));
  expect(offered).toHaveLength(5);
});

it("shouldOfferTheProfilesThatAllBrowsersHave", () => {
  const fmtps = codecsToOffer({ kind: "video", send: false }, {}, video).map(({ sdpFmtpLine }) => sdpFmtpLine);
  expect(fmtps).toEqual([
    undefined,
    "profile-id=0",
    "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "level-idx=5;profile=0;tier=0",
    undefined,
  ]);
});

it("shouldLeaveTheListToABrowserThatHasNoneOfThem", () => {
  expect(codecsToOffer({ kind: "video", send: true }, {}, [{ mimeType: "video/rtx", clockRate: 90000 }])).toEqual([]);
});

it("shouldOfferRedAlwaysAndPreferItWhenSendingOnly", () => {
  const offered = (send: boolean, red: boolean) =>
    names(codecsToOffer({ kind: "audio", send }, { red }, platform.codecs("audio")));
  expect(offered(true, true)).toEqual(["red", "opus"]);
  expect(offered(true, false)).toEqual(["opus", "red"]);
  expect(offered(false, true)).toEqual(["opus", "red"]);
});

it("shouldAskForDtxInEverySectionOnce", () => {
  const section = (mid: string, ...lines: string[]) => ["m=audio 9 X 111 63", `a=mid:${mid}`, ...lines].join("\r\n");
  const opus = "a=rtpmap:111 opus/48000/2";
  const answer = [
    "v=0",
    section("0", opus, "a=fmtp:111 minptime=10;useinbandfec=1", "a=rtpmap:63 red/48000/2", "a=fmtp:63 111/111"),
    section("1", opus),
    section("2", opus, "a=fmtp:111 usedtx=1"),
    "m=video 9 X 96\r\na=rtpmap:96 VP8/90000\r\n",
  ].join("\r\n");
  const lines = withDtx(answer)
    .split("\r\n")
    .filter((line) => line.startsWith("a=fmtp"));
  expect(lines).toEqual([
    "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1",
    "a=fmtp:63 111/111",
    "a=fmtp:111 usedtx=1",
    "a=fmtp:111 usedtx=1",
  ]);
  expect(withDtx(withDtx(answer))).toBe(withDtx(answer));
});
