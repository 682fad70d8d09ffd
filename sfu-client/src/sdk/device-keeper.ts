import { abortedError } from "./abort.js";
import type { CapturedScreen, CaptureOptions } from "./capture.js";
import type { Device, DeviceKind, Devices } from "./devices.js";
import { SfuError } from "./errors.js";
import type { LocalTracks } from "./local-tracks.js";
import type { LogSink } from "./log.js";
import type { Cancel } from "./platform.js";
import type { CameraSettings } from "./presets.js";
import type { Publication } from "./publisher.js";

/** What a person turns on and off. */
export type DeviceSource = "microphone" | "camera" | "screen";

/** What is published comes from another device now. */
export interface DeviceChange {
  readonly kind: Exclude<DeviceKind, "speaker">;
  /** The one in use now; `undefined` when nothing could take the lost one's place. */
  readonly device: Device | undefined;
  /** Pulled out, or taken away by the system or the user. */
  readonly lost: Device | undefined;
  /** `lost`: another device took its place, or none; `returned`: the chosen one is back and in use again. */
  readonly reason: "chosen" | "lost" | "returned";
}

type Capturable = Exclude<DeviceSource, "screen">;

/** What there is to work with. */
export interface DeviceKeeperParts {
  readonly devices: Devices;
  readonly tracks: LocalTracks;
  readonly camera: CameraSettings;
  readonly pickScreen: (options: CaptureOptions) => Promise<CapturedScreen | undefined>;
  readonly publish: LocalTracks["publish"];
  readonly changed: (change: DeviceChange) => void;
  readonly log: LogSink;
}

/** Keeps microphone and camera on the device that the person wants, as far as it is there. */
export class DeviceKeeper {
  readonly #parts: DeviceKeeperParts;
  /** One question to the user at a time for each source. */
  readonly #opening = new Map<DeviceSource, { promise: Promise<boolean>; stop: AbortController }>();
  /** Who is on a substitute, and for which device; `undefined` where nobody knows which it was. */
  readonly #substituted = new Map<Capturable, string | undefined>();
  /** The last choice of each kind: one made before it, whose device opens later, comes to nothing. */
  readonly #choices = new Map<Capturable, symbol>();
  readonly #stopListening: Cancel;

