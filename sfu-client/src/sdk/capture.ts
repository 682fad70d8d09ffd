import { SfuError } from "./errors.js";

const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
  channelCount: 1,
};
/** Enough for a person who is shown large; who is shown small is sent and received in a smaller layer. */
const CAMERA_HEIGHT = 720;
const SCREEN: DisplayMediaStreamOptions = {
  video: { width: { max: 1920 }, height: { max: 1080 }, frameRate: { max: 15 } },
  audio: true,
};

export interface DeviceWish {
  readonly microphone: boolean;
  readonly camera: boolean;
  /** In pixels, at 16:9; 720 when not given. A camera that has no such size gives the nearest. */
  readonly cameraHeight?: number | undefined;
}

export interface CapturedDevices {
  microphone?: MediaStreamTrack;
  camera?: MediaStreamTrack;
  /** Why a wished device is missing above. */
  errors: { microphone?: SfuError; camera?: SfuError };
}

export interface CapturedScreen {
  readonly screen: MediaStreamTrack;
  readonly screenAudio: MediaStreamTrack | undefined;
}

/**
 * Opens the wished devices with one question to the user. When that fails for another reason than the user's no, each is
 * tried by itself, so that a missing camera does not take the microphone along.
 */
export async function captureDevices(wish: DeviceWish): Promise<CapturedDevices> {
  const captured: CapturedDevices = { errors: {} };
  const wished = (["microphone", "camera"] as const).filter((device) => wish[device]);
  if (wished.length === 0) return captured;
  try {
    const stream = await open(wish);
    const [microphone] = stream.getAudioTracks();
    const [camera] = stream.getVideoTracks();
    if (microphone) captured.microphone = microphone;
    if (camera) captured.camera = camera;
    return captured;
  } catch (thrown) {
    const error = captureError(thrown);
    const asked = error.code === "permission_denied" || error.code === "insecure_context";
    if (wished.length === 1 || asked || error.code === "capture_unsupported") {
      for (const device of wished) captured.errors[device] = error;
      return captured;
    }
  }
  const [microphone, camera] = [
    await captureDevices({ ...wish, camera: false }),
    await captureDevices({ ...wish, microphone: false }),
  ];
  return { ...microphone, ...camera, errors: { ...microphone.errors, ...camera.errors } };
}

/** Lets the user pick a screen, window or tab; `undefined` when they changed their mind, which is no error. */
export async function captureScreen(): Promise<CapturedScreen | undefined> {
  requireCapture();
  if (!("getDisplayMedia" in navigator.mediaDevices)) {
    throw new SfuError("capture_unsupported", "This browser cannot share a screen.");
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getDisplayMedia(SCREEN);
  } catch (thrown) {
    // The same exception name stands for a cancelled picker and for the system's own refusal.
    if (thrown instanceof DOMException && thrown.name === "NotAllowedError" && !thrown.message.includes("system")) {
      return undefined;
    }
    throw captureError(thrown);
  }
  const [screen] = stream.getVideoTracks();
  if (!screen) return undefined;
  // Text must stay sharp: the encoder gives up frames before it gives up pixels.
  screen.contentHint = "detail";
  return { screen, screenAudio: stream.getAudioTracks()[0] };
}

function open({ microphone, camera, cameraHeight = CAMERA_HEIGHT }: DeviceWish): Promise<MediaStream> {
  requireCapture();
  const picture: MediaTrackConstraints = {
    width: { ideal: Math.round((cameraHeight * 16) / 9) },
    height: { ideal: cameraHeight },
    frameRate: { ideal: 30, max: 30 },
  };
  return navigator.mediaDevices.getUserMedia({ audio: microphone && MICROPHONE, video: camera && picture });
}

function requireCapture(): void {
  if (!isSecureContext) {
    throw new SfuError("insecure_context", "Camera, microphone and screen need HTTPS (or localhost).");
  }
  if (!("mediaDevices" in navigator)) {
    throw new SfuError("capture_unsupported", "This browser gives no access to camera, microphone or screen.");
  }
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
