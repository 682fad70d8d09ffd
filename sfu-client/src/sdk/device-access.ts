import { SfuError } from "./errors.js";
import type { Cancel } from "./platform.js";

/** What a browser tells of one device. */
export type DeviceInfo = Pick<MediaDeviceInfo, "kind" | "deviceId" | "label">;

/** The browser's devices, replaced in tests. */
export interface DeviceAccess {
  /** Labels and ids are empty until access was allowed. */
  enumerate(): Promise<readonly DeviceInfo[]>;
  /** Rejects as `getUserMedia` does, or with an `SfuError` where there is none. */
  capture(constraints: MediaStreamConstraints): Promise<MediaStream>;
  /** Rejects as `getDisplayMedia` does, or with an `SfuError` where there is none. */
  captureScreen(options: DisplayMediaStreamOptions): Promise<MediaStream>;
  /** Calls back when something was plugged in or out. */
  watch(changed: () => void): Cancel;
}

/** Never throws by itself: where there are no devices, the list is empty and capturing rejects. */
export function browserDeviceAccess(): DeviceAccess {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  return {
    enumerate: async () => (await media?.enumerateDevices()) ?? [],
    capture: async (constraints) => required(media).getUserMedia(constraints),
    captureScreen: async (options) => {
      const devices = required(media);
      if (!("getDisplayMedia" in devices)) {
        throw new SfuError("capture_unsupported", "This browser cannot share a screen.");
      }
      return devices.getDisplayMedia(options);
    },
    watch: (changed) => {
      media?.addEventListener("devicechange", changed);
      return () => media?.removeEventListener("devicechange", changed);
    },
  };
}

function required(media: MediaDevices | undefined): MediaDevices {
  if (!isSecureContext) {
    throw new SfuError("insecure_context", "Camera, microphone and screen need HTTPS (or localhost).");
  }
  if (!media) {
    throw new SfuError("capture_unsupported", "This browser gives no access to camera, microphone or screen.");
  }
  return media;
}
