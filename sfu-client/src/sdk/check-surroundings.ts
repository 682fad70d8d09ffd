import { captureDevices, type CapturedDevices, type DeviceWish } from "./capture.js";

/** A picture that moves, to be sent in place of a camera's. */
export interface TestPicture {
  readonly track: MediaStreamTrack;
  /** Ends the track. */
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
  /** A picture to send. */
  testPicture(): TestPicture;
}

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
