import { beforeEach, describe, expect, it } from "vitest";
import { Devices } from "./devices.js";
import { FakeDevices } from "./testing/fake-devices.js";
import { settle } from "./testing/fake-platform.js";

describe("Devices", () => {
  let access: FakeDevices;
  let devices: Devices;
  let told: string[];

  beforeEach(() => {
    access = new FakeDevices();
    devices = new Devices({ access });
    told = [];
    devices.on("list", ({ added, removed }) => {
      told.push(`+${added.map(({ label }) => label).join()} -${removed.map(({ label }) => label).join()}`);
    });
    devices.on("choice", ({ kind, deviceId }) => told.push(`${kind} ${String(deviceId)}`));
  });

  const names = () => devices.list.microphones.map(({ label }) => label);

  it("shouldKnowNoNamesBeforeAccessWasAllowed", async () => {
    await devices.refresh();
    expect(devices.list.cameras).toEqual([{ kind: "camera", deviceId: "", label: "" }]);
    await devices.open({ microphone: true, camera: false });
    // The browser's name for the default is no device of its own.
    expect(names()).toEqual(["The mic-1", "The mic-2"]);
    expect(told).toEqual(["+ -", "+ -"]);
  });

  it("shouldTellWhatIsPluggedInAndOut", async () => {
    await devices.open({ microphone: true, camera: true });
    told = [];
    access.plugIn("audioinput", "headset");
    await settle();
    expect(names()).toContain("The headset");
    access.pullOut("mic-2");
    await settle();
    expect(told).toEqual(["+The headset -", "+ -The mic-2"]);
    devices.close();
    access.plugIn("audioinput", "another");
    await settle();
    expect(told).toHaveLength(2);
  });

  it("shouldOpenWhatIsChosenAndAnotherWhereThatIsGone", async () => {
    devices.choose("microphone", "mic-2");
    devices.choose("microphone", "mic-2");
    devices.choose("camera", "gone");
    const { microphone, camera, errors } = await devices.open({ microphone: true, camera: true });
    expect(microphone?.getSettings().deviceId).toBe("mic-2");
    expect(camera?.getSettings().deviceId).toBe("cam-1");
    expect(errors).toEqual({});
    expect(told.slice(0, 2)).toEqual(["microphone mic-2", "camera gone"]);
  });

  it("shouldOpenTheMicrophoneWhereThereIsNoCamera", async () => {
    access.plugged = access.plugged.filter(({ kind }) => kind !== "videoinput");
    const { microphone, camera, errors } = await devices.open({ microphone: true, camera: true });
    expect([microphone?.readyState, camera]).toEqual(["live", undefined]);
    expect(errors.camera?.code).toBe("device_not_found");
  });

  it("shouldStopWhatComesAfterAnAbort", async () => {
    access.answer = () => undefined;
    const controller = new AbortController();
    const opening = devices.open({ microphone: true, camera: true }, { signal: controller.signal });
    await settle();
    controller.abort("no longer needed");
    await expect(opening).rejects.toMatchObject({ code: "aborted", cause: "no longer needed" });
    access.answer();
    await settle();
    expect(access.captured.map(({ readyState }) => readyState)).toEqual(["ended", "ended"]);
    const late = devices.open({ microphone: true, camera: true }, { signal: controller.signal });
    await expect(late).rejects.toMatchObject({
      code: "aborted",
    });
    expect(access.asked).toHaveLength(1);
  });

  it("shouldPlayOnTheChosenSpeakerWhileItIsThere", async () => {
    await devices.open({ microphone: true, camera: false });
    const sinks: string[] = [];
    const setSinkId = (deviceId: string) => Promise.resolve(void sinks.push(deviceId));
    const stop = devices.useSpeaker({ setSinkId } as unknown as HTMLMediaElement);
    devices.choose("speaker", "speaker-1");
    access.pullOut("speaker-1");
    await settle();
    stop();
    devices.choose("speaker", undefined);
    expect(sinks).toEqual(["", "speaker-1", ""]);
  });

  it("shouldNotMindABrowserWithoutAChoiceOfSpeakers", () => {
    expect(() => devices.useSpeaker({} as unknown as HTMLMediaElement)()).not.toThrow();
  });
});
