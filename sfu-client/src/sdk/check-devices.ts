import type { CapturedDevices } from "./capture.js";
import type { CheckSurroundings } from "./check-surroundings.js";
import { deviceOutcome } from "./check-verdicts.js";
import type { CheckOutcome } from "./connection-check.js";
import type { Cancel } from "./platform.js";

export interface DeviceCheckOptions {
  readonly devices: { readonly microphone: boolean; readonly camera: boolean };
  readonly askHeard: ((signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly surroundings: CheckSurroundings;
  /** Rejects when the check is stopped. */
  readonly wait: (ms: number) => Promise<void>;
  /** Told the microphone's level, 0 to 1, while it is listened to. */
  readonly heard: (level: number) => void;
}

const LISTEN_MS = 4000;
const LISTEN_STEP_MS = 200;
/** Somebody speaks into it. */
const SPOKEN = 0.4;
/** Below it there is the device's own noise at most. */
const QUIET = 0.2;
const LOOK_MS = 2000;
/** Of 255. */
const DARK = 8;
const NOT_ASKED: CheckOutcome = { verdict: "skipped", reasons: ["not_asked"] };

/** Microphone, camera and speaker: whether they work, as far as a browser can tell, and a person where it cannot. */
export class DeviceChecks {
  readonly #options: DeviceCheckOptions;
  readonly #stop = new AbortController();
  /** One question to the user for both. */
  #captured: Promise<CapturedDevices> | undefined;

  constructor(options: DeviceCheckOptions) {
    this.#options = options;
  }

  async microphone(): Promise<CheckOutcome> {
    if (!this.#options.devices.microphone) return NOT_ASKED;
    const { microphone, errors } = await this.#capture();
    const { microphones } = await this.#options.surroundings.countDevices();
    if (!microphone) return errors.microphone ? deviceOutcome("microphone", errors.microphone) : NOT_ASKED;
    const peak = await this.#listen(microphone).finally(() => microphone.stop());
    const details = { microphones, levelPercent: Math.round(peak * 100) };
    if (peak === 0) return { verdict: "failed", reasons: ["microphone_silent"], details };
    return peak < QUIET ? { verdict: "warning", reasons: ["microphone_quiet"], details } : { verdict: "ok", details };
  }

  async camera(): Promise<CheckOutcome> {
    const { devices, surroundings, wait } = this.#options;
    if (!devices.camera) return NOT_ASKED;
    const { camera, errors } = await this.#capture();
    const { cameras } = await surroundings.countDevices();
    if (!camera) return errors.camera ? deviceOutcome("camera", errors.camera) : NOT_ASKED;
    const { width, height } = camera.getSettings();
    const picture = surroundings.watchPicture(camera);
    try {
      await wait(LOOK_MS);
      const { frames, brightness } = picture.read();
      const details = {
        ...{
          cameras,
          fps: Math.round((frames * 1000) / LOOK_MS),
          brightnessPercent: Math.round((brightness * 100) / 255),
        },
        ...(width !== undefined && { cameraWidth: width }),
        ...(height !== undefined && { cameraHeight: height }),
      };
      if (frames === 0) return { verdict: "failed", reasons: ["camera_frozen"], details };
      return brightness < DARK ? { verdict: "warning", reasons: ["camera_dark"], details } : { verdict: "ok", details };
    } finally {
      picture.stop();
      camera.stop();
    }
  }

  /** Plays a tone again and again until the person has said whether it is heard. */
  async speaker(): Promise<CheckOutcome> {
    const { askHeard, surroundings } = this.#options;
    if (!askHeard) return NOT_ASKED;
    const answered = new AbortController();
    const stop = () => answered.abort();
    this.#stop.signal.addEventListener("abort", stop);
    const playing = this.#play(answered.signal);
    try {
      const heard = await askHeard(answered.signal);
      const { speakers } = await surroundings.countDevices();
      return heard
        ? { verdict: "ok", details: { speakers } }
        : { verdict: "failed", reasons: ["tone_not_heard"], details: { speakers } };
    } finally {
      this.#stop.signal.removeEventListener("abort", stop);
      answered.abort();
      await playing;
    }
  }

  /** Closes what is open. */
  close(): void {
    this.#stop.abort();
    void this.#captured?.then(({ microphone, camera }) => {
      microphone?.stop();
      camera?.stop();
    });
  }

  #capture(): Promise<CapturedDevices> {
    const { surroundings, devices } = this.#options;
    return (this.#captured ??= surroundings.captureDevices(devices));
  }

  /** @returns the loudest moment */
  async #listen(microphone: MediaStreamTrack): Promise<number> {
    const { surroundings, wait, heard } = this.#options;
    let peak = 0;
    const stop: Cancel = surroundings.watchLevel(microphone, (level) => {
      peak = Math.max(peak, level);
      heard(level);
    });
    try {
      for (let ms = 0; ms < LISTEN_MS && peak < SPOKEN; ms += LISTEN_STEP_MS) await wait(LISTEN_STEP_MS);
      return peak;
    } finally {
      stop();
    }
  }

  /** A machine without any output is for the person to notice: the question stays. */
  async #play(signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) await this.#options.surroundings.playTone({ signal });
    } catch {
      return;
    }
  }
}
