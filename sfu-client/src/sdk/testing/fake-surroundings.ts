import type { CapturedDevices } from "../capture.js";
import type { CheckSurroundings, DeviceCounts, TestPicture, WatchedPicture } from "../check-surroundings.js";
import type { Cancel } from "../platform.js";
import type { ToneOptions } from "../tone.js";
import { FakeTrack } from "./fake-peer-connection.js";

/** A browser that has everything, until a test takes it away. */
export class FakeSurroundings implements CheckSurroundings {
  userAgent = "Test/1.0";
  secureContext = true;
  webSocket = true;
  peerConnection = true;
  getUserMedia = true;
  devices: CapturedDevices = { errors: {} };
  /** What the microphone gives, and the camera, once they are looked at. */
  level = 0.6;
  picture = { frames: 60, brightness: 120 };
  tones = 0;
  /** Levels, pictures and tones that go on. */
  watching = 0;
  readonly pictures: FakeTrack[] = [];

  captureDevices(): Promise<CapturedDevices> {
    return Promise.resolve(this.devices);
  }

  countDevices(): Promise<DeviceCounts> {
    return Promise.resolve({ microphones: 1, cameras: 2, speakers: 1 });
  }

  watchLevel(_: MediaStreamTrack, heard: (level: number) => void): Cancel {
    this.watching++;
    heard(this.level);
    return () => this.watching--;
  }

  watchPicture(): WatchedPicture {
    this.watching++;
    return { read: () => this.picture, stop: () => this.watching-- };
  }

  playTone({ signal }: ToneOptions): Promise<void> {
    this.tones++;
    this.watching++;
    return new Promise((resolve) => {
      signal?.addEventListener("abort", () => {
        this.watching--;
        resolve();
      });
    });
  }

  testPicture(): TestPicture {
    const track = new FakeTrack("video");
    this.pictures.push(track);
    return { track: track.asTrack, stop: () => track.stop() };
  }
}
