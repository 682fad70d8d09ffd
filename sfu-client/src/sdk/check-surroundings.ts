import { captureDevices, type CapturedDevices, type DeviceWish } from "./capture.js";
import type { Cancel } from "./platform.js";
import { watchLevel } from "./sound-level.js";
import { playTone, type ToneOptions } from "./tone.js";

/** A picture that moves, to be sent in place of a camera's. */
export interface TestPicture {
  readonly track: MediaStreamTrack;
  /** Ends the track. */
  stop(): void;
}

/** A camera's picture that is looked at. */
export interface WatchedPicture {
  /** Since the beginning: how many pictures, and how bright they are on average, of 255. */
  read(): { readonly frames: number; readonly brightness: number };
  /** Ends the looking; the track stays open. */
  stop(): void;
}

/** What a connection check asks of the browser besides the platform; replaced in tests. */
export interface CheckSurroundings {
  readonly userAgent: string;
  readonly secureContext: boolean;
  readonly webSocket: boolean;
  readonly peerConnection: boolean;
  readonly getUserMedia: boolean;
  /** Opens the devices. */
  captureDevices(wish: DeviceWish): Promise<CapturedDevices>;
  /** What is plugged in. */
  countDevices(): Promise<DeviceCounts>;
  /** As `watchLevel()` of the SDK. */
  watchLevel(track: MediaStreamTrack, heard: (level: number) => void): Cancel;
  /** Looks at a camera's picture. */
  watchPicture(track: MediaStreamTrack): WatchedPicture;
  /** As `playTone()` of the SDK. */
  playTone(options: ToneOptions): Promise<void>;
  /** A picture to send. */
  testPicture(): TestPicture;
}

/** How many devices are plugged in. */
export interface DeviceCounts {
  readonly microphones: number;
  readonly cameras: number;
  readonly speakers: number;
}

const WIDTH = 640;
const HEIGHT = 360;
const FPS = 20;
const TILE = 20;
const TILES_CHANGED = 60;

export function browserSurroundings(): CheckSurroundings {
  const media = "mediaDevices" in navigator ? navigator.mediaDevices : undefined;
  return {
    userAgent: navigator.userAgent,
    secureContext: isSecureContext,
    webSocket: "WebSocket" in globalThis,
    peerConnection: "RTCPeerConnection" in globalThis,
    getUserMedia: media !== undefined && "getUserMedia" in media,
    captureDevices,
    countDevices: async () => {
      const devices = (await media?.enumerateDevices()) ?? [];
      const count = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind).length;
      return { microphones: count("audioinput"), cameras: count("videoinput"), speakers: count("audiooutput") };
    },
    watchLevel,
    watchPicture,
    playTone,
    testPicture,
  };
}

/** Coloured tiles that change all the time: a picture that an encoder has work with. */
function testPicture(): TestPicture {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  const draw = () => {
    if (!context) return;
    for (let i = 0; i < TILES_CHANGED; i++) {
      context.fillStyle = `hsl(${Math.floor(Math.random() * 360)} 70% 50%)`;
      const column = Math.floor((Math.random() * WIDTH) / TILE);
      const row = Math.floor((Math.random() * HEIGHT) / TILE);
      context.fillRect(column * TILE, row * TILE, TILE, TILE);
    }
  };
  draw();
  const timer = setInterval(draw, 1000 / FPS);
  const [track] = canvas.captureStream(FPS).getVideoTracks();
  if (!track) throw new Error("A canvas gave no picture.");
  return {
    track,
    stop: () => {
      clearInterval(timer);
      track.stop();
    },
  };
}

/** By a player that nobody sees, and one pixel of its picture. */
function watchPicture(track: MediaStreamTrack): WatchedPicture {
  const player = document.createElement("video");
  player.muted = true;
  player.playsInline = true;
  player.srcObject = new MediaStream([track]);
  void player.play().catch(() => undefined);
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return {
    read: () => {
      // Drawn into one pixel, a picture is its own average, or near enough to tell black.
      context?.drawImage(player, 0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = context?.getImageData(0, 0, 1, 1).data ?? [];
      return { frames: player.getVideoPlaybackQuality().totalVideoFrames, brightness: (red + green + blue) / 3 };
    },
    stop: () => (player.srcObject = null),
  };
}
