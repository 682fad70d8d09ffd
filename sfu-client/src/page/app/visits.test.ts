import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakePlatform, settle } from "../../sdk/testing/fake-platform.js";
import { FakeServer } from "../../sdk/testing/fake-server.js";
import { INVITATION } from "../testing/invitation.js";
import { Visits } from "./visits.js";

let platform: FakePlatform;
let server: FakeServer;

vi.mock("../../sdk/platform.js", () => ({ browserPlatform: () => platform }));
vi.mock("../../sdk/device-access.js", () => ({ browserDeviceAccess: () => platform.devices }));

class FakeStorage {
  readonly #items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

describe("One visit after the other", () => {
  let visits: Visits;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setInterval", "setTimeout"] });
    vi.spyOn(console, "info").mockReturnValue();
    platform = new FakePlatform();
    server = new FakeServer(platform);
    vi.stubGlobal("localStorage", new FakeStorage());
    vi.stubGlobal("location", new URL("https://calls/?room=blue"));
    vi.stubGlobal("history", { state: null, replaceState: () => undefined });
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("document", new EventTarget());
    visits = new Visits();
  });

  afterEach(() => {
    visits.room?.leave();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Presses a button of the card, or of the page after a call. */
  async function press(button: "join" | "rejoin" | "home"): Promise<void> {
    const screen = visits.screen.value;
    if (button === "join" && screen?.kind === "prejoin") screen.join();
    else if (button !== "join" && screen?.kind === "farewell") screen.farewell[button]();
    else throw new Error(`no ${button} on ${screen?.kind ?? "nothing"}`);
    await settle();
  }

  async function joined(): Promise<void> {
    visits.start({ ...INVITATION, inBackground: true });
    await settle();
    await press("join");
    expect(visits.state.value).toBe("joined");
  }

  const room = () => {
    if (!visits.room) throw new Error("no visit");
    return visits.room;
  };
  const on = () => room().publications.map(({ source, muted }) => `${source}${muted ? " muted" : ""}`);
  const leave = async () => {
    room().leave();
    await settle();
    expect(visits.state.value).toBe("left");
  };

  it("shouldComeBackWithCameraAndMicrophoneOffWhenTheyWere", async () => {
    await joined();
    await room().turnOff("microphone");
    await room().turnOff("camera");
    await leave();
    platform.devices.asked.length = 0;
    await press("rejoin");
    expect(visits.state.value).toBe("joined");
    expect(on()).toEqual(["microphone muted"]);
    expect(platform.devices.asked).toMatchObject([{ video: false }]);
  });

  it("shouldComeBackWithWhatWasTurnedOnInTheCall", async () => {
    visits.start({ ...INVITATION, inBackground: true, audio: false, video: false });
    await settle();
    await press("join");
    expect(on()).toEqual([]);
    await room().turnOn("microphone");
    await room().turnOn("camera");
    await leave();
    await press("rejoin");
    expect(on()).toEqual(["microphone", "camera"]);
  });

  it("shouldNotTurnOnAgainWhatAModeratorTurnedOff", async () => {
    server.ownTracks = [
      { trackId: "tr_mic", source: "microphone", kind: "audio", muted: false },
      { trackId: "tr_cam", source: "camera", kind: "video", muted: false },
    ];
    await joined();
    for (const trackId of ["tr_mic", "tr_cam"]) {
      server.emit("track.muted", { participantId: room().self?.id ?? "", trackId, muted: true });
    }
    await leave();
    await press("rejoin");
    expect(on()).toEqual(["microphone muted"]);
  });

  it("shouldShowTheCardAsThePersonLeftItAfterTheWayHome", async () => {
    await joined();
    await room().turnOff("camera");
    await leave();
    await press("home");
    const screen = visits.screen.value;
    if (screen?.kind !== "prejoin") throw new Error("no card");
    expect(screen.prejoin.camera.value).toBeDefined();
    expect(screen.prejoin.microphoneMuted.value).toBe(false);
  });
});
