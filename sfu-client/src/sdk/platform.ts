import { browserDeviceAccess, type DeviceAccess } from "./device-access.js";
import type { MediaKind } from "./protocol.js";

export type Cancel = () => void;

export interface Clock {
  /** Milliseconds since the epoch, never going back. */
  nowMs(): number;
  after(delayMs: number, run: () => void): Cancel;
}

export interface Network {
  readonly online: boolean;
  /** Calls back with each change. */
  watch(changed: (online: boolean) => void): Cancel;
}

export interface Socket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface SocketListener {
  opened(): void;
  received(text: string): void;
  closed(code: number, reason: string): void;
}

/** All the SDK needs from its surroundings, in one place, so that tests drive time, network and media by hand. */
export interface Platform {
  readonly clock: Clock;
  readonly network: Network;
  readonly devices: DeviceAccess;
  readonly mobile: boolean;
  readonly name: string;
  random(): number;
  openSocket(url: string, subprotocol: string, listener: SocketListener): Socket;
  newPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  newMediaStream(track: MediaStreamTrack): MediaStream;
  codecs(kind: MediaKind): readonly RTCRtpCodec[];
}

interface UserAgentData {
  readonly mobile: boolean;
  readonly platform: string;
}

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
