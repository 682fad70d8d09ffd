import { browserDeviceAccess, type DeviceAccess } from "./device-access.js";
import type { MediaKind } from "./protocol.js";

/** Takes back what was begun; a second call does nothing. */
export type Cancel = () => void;

/** Time, which tests move by hand. */
export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  nowMs(): number;
  /** Runs once, unless cancelled before. */
  after(delayMs: number, run: () => void): Cancel;
}

/** Whether the browser believes to be online. */
export interface Network {
  readonly online: boolean;
  /** Calls back with each change. */
  watch(changed: (online: boolean) => void): Cancel;
}

/** A WebSocket as far as the SDK uses one. */
export interface Socket {
  /** Sends a text frame. */
  send(text: string): void;
  /** Begins to close; `closed` follows. */
  close(code: number, reason: string): void;
}

/** What a socket tells, in order. */
export interface SocketListener {
  /** Frames may be sent. */
  opened(): void;
  /** A text frame came. */
  received(text: string): void;
  /** It is over; 1006 is the network's doing. */
  closed(code: number, reason: string): void;
}

/** All the SDK needs from its surroundings, in one place, so that tests drive time, network and media by hand. */
export interface Platform {
  readonly clock: Clock;
  readonly network: Network;
  readonly devices: DeviceAccess;
  readonly mobile: boolean;
  readonly name: string;
  /** From 0 up to 1. */
  random(): number;
  /** Opens a WebSocket; throws where the address is none. */
  openSocket(url: string, subprotocol: string, listener: SocketListener): Socket;
  /** Makes a media connection. */
  newPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  /** Puts a received track where a player takes it. */
  newMediaStream(track: MediaStreamTrack): MediaStream;
  /** What the browser can receive. */
  codecs(kind: MediaKind): readonly RTCRtpCodec[];
}

interface UserAgentData {
  readonly mobile: boolean;
  readonly platform: string;
}

/** The real one. */
export function browserPlatform(): Platform {
  const agent = (navigator as Navigator & { userAgentData?: UserAgentData }).userAgentData;
  return {
    clock: {
      nowMs: () => performance.timeOrigin + performance.now(),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    network: {
      get online() {
        return navigator.onLine;
      },
      watch: (changed) => {
        const wentOnline = () => changed(true);
        const wentOffline = () => changed(false);
        window.addEventListener("online", wentOnline);
        window.addEventListener("offline", wentOffline);
        return () => {
          window.removeEventListener("online", wentOnline);
          window.removeEventListener("offline", wentOffline);
        };
      },
    },
    devices: browserDeviceAccess(),
    mobile: agent?.mobile ?? /Mobi|Android/.test(navigator.userAgent),
    name: agent?.platform ?? (/\(([^;)]+)/.exec(navigator.userAgent)?.[1] || "unknown"),
    random: () => Math.random(),
    openSocket,
    newPeerConnection: (configuration) => new RTCPeerConnection(configuration),
    newMediaStream: (track) => new MediaStream([track]),
    codecs: (kind) => RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [],
  };
}

function openSocket(url: string, subprotocol: string, listener: SocketListener): Socket {
  const socket = new WebSocket(url, subprotocol);
  socket.onopen = () => listener.opened();
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === "string") listener.received(event.data);
  };
  socket.onclose = (event) => listener.closed(event.code, event.reason);
  return {
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
  };
}
