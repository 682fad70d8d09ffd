import type { DeviceAccess, DeviceInfo } from "../device-access.js";
import type { Cancel } from "../platform.js";
import { FakeTrack } from "./fake-peer-connection.js";

interface Plugged {
  readonly kind: MediaDeviceKind;
  readonly deviceId: string;
}

/** Devices that a test plugs in and out; the first of a kind is the system's default. */
export class FakeDevices implements DeviceAccess {
  plugged: Plugged[] = [
    { kind: "audioinput", deviceId: "mic-1" },
    { kind: "audioinput", deviceId: "mic-2" },
    { kind: "videoinput", deviceId: "cam-1" },
    { kind: "videoinput", deviceId: "cam-2" },
    { kind: "audiooutput", deviceId: "speaker-1" },
  ];
  /** Until something is captured, nothing has a name. */
  allowed = false;
  /** The name of the exception that capturing ends with. */
  refusal: string | undefined;
  /** The screen picker is cancelled. */
  cancelled = false;
  /** Captures wait until this is called. */
  answer: (() => void) | undefined;
  /** One camera at a time, as phones have it. */
  exclusive = false;
  /** A second camera is busy before anybody looks whether it is there. */
  busyFirst = false;
  readonly captured: FakeTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  readonly #watchers = new Set<() => void>();

  enumerate(): Promise<DeviceInfo[]> {
    const named = this.plugged.map((device) => ({ ...device, label: `The ${device.deviceId}` }));
    if (this.allowed) return Promise.resolve([{ kind: "audioinput", deviceId: "default", label: "Default" }, ...named]);
    const kinds = new Set(named.map(({ kind }) => kind));
    return Promise.resolve([...kinds].map((kind) => ({ kind, deviceId: "", label: "" })));
  }

  async capture(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    if (this.answer) await new Promise<void>((resolve) => (this.answer = resolve));
    if (this.refusal !== undefined) throw new DOMException("refused", this.refusal);
    const { audio, video } = constraints;
    const tracks = [
      ...(audio === undefined || audio === false ? [] : [this.#open("audioinput", audio)]),
      ...(video === undefined || video === false ? [] : [this.#open("videoinput", video)]),
    ];
    this.allowed = true;
    this.captured.push(...tracks);
    return streamOf(tracks);
  }

  async captureScreen(): Promise<MediaStream> {
    await Promise.resolve();
    if (this.cancelled) throw new DOMException("cancelled", "NotAllowedError");
    const tracks = [new FakeTrack("video", { width: 1920, height: 1080 }), new FakeTrack("audio")];
    this.captured.push(...tracks);
    return streamOf(tracks);
  }

  watch(changed: () => void): Cancel {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  plugIn(kind: MediaDeviceKind, deviceId: string): void {
    this.plugged = [...this.plugged, { kind, deviceId }];
    this.#changed();
  }

  /** Tracks of the device end by themselves, as in a browser. */
  pullOut(deviceId: string): void {
    this.plugged = this.plugged.filter((device) => device.deviceId !== deviceId);
    for (const track of this.captured) {
      if (track.settings.deviceId === deviceId && track.readyState === "live") track.endByItself();
    }
    this.#changed();
  }

  #changed(): void {
    for (const changed of [...this.#watchers]) changed();
  }

  #open(kind: MediaDeviceKind, constraints: MediaTrackConstraints | true): FakeTrack {
    const trackKind = kind === "audioinput" ? "audio" : "video";
    const open = this.captured.some((track) => track.kind === trackKind && track.readyState === "live");
    if (this.busyFirst && open) throw new DOMException("busy", "NotReadableError");
    const wish = constraints === true ? undefined : (constraints.deviceId as ConstrainDOMStringParameters | undefined);
    const ofKind = this.plugged.filter((device) => device.kind === kind);
    const wished = ofKind.find(({ deviceId }) => deviceId === wish?.exact || deviceId === wish?.ideal);
    const device = wish?.exact === undefined ? (wished ?? ofKind[0]) : wished;
    if (!device) throw new DOMException("none", wish?.exact === undefined ? "NotFoundError" : "OverconstrainedError");
    if (this.exclusive && open) throw new DOMException("busy", "NotReadableError");
    return new FakeTrack(trackKind, { deviceId: device.deviceId });
  }
}

function streamOf(tracks: readonly FakeTrack[]): MediaStream {
  const of = (kind: string) => tracks.filter((track) => track.kind === kind);
  return {
    getTracks: () => tracks,
    getAudioTracks: () => of("audio"),
    getVideoTracks: () => of("video"),
  } as unknown as MediaStream;
}
