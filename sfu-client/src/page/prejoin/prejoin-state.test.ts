import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Devices } from "../../sdk/index.js";
import { FakeDevices } from "../../sdk/testing/fake-devices.js";
import { settle } from "../../sdk/testing/fake-platform.js";
import { INVITATION } from "../testing/invitation.js";
import { MyDevices } from "../devices/my-devices.js";
import { PrejoinState } from "./prejoin-state.js";

describe("The devices of the card", () => {
  let access: FakeDevices;
  let state: PrejoinState;

  beforeEach(() => {
    const storage = { getItem: () => null, setItem: () => undefined } as unknown as Storage;
    vi.stubGlobal("localStorage", storage);
    access = new FakeDevices();
    const mine = new MyDevices(storage, (chosen) => new Devices({ chosen, access }));
    state = new PrejoinState(INVITATION, mine, undefined);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  /** Questions to the user stay open from now on, each until its answer is called. */
  const hold = () => {
    const answers: (() => void)[] = [];
    Object.defineProperty(access, "answer", {
      get: () => () => undefined,
      set: (answer: () => void) => answers.push(answer),
    });
    return answers;
  };
  const deviceOf = (kind: "microphone" | "camera") => state[kind].value?.getSettings().deviceId;
  const live = () =>
    access.captured.filter(({ readyState }) => readyState === "live").map(({ settings }) => settings.deviceId);

  it("shouldOpenADeviceOnceHoweverOftenOneClicks", async () => {
    const answers = hold();
    const clicks = [state.toggleCamera(), state.toggleCamera()];
    await settle();
    expect([...state.opening.value]).toEqual(["camera"]);
    answers.forEach((answer) => answer());
    await Promise.all(clicks);
    expect(access.asked).toHaveLength(1);
    expect(live()).toEqual(["cam-1"]);
    expect(deviceOf("camera")).toBe("cam-1");
    expect(state.opening.value.size).toBe(0);
    await state.toggleCamera();
    expect(live()).toEqual([]);
  });

  it("shouldOpenNothingTwiceWhileBothAreOpening", async () => {
    const answers = hold();
    const opened = [state.open({ microphone: true, camera: true }), state.toggleMicrophone(), state.toggleCamera()];
    await settle();
    answers.forEach((answer) => answer());
    await Promise.all(opened);
    expect(access.asked).toHaveLength(1);
    expect(live()).toEqual(["mic-1", "cam-1"]);
    expect(state.microphoneMuted.value).toBe(false);
  });

  it("shouldTakeAlongAllThatIsStillOpening", async () => {
    const answers = hold();
    const opened = [state.toggleMicrophone(), state.toggleCamera()];
    await settle();
    const submitted = state.submit();
    answers[1]?.();
    await settle();
    expect([...state.opening.value]).toEqual(["microphone"]);
    answers[0]?.();
    await Promise.all(opened);
    const { microphone, camera } = await submitted;
    expect([microphone, camera].map((track) => track?.readyState)).toEqual(["live", "live"]);
  });

  it("shouldCloseWhatOpensAfterTheCard", async () => {
    await state.submit();
    await state.open({ microphone: true, camera: true });
    expect(live()).toEqual([]);
    expect(state.camera.value).toBeUndefined();
  });

  it("shouldSwitchToTheChosenDevice", async () => {
    access.exclusive = true;
    await state.open({ microphone: false, camera: true });
    await state.choose("camera", "cam-2");
    expect(live()).toEqual(["cam-2"]);
    expect(deviceOf("camera")).toBe("cam-2");
  });

  it("shouldShowAndPublishNothingWhenTheChosenDeviceFails", async () => {
    await state.open({ microphone: false, camera: true });
    access.refusal = "NotReadableError";
    await state.choose("camera", "cam-2");
    expect(live()).toEqual([]);
    expect(state.camera.value).toBeUndefined();
    expect(state.error.value).toMatchObject({ code: "device_busy" });
    expect((await state.submit()).camera).toBeUndefined();
  });

  it("shouldOpenTheDeviceThatWasChosenWhileAnotherOneOpened", async () => {
    const answers = hold();
    const opened = state.open({ microphone: true, camera: true });
    await settle();
    await Promise.all([state.choose("camera", "cam-2"), state.choose("speaker", "speaker-1")]);
    answers[0]?.();
    await settle();
    expect(deviceOf("microphone")).toBe("mic-1");
    expect([...state.opening.value]).toEqual(["camera"]);
    answers[1]?.();
    await opened;
    expect(live()).toEqual(["mic-1", "cam-2"]);
    expect(deviceOf("camera")).toBe("cam-2");
  });
});
