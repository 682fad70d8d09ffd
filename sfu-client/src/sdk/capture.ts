import { abortable, throwIfAborted } from "./abort.js";
import { browserDeviceAccess, type DeviceAccess } from "./device-access.js";
import { SfuError } from "./errors.js";
import { CAMERA_PRESETS, SCREEN_PRESETS, type CameraSettings, type ScreenSettings } from "./presets.js";

const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};

/** Which devices to open, and how. */
export interface DeviceWish {
  readonly microphone: boolean;
  readonly camera: boolean;
  /** In pixels, at 16:9; 720 when not given. A camera that has no such size gives the nearest. */
  readonly cameraHeight?: number | undefined;
  /** 30 when not given. */
  readonly cameraFps?: number | undefined;
  readonly microphoneId?: string | undefined;
  readonly cameraId?: string | undefined;
  /** No other device than those named will do. */
  readonly exact?: boolean | undefined;
}

/** What was opened. */
export interface CapturedDevices {
  microphone?: MediaStreamTrack;
  camera?: MediaStreamTrack;
  /** Why a wished device is missing above. */
  errors: { microphone?: SfuError; camera?: SfuError };
}

/** A shared screen, window or tab. */
export interface CapturedScreen {
  readonly screen: MediaStreamTrack;
  /** Where the browser shares sound and the user wants it. */
  readonly screenAudio: MediaStreamTrack | undefined;
}

/** How a capture may be ended, and where it looks for devices. */
export interface CaptureOptions {
  /** Aborted, the call rejects with `aborted`, and what opens later is stopped. */
  readonly signal?: AbortSignal | undefined;
  /** The browser's when not given. */
  readonly access?: DeviceAccess;
}

/**
 * Opens the wished devices with one question to the user. When that fails for another reason than the user's no, each is
 * tried by itself, so that a missing camera does not take the microphone along.
 */
export async function captureDevices(
  wish: DeviceWish,
  { signal, access = browserDeviceAccess() }: CaptureOptions = {},
): Promise<CapturedDevices> {
  throwIfAborted(signal);
  const captured: CapturedDevices = { errors: {} };
  const wished = (["microphone", "camera"] as const).filter((device) => wish[device]);
  if (wished.length === 0) return captured;
  try {
    const stream = await stoppable(access.capture(constraints(wish)), signal);
    const [microphone] = stream.getAudioTracks();
    const [camera] = stream.getVideoTracks();
    if (microphone) captured.microphone = microphone;
    if (camera) captured.camera = camera;
    return captured;
  } catch (thrown) {
    const error = captureError(thrown);
    if (error.code === "aborted") throw error;
    const asked = error.code === "permission_denied" || error.code === "insecure_context";
    if (wished.length === 1 || asked || error.code === "capture_unsupported") {
      for (const device of wished) captured.errors[device] = error;
      return captured;
    }
  }
  const microphone = await captureDevices({ ...wish, camera: false }, { signal, access });
  try {
    const camera = await captureDevices({ ...wish, microphone: false }, { signal, access });
    return { ...microphone, ...camera, errors: { ...microphone.errors, ...camera.errors } };
  } catch (thrown) {
    microphone.microphone?.stop();
    throw thrown;
  }
}

/** Lets the user pick a screen, window or tab; `undefined` when they changed their mind, which is no error. */
export async function captureScreen(
  settings: ScreenSettings = SCREEN_PRESETS.text,
  { signal, access = browserDeviceAccess() }: CaptureOptions = {},
): Promise<CapturedScreen | undefined> {
  throwIfAborted(signal);
  let stream: MediaStream;
  try {
    const width = Math.round((settings.height * 16) / 9);
    const video = { width: { max: width }, height: { max: settings.height }, frameRate: { max: settings.fps } };
    stream = await stoppable(access.captureScreen({ video, audio: true }), signal);
  } catch (thrown) {
    // The same exception name stands for a cancelled picker and for the system's own refusal.
    if (thrown instanceof DOMException && thrown.name === "NotAllowedError" && !thrown.message.includes("system")) {
      return undefined;
    }
    throw captureError(thrown);
  }
  const [screen] = stream.getVideoTracks();
  if (!screen) return undefined;
  screen.contentHint = settings.hint;
  return { screen, screenAudio: stream.getAudioTracks()[0] };
}

/** A browser's question cannot be taken back: what it gives after an abort is stopped. */
function stoppable(opening: Promise<MediaStream>, signal: AbortSignal | undefined): Promise<MediaStream> {
  return abortable(opening, signal, () => {
    opening.then(
      (stream) => stream.getTracks().forEach((track) => track.stop()),
      () => undefined,
    );
  });
}

function constraints(wish: DeviceWish): MediaStreamConstraints {
  const { height: standardHeight, fps: standardFps }: CameraSettings = CAMERA_PRESETS.standard;
  const { microphone, camera, cameraHeight = standardHeight, cameraFps = standardFps, exact = false } = wish;
  const named = (deviceId: string | undefined): MediaTrackConstraints =>
    deviceId === undefined ? {} : { deviceId: exact ? { exact: deviceId } : { ideal: deviceId } };
  return {
    audio: microphone && { ...MICROPHONE, ...named(wish.microphoneId) },
    video: camera && {
      width: { ideal: Math.round((cameraHeight * 16) / 9) },
      height: { ideal: cameraHeight },
      frameRate: { ideal: cameraFps, max: cameraFps },
      ...named(wish.cameraId),
    },
  };
}

function captureError(thrown: unknown): SfuError {
  if (thrown instanceof SfuError) return thrown;
  const name = thrown instanceof DOMException ? thrown.name : "";
  const options = { cause: thrown };
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      return new SfuError("permission_denied", "Access was not allowed.", options);
    case "NotFoundError":
    case "OverconstrainedError":
      return new SfuError("device_not_found", "No such device was found.", options);
    case "NotReadableError":
    case "AbortError":
      return new SfuError("device_busy", "The device could not be started; another program may be using it.", options);
    default:
      return new SfuError("capture_failed", thrown instanceof Error ? thrown.message : String(thrown), options);
  }
}