  constructor(parts: DeviceKeeperParts) {
    this.#parts = parts;
    this.#stopListening = parts.devices.on("list", ({ added }) => {
      for (const [kind, lostId] of [...this.#substituted]) {
        if (added.some((device) => device.kind === kind)) void this.#comeBack(kind, lostId);
      }
    });
  }

  /** Resolves with `false` when the person changed their mind. A second call while the first one asks waits for it. */
  async turnOn(source: DeviceSource, signal?: AbortSignal): Promise<boolean> {
    const { tracks } = this.#parts;
    if (tracks.publisher.find(source)) {
      await tracks.mute(source, false);
      return true;
    }
    const opening = this.#opening.get(source);
    if (opening) return opening.promise;
    const stop = new AbortController();
    const abort = () => stop.abort(signal?.reason);
    if (signal?.aborted === true) throw abortedError(signal);
    signal?.addEventListener("abort", abort, { once: true });
    const promise = (source === "screen" ? this.#share(stop.signal) : this.#open(source, stop.signal)).finally(() => {
      signal?.removeEventListener("abort", abort);
      this.#opening.delete(source);
    });
    this.#opening.set(source, { promise, stop });
    return promise;
  }

  /** A microphone is muted and stays open, so that it is back at once; camera and screen are closed. */
  async turnOff(source: DeviceSource): Promise<void> {
    const { tracks } = this.#parts;
    this.#opening.get(source)?.stop.abort();
    if (source === "microphone") await tracks.mute(source, true);
    else if (source === "camera") await tracks.unpublish(source);
    else await Promise.all([tracks.unpublish("screen"), tracks.unpublish("screenAudio")]);
  }

  /** Prefers a device, and goes over to it when its kind is in use. Rejects when that fails: the one of before stays. */
  async choose(kind: DeviceKind, deviceId: string | undefined, signal?: AbortSignal): Promise<void> {
    const { devices, tracks } = this.#parts;
    if (kind !== "speaker") {
      const choice = Symbol(kind);
      this.#choices.set(kind, choice);
      const publication = tracks.publisher.find(kind);
      if (publication && publication.track.getSettings().deviceId !== deviceId) {
        const went = await this.#goOver(publication, kind, deviceId, signal);
        if (this.#choices.get(kind) !== choice) return;
        // Turned off, and maybe on again, or lost meanwhile: what holds now goes over.
        if (!went) return this.choose(kind, deviceId, signal);
        this.#substituted.delete(kind);
        this.#tell(kind, undefined, "chosen");
      }
    }
    devices.choose(kind, deviceId);
  }

  /** A published track ended by itself. */
  async replace(publication: Publication): Promise<boolean> {
    const { source, track } = publication;
    const { devices, tracks, changed, log } = this.#parts;
    if (source === "screen") await tracks.unpublish("screenAudio", true);
    if ((source !== "microphone" && source !== "camera") || !devices.opened(track)) return false;
    const lost = devices.deviceOf(track);
    await devices.refresh();
    const [next, error] = await this.#capture(source, {});
    if (!next) {
      log("warn", "device.lost", { kind: source, code: error?.code });
      changed({ kind: source, device: undefined, lost, reason: "lost" });
      return false;
    }
    if (!(await this.#succeed(publication, next))) return true;
    this.#substituted.set(source, lost?.deviceId);
    log("warn", "device.substituted", { kind: source });
    this.#tell(source, lost, "lost");
    return true;
  }

  close(): void {
    this.#stopListening();
    for (const { stop } of this.#opening.values()) stop.abort();
  }

  async #open(source: Capturable, signal: AbortSignal): Promise<boolean> {
    const [track, error] = await this.#capture(source, { signal });
    if (!track) throw error ?? new SfuError("device_not_found", "The browser gave no track.");
    await this.#publish({ source, track, muted: false, label: "" }, signal);
    this.#substituted.delete(source);
    return true;
  }

  async #share(signal: AbortSignal): Promise<boolean> {
    const captured = await this.#parts.pickScreen({ signal });
    if (!captured) return false;
    const { screen, screenAudio } = captured;
    await Promise.all([
      this.#publish({ source: "screen", track: screen, muted: false, label: "" }, signal),
      screenAudio && this.#publish({ source: "screenAudio", track: screenAudio, muted: false, label: "" }, signal),
    ]);
    return true;
  }

  /** The visit may be over by now: then the device is closed again. What the server refuses for now stays wished for. */
  async #publish(publication: Publication, signal?: AbortSignal): Promise<void> {
    try {
      if (signal?.aborted === true) throw abortedError(signal);
      await this.#parts.publish(publication);
    } catch (thrown) {
      if (!this.#publishes(publication)) publication.track.stop();
      throw thrown;
    }
  }

  /** Resolves with `false` when the publication is no more what it was, and there is nothing to go over from. */
  async #goOver(
    publication: Publication,
    kind: Capturable,
    deviceId: string | undefined,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const wish = { device: { id: deviceId } };
    let [next, error] = await this.#capture(kind, { ...wish, signal });
    if (!next && error?.code === "device_busy" && this.#publishes(publication)) {
      // Phones open one camera at a time. From here on an abort would leave nobody's picture.
      publication.track.stop();
      signal = undefined;
      [next, error] = await this.#capture(kind, wish);
      if (!next) {
        const [substitute] = await this.#capture(kind, {});
        if (substitute) await this.#succeed(publication, substitute);
        else if (this.#publishes(publication)) await this.#parts.tracks.unpublish(kind, true);
      }
    }
    if (!next) throw error ?? new SfuError("device_not_found", "The browser gave no track.");
    return this.#succeed(publication, next, signal);
  }

  /** Puts a track in another one's place, muted as it is by now; resolves with `false` when that one's place is taken. */
  async #succeed(before: Publication, track: MediaStreamTrack, signal?: AbortSignal): Promise<boolean> {
    const now = this.#parts.tracks.publisher.find(before.source);
    if (now?.track !== before.track) {
      track.stop();
      return false;
    }
    try {
      await this.#publish({ ...now, track }, signal);
    } finally {
      if (!this.#publishes(before)) before.track.stop();
    }
    return true;
  }

  #publishes({ source, track }: Publication): boolean {
    return this.#parts.tracks.publisher.find(source)?.track === track;
  }

  async #comeBack(kind: Capturable, lostId: string | undefined): Promise<void> {
    const { devices, tracks, log } = this.#parts;
    const publication = tracks.publisher.find(kind);
    const wanted = devices.find(kind, devices.chosen[kind] ?? lostId);
    if (!publication || !wanted) return;
    this.#substituted.delete(kind);
    try {
      if (await this.#goOver(publication, kind, wanted.deviceId)) this.#tell(kind, undefined, "returned");
    } catch (thrown) {
      log("warn", "device.not_returned", { kind, code: SfuError.from(thrown).code });
    }
  }

  async #capture(
    source: Capturable,
    { device, signal }: { device?: { id: string | undefined }; signal?: AbortSignal | undefined },
  ): Promise<[MediaStreamTrack | undefined, SfuError | undefined]> {
    const { devices, camera } = this.#parts;
    const named = device && { [`${source}Id`]: device.id, exact: device.id !== undefined };
    const { errors, [source]: track } = await devices.open(
      {
        ...{ microphone: source === "microphone", camera: source === "camera" },
        ...{ cameraHeight: camera.height, cameraFps: camera.fps },
        ...named,
      },
      { signal },
    );
    return [track, errors[source]];
  }

  #tell(kind: Capturable, lost: Device | undefined, reason: DeviceChange["reason"]): void {
    const { devices, tracks, changed } = this.#parts;
    const track = tracks.publisher.find(kind)?.track;
    changed({ kind, device: track && devices.deviceOf(track), lost, reason });
  }
}
