import { beforeEach, describe, expect, it } from "vitest";
import type { SfuError } from "./errors.js";
import { settle } from "./testing/fake-platform.js";
import { FakeTrack } from "./testing/fake-peer-connection.js";
import { Visit } from "./testing/visit.js";

describe("Devices in a room", () => {
  let visit: Visit;

  beforeEach(async () => {
    visit = new Visit({
      device: ({ kind, device, lost, reason }) =>
        `${kind} ${reason}: ${device?.deviceId ?? "none"}${lost ? ` for ${lost.deviceId}` : ""}`,
      local: ({ source, publication, ended }) => `${source} ${publication ? "on" : ended ? "ended" : "off"}`,
    });
    await visit.joined();
  });

  const devices = () => visit.platform.devices;
  const sent = (mid: number) => {
    const track = visit.connection().transceivers[mid]?.sender.track as unknown as FakeTrack | null;
    return track?.settings.deviceId;
  };
  const lastUpdate = () => visit.server.of("track.update").at(-1)?.data;

  describe("turned on and off", () => {
    it("shouldOpenAndPublish", async () => {
      expect(await visit.room.turnOn("camera")).toBe(true);
      expect(sent(1)).toBe("cam-1");
      expect(lastUpdate()).toMatchObject({ source: "camera", active: true, muted: false });
    });

    it("shouldMuteAMicrophoneAndCloseACamera", async () => {
      await visit.room.turnOn("microphone");
      await visit.room.turnOn("camera");
      await visit.room.turnOff("microphone");
      await visit.room.turnOff("camera");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["live", "ended"]);
      await visit.room.turnOn("microphone");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: false });
      expect(devices().asked).toHaveLength(2);
    });

    it("shouldShareAScreenWithItsSoundAndEndBothTogether", async () => {
      await visit.room.turnOn("screen");
      expect(visit.room.publications.map(({ source }) => source)).toEqual(["screen", "screenAudio"]);
      devices().captured[0]?.endByItself();
      await settle();
      expect(visit.room.publications).toEqual([]);
    });

    it("shouldNotTakeACancelledPickerForAnError", async () => {
      devices().cancelled = true;
      expect(await visit.room.turnOn("screen")).toBe(false);
      expect(visit.room.publications).toEqual([]);
    });

    it.each([
      ["NotAllowedError", "permission_denied"],
      ["NotFoundError", "device_not_found"],
      ["NotReadableError", "device_busy"],
      ["TypeError", "capture_failed"],
    ])("shouldSayWhy %s", async (name, code) => {
      devices().refusal = name;
      await expect(visit.room.turnOn("camera")).rejects.toMatchObject({ code });
      expect(visit.room.publications).toEqual([]);
    });

    it("shouldAskOnceHoweverOftenOneClicks", async () => {
      devices().answer = () => undefined;
      const both = Promise.all([visit.room.turnOn("camera"), visit.room.turnOn("camera")]);
      await settle();
      devices().answer?.();
      expect(await both).toEqual([true, true]);
      expect(devices().asked).toHaveLength(1);
    });

    it("shouldStopWhatOpensAfterItWasTurnedOff", async () => {
      devices().answer = () => undefined;
      const opening = visit.room.turnOn("camera").catch((error: unknown) => (error as SfuError).code);
      await settle();
      await visit.room.turnOff("camera");
      expect(await opening).toBe("aborted");
      devices().answer?.();
      await settle();
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["ended"]);
      expect(visit.room.publications).toEqual([]);
    });

    it("shouldNotLeaveADeviceOpenWhenTheVisitEndsMeanwhile", async () => {
      devices().answer = () => undefined;
      const opening = visit.room.turnOn("microphone").catch((error: unknown) => (error as SfuError).code);
      await settle();
      visit.room.leave();
      devices().answer?.();
      expect(await opening).toBe("aborted");
      await settle();
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["ended"]);
    });
  });

  describe("switched", () => {
    it("shouldGoOnFromAnotherDeviceWithoutAnotherOffer", async () => {
      await visit.room.turnOn("microphone");
      await visit.room.turnOff("microphone");
      visit.seen = [];
      await visit.room.switchDevice("microphone", "mic-2");
      expect(sent(0)).toBe("mic-2");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
      expect(visit.seen).toContain("microphone chosen: mic-2");
      expect(visit.room.devices.chosen).toEqual({ microphone: "mic-2" });
      expect(visit.connection().offers).toBe(1);
    });

    it("shouldOnlyRememberTheChoiceWhileNothingIsOn", async () => {
      await visit.room.switchDevice("camera", "cam-2");
      expect(devices().asked).toEqual([]);
      await visit.room.turnOn("camera");
      expect(sent(1)).toBe("cam-2");
    });

    it("shouldGoBackToTheSystemsDefault", async () => {
      await visit.room.switchDevice("camera", "cam-2");
      await visit.room.turnOn("camera");
      await visit.room.switchDevice("camera", undefined);
      expect(sent(1)).toBe("cam-1");
      expect(visit.room.devices.chosen).toEqual({});
    });

    it("shouldStayWhereTheOtherDeviceDoesNotOpen", async () => {
      await visit.room.turnOn("camera");
      await expect(visit.room.switchDevice("camera", "cam-9")).rejects.toMatchObject({ code: "device_not_found" });
      expect(sent(1)).toBe("cam-1");
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["live"]);
      expect(visit.room.devices.chosen).toEqual({});
    });

    it("shouldKeepOneDeviceOpenWhenTheServerIsBusy", async () => {
      await visit.room.turnOn("camera");
      visit.server.refuse.set("track.update", { code: "rate_limited", retryable: true });
      await expect(visit.room.switchDevice("camera", "cam-2")).rejects.toMatchObject({ code: "rate_limited" });
      expect(sent(1)).toBe("cam-2");
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
    });

    it("shouldCloseTheFirstCameraWhereOnlyOneMayBeOpen", async () => {
      devices().exclusive = true;
      await visit.room.turnOn("camera");
      await visit.room.switchDevice("camera", "cam-2");
      expect(sent(1)).toBe("cam-2");
    });

    it("shouldComeBackToTheFirstCameraWhenTheSecondFailsAfterThat", async () => {
      devices().exclusive = true;
      await visit.room.turnOn("camera");
      devices().plugged = devices().plugged.filter(({ deviceId }) => deviceId !== "cam-2");
      // Busy is what such a browser says first, whatever else is wrong.
      devices().busyFirst = true;
      await expect(visit.room.switchDevice("camera", "cam-2")).rejects.toMatchObject({ code: "device_not_found" });
      expect(sent(1)).toBe("cam-1");
      expect(devices().captured.at(-1)?.readyState).toBe("live");
    });
  });

  describe("changed while the other device opens", () => {
    /** Captures wait from here on; what is returned lets the waiting one go on. */
    const hold = () => (devices().answer = () => undefined);
    const open = async () => {
      devices().answer?.();
      await settle();
    };
    const states = () => devices().captured.map(({ readyState }) => readyState);

    it.each([
      ["switched", () => visit.room.switchDevice("microphone", "mic-2")],
      [
        "lost",
        () => {
          devices().pullOut("mic-1");
          return settle();
        },
      ],
    ])("shouldStayMutedWhen %s", async (_, change) => {
      await visit.room.turnOn("microphone");
      hold();
      const changed = change();
      await settle();
      await visit.room.turnOff("microphone");
      await open();
      await changed;
      expect(sent(0)).toBe("mic-2");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
      expect(devices().captured.at(-1)?.enabled).toBe(false);
      expect(lastUpdate()).toMatchObject({ source: "microphone", active: true, muted: true });
    });

    it("shouldStayMutedWhenTheDeviceReturns", async () => {
      await visit.room.turnOn("microphone");
      devices().pullOut("mic-1");
      await settle();
      hold();
      devices().plugIn("audioinput", "mic-1");
      await settle();
      await visit.room.turnOff("microphone");
      await open();
      expect(sent(0)).toBe("mic-1");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
    });

    it("shouldStayMutedByAModerator", async () => {
      await visit.room.turnOn("microphone");
      hold();
      const switched = visit.room.switchDevice("microphone", "mic-2");
      await settle();
      visit.server.emit("track.muted", { participantId: "pa_self1", trackId: "tr_0", muted: true });
      await open();
      await switched;
      expect(sent(0)).toBe("mic-2");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
    });

    it("shouldBeHeardAgainWhenUnmutedMeanwhile", async () => {
      await visit.room.turnOn("microphone");
      await visit.room.turnOff("microphone");
      hold();
      const switched = visit.room.switchDevice("microphone", "mic-2");
      await settle();
      await visit.room.turnOn("microphone");
      await open();
      await switched;
      expect(visit.room.publication("microphone")).toMatchObject({ muted: false });
      expect(devices().captured.at(-1)?.enabled).toBe(true);
    });

    it("shouldStayOffAndRememberTheChoice", async () => {
      await visit.room.turnOn("camera");
      visit.seen = [];
      hold();
      const switched = visit.room.switchDevice("camera", "cam-2");
      await settle();
      await visit.room.turnOff("camera");
      await open();
      await switched;
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(states()).toEqual(["ended", "ended"]);
      expect(visit.seen).toEqual(["camera off"]);
      expect(visit.room.devices.chosen).toEqual({ camera: "cam-2" });
    });

    it("shouldGoOverFromWhatWasTurnedOnMeanwhile", async () => {
      await visit.room.turnOn("camera");
      hold();
      const switched = visit.room.switchDevice("camera", "cam-2");
      await settle();
      const open = devices().answer;
      devices().answer = undefined;
      await visit.room.turnOff("camera");
      await visit.room.turnOn("camera");
      expect(sent(1)).toBe("cam-1");
      open?.();
      await switched;
      expect(sent(1)).toBe("cam-2");
      expect(states().filter((state) => state === "live")).toHaveLength(1);
    });

    it("shouldEndWithTheLastChoice", async () => {
      await visit.room.turnOn("camera");
      devices().plugIn("videoinput", "cam-3");
      await settle();
      hold();
      const first = visit.room.switchDevice("camera", "cam-2");
      await settle();
      const openFirst = devices().answer;
      devices().answer = undefined;
      await visit.room.switchDevice("camera", "cam-3");
      openFirst?.();
      await first;
      expect(sent(1)).toBe("cam-3");
      expect(visit.room.devices.chosen).toEqual({ camera: "cam-3" });
      expect(states().filter((state) => state === "live")).toHaveLength(1);
    });

    it("shouldNotBringBackACameraThatWasTurnedOffWhileOnlyOneMayBeOpen", async () => {
      devices().exclusive = true;
      await visit.room.turnOn("camera");
      hold();
      const switched = visit.room.switchDevice("camera", "cam-2").catch((error: unknown) => (error as SfuError).code);
      await settle();
      // The first answer is that the device is busy, and the first camera is closed for the second attempt.
      await open();
      await visit.room.turnOff("camera");
      await open();
      await switched;
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(states().filter((state) => state === "live")).toEqual([]);
    });
  });

  describe("pulled out", () => {
    it("shouldFallBackToAnotherDeviceAndSaySo", async () => {
      await visit.room.turnOn("microphone");
      await visit.room.turnOff("microphone");
      visit.seen = [];
      devices().pullOut("mic-1");
      await settle();
      expect(sent(0)).toBe("mic-2");
      expect(visit.room.publication("microphone")).toMatchObject({ muted: true });
      expect(visit.seen).toEqual(["microphone on", "microphone lost: mic-2 for mic-1"]);
    });

    it("shouldComeBackWithTheDevice", async () => {
      await visit.room.switchDevice("microphone", "mic-2");
      await visit.room.turnOn("microphone");
      devices().pullOut("mic-2");
      await settle();
      expect(sent(0)).toBe("mic-1");
      visit.seen = [];
      devices().plugIn("audioinput", "mic-3");
      await settle();
      expect(sent(0)).toBe("mic-1");
      devices().plugIn("audioinput", "mic-2");
      await settle();
      expect(sent(0)).toBe("mic-2");
      expect(visit.seen).toContain("microphone returned: mic-2");
    });

    it("shouldEndWhenThereIsNoOther", async () => {
      await visit.room.turnOn("camera");
      visit.seen = [];
      devices().pullOut("cam-2");
      devices().pullOut("cam-1");
      await settle();
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(visit.seen).toEqual(["camera lost: none for cam-1", "camera ended"]);
      // A camera does not go on again by itself.
      devices().plugIn("videoinput", "cam-1");
      await settle();
      expect(visit.room.publication("camera")).toBeUndefined();
    });

    it("shouldNotOpenADeviceForATrackOfThePagesOwn", async () => {
      const drawn = new FakeTrack("video");
      await visit.room.publish("camera", drawn.asTrack);
      drawn.endByItself();
      await settle();
      expect(devices().asked).toEqual([]);
      expect(visit.room.publication("camera")).toBeUndefined();
    });

    it("shouldNotReplaceWhatWasTurnedOffMeanwhile", async () => {
      await visit.room.turnOn("camera");
      devices().answer = () => undefined;
      devices().pullOut("cam-1");
      await settle();
      await visit.room.turnOff("camera");
      devices().answer?.();
      await settle();
      expect(visit.room.publication("camera")).toBeUndefined();
      expect(devices().captured.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
    });
  });

  it("shouldStopWatchingWithTheVisit", () => {
    expect(devices().watched).toBe(true);
    visit.room.leave();
    expect(devices().watched).toBe(false);
  });
});
