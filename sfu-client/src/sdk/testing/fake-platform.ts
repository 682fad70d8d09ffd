import type { Cancel, Clock, Network, Platform, SocketListener } from "../platform.js";
import type { MediaKind } from "../protocol.js";
import { FakeDevices } from "./fake-devices.js";
import { FakePeerConnection, type FakeMedia } from "./fake-peer-connection.js";

/** Lets everything that is ready to run do so, without any time passing. */
export async function settle(turns = 50): Promise<void> {
  for (let i = 0; i < turns; i++) await Promise.resolve();
}

/** Time that moves by hand. */
export class FakeClock implements Clock {
  #nowMs = 1_000_000;
  #timers: { atMs: number; run: () => void }[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Cancel {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#nowMs = next.atMs;
      next.run();
      await settle();
    }
    this.#nowMs = endMs;
  }
}

export class FakeNetwork implements Network {
  online = true;
  #watchers = new Set<(online: boolean) => void>();

  watch(changed: (online: boolean) => void): Cancel {
    this.#watchers.add(changed);
    return () => this.#watchers.delete(changed);
  }

  become(online: boolean): void {
    this.online = online;
    for (const changed of [...this.#watchers]) changed(online);
  }
}

/** The client's end of a WebSocket; what the server does is done by the test, or by a FakeServer. */
export class FakeSocket {
  readonly sent: { type: string; id: number; data: Record<string, unknown> }[] = [];
  closedWith: { code: number; reason: string } | undefined;

  constructor(
    readonly url: string,
    readonly subprotocol: string,
    readonly listener: SocketListener,
    readonly onSent: (socket: FakeSocket, message: { type: string; id: number; data: Record<string, unknown> }) => void,
  ) {}

  send(text: string): void {
    if (this.closedWith) throw new Error("send() on a closed socket");
    const message = JSON.parse(text) as { type: string; id: number; data: Record<string, unknown> };
    this.sent.push(message);
    this.onSent(this, message);
  }

  close(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
  }

  deliver(message: unknown): void {
    if (!this.closedWith) this.listener.received(JSON.stringify(message));
  }

  drop(code: number, reason = ""): void {
    this.closedWith ??= { code, reason };
    this.listener.closed(code, reason);
  }
}

const codec = (mimeType: string, clockRate: number, sdpFmtpLine?: string): RTCRtpCodec => ({
  mimeType,
  clockRate,
  ...(sdpFmtpLine === undefined ? {} : { sdpFmtpLine }),
});

export class FakePlatform implements Platform {
  readonly clock = new FakeClock();
  readonly network = new FakeNetwork();
  readonly devices = new FakeDevices();
  readonly sockets: FakeSocket[] = [];
  readonly peerConnections: FakePeerConnection[] = [];
  readonly name = "Test";
  readonly media: FakeMedia = { scalabilityModes: true, acceptsSimulcast: true };
  mobile = false;
  /** A FakeServer puts itself here. */
  server: {
    opened(socket: FakeSocket): void;
    received(socket: FakeSocket, message: { type: string; id: number; data: Record<string, unknown> }): void;
  } = { opened: () => undefined, received: () => undefined };

  random(): number {
    return 0.5;
  }

  openSocket(url: string, subprotocol: string, listener: SocketListener): FakeSocket {
    const socket = new FakeSocket(url, subprotocol, listener, (from, message) => {
      queueMicrotask(() => this.server.received(from, message));
    });
    this.sockets.push(socket);
    queueMicrotask(() => this.server.opened(socket));
    return socket;
  }

  newPeerConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new FakePeerConnection(configuration, this.media);
    this.peerConnections.push(connection);
    return connection as unknown as RTCPeerConnection;
  }

  newMediaStream(track: MediaStreamTrack): MediaStream {
    return { id: `stream-of-${track.id}` } as MediaStream;
  }

  codecs(kind: MediaKind): RTCRtpCodec[] {
    return kind === "audio"
      ? [codec("audio/opus", 48000), codec("audio/red", 48000), codec("audio/PCMU", 8000)]
      : [
          codec("video/H264", 90000, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f"),
          codec("video/H264", 90000, "level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f"),
          codec("video/H264", 90000, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
          codec("video/rtx", 90000),
          codec("video/AV1", 90000, "level-idx=5;profile=0;tier=0"),
          codec("video/AV1", 90000, "level-idx=5;profile=1;tier=0"),
          codec("video/VP9", 90000, "profile-id=0"),
          codec("video/VP9", 90000, "profile-id=2"),
          codec("video/VP8", 90000),
          codec("video/red", 90000),
          codec("video/ulpfec", 90000),
          codec("video/flexfec-03", 90000),
        ];
  }
}
