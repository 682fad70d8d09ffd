/** How a camera is captured, and what it may cost at most. */
export interface CameraSettings {
  /** Of the picture in pixels, at 16:9; a camera that has no such size gives the nearest. */
  readonly height: number;
  readonly fps: number;
  /** For the largest of the qualities that are sent. */
  readonly mostBps: number;
}

/** How a screen is captured, and what it may cost at most. */
export interface ScreenSettings extends CameraSettings {
  /** What is given up first: `detail` frames, `motion` sharpness. */
  readonly hint: "detail" | "motion";
}

/** For `RoomOptions.camera`. How many qualities a picture is sent in follows its size (`layers`). */
export const CAMERA_PRESETS = {
  economy: { height: 360, fps: 20, mostBps: 500_000 },
  standard: { height: 720, fps: 30, mostBps: 2_500_000 },
  high: { height: 1080, fps: 30, mostBps: 4_000_000 },
} as const satisfies Record<string, CameraSettings>;

/** For `RoomOptions.screen`: text that stays sharp, or films and games that move. */
export const SCREEN_PRESETS = {
  text: { height: 1080, fps: 15, mostBps: 2_500_000, hint: "detail" },
  motion: { height: 1080, fps: 30, mostBps: 4_000_000, hint: "motion" },
} as const satisfies Record<string, ScreenSettings>;

/** A name out of `CAMERA_PRESETS`. */
export type CameraPreset = keyof typeof CAMERA_PRESETS;
/** A name out of `SCREEN_PRESETS`. */
export type ScreenPreset = keyof typeof SCREEN_PRESETS;

export function cameraSettings(wish: CameraPreset | CameraSettings = "standard"): CameraSettings {
  return typeof wish === "string" ? CAMERA_PRESETS[wish] : wish;
}

export function screenSettings(wish: ScreenPreset | ScreenSettings = "text"): ScreenSettings {
  return typeof wish === "string" ? SCREEN_PRESETS[wish] : wish;
}
