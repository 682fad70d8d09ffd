import { beforeEach, describe, expect, it } from "vitest";
import { Visit } from "../../sdk/testing/visit.js";
import { Notices } from "../app/notices.js";
import { Controls } from "./controls.js";
import { RoomView } from "./room-view.js";

describe("Push to talk", () => {
  let visit: Visit;
  let controls: Controls;

  beforeEach(async () => {
    visit = new Visit();
    await visit.joined();
    controls = new Controls(new RoomView(visit.room), new Notices());
  });

  const muted = () => visit.room.publication("microphone")?.muted;

  it("shouldBeHeardForAsLongAsTheKeyIsDown", async () => {
    await visit.room.turnOn("microphone");
    await visit.room.turnOff("microphone");
    controls.talk(true);
    expect([controls.talking.value, muted()]).toEqual([true, false]);
    controls.talk(false);
    expect([controls.talking.value, muted()]).toEqual([false, true]);
  });

  it("shouldLeaveAnOpenMicrophoneAlone", async () => {
    await visit.room.turnOn("microphone");
    controls.talk(true);
    expect(controls.talking.value).toBe(false);
    controls.talk(false);
    expect(muted()).toBe(false);
  });

  it("shouldDoNothingWithoutAMicrophone", () => {
    controls.talk(true);
    expect(controls.talking.value).toBe(false);
  });

  it("shouldEndWithTheKeyWhenTheMicrophoneIsGoneByThen", async () => {
    await visit.room.turnOn("microphone");
    await visit.room.turnOff("microphone");
    controls.talk(true);
    await visit.room.unpublish("microphone");
    controls.talk(false);
    expect(controls.talking.value).toBe(false);
  });
});
