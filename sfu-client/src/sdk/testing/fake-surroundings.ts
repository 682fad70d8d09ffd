import type { CapturedDevices } from "../capture.js";
import type { CheckSurroundings, DeviceCounts, TestPicture } from "../check-surroundings.js";
import { FakeTrack } from "./fake-peer-connection.js";

/** A browser that has everything, until a test takes it away. */
export class FakeSurroundings implements CheckSurroundings {
  userAgent = "Test/1.0";
  secureContext = true;
  webSocket = true;
  peerConnection = true;
  getUserMedia = true;
  devices: CapturedDevices = { errors: {} };
  readonly pictures: FakeTrack[] = [];

  captureDevices(): Promise<CapturedDevices> {
    return Promise.resolve(this.devices);
  }

  countDevices(): Promise<DeviceCounts> {
    return Promise.resolve({ microphones: 1, cameras: 2, speakers: 1 });
  }

  testPicture(): TestPicture {
    const track = new FakeTrack("video");
    this.pictures.push(track);
    return { track: track.asTrack, stop: () => track.stop() };
  }
}
