import type { Platform, Socket, SocketListener } from "../../sdk/index.js";

const NO_STATUS = 1006;
const HEARTBEAT_LOST = 4009;

/** The browser, with a socket that can be made to fail: for tests and for support. */
export class UnsteadyPlatform {
  readonly platform: Platform;
  readonly #inner: Platform;
  #open: { socket: Socket; listener: SocketListener } | undefined;
  #refusedUntilMs = 0;

  constructor(inner: Platform) {
    this.#inner = inner;
    this.platform = {
      clock: inner.clock,
      network: inner.network,
      devices: inner.devices,
      mobile: inner.mobile,
      name: inner.name,
      random: () => inner.random(),
      newPeerConnection: (configuration) => inner.newPeerConnection(configuration),
      newMediaStream: (track) => inner.newMediaStream(track),
      codecs: (kind) => inner.codecs(kind),
      openSocket: (url, subprotocol, listener) => this.#openSocket(url, subprotocol, listener),
    };
  }

  /** Breaks the socket without a word, and lets none be opened for so long. */
  dropSocket(forMs = 0): void {
    this.#refusedUntilMs = this.#inner.clock.nowMs() + forMs;
    const broken = this.#open;
    if (!broken) return;
    this.#open = undefined;
    broken.socket.close(HEARTBEAT_LOST, "dropped");
    broken.listener.closed(NO_STATUS, "");
  }

  #openSocket(url: string, subprotocol: string, listener: SocketListener): Socket {
    if (this.#inner.clock.nowMs() < this.#refusedUntilMs) {
      const stop = this.#inner.clock.after(0, () => listener.closed(NO_STATUS, ""));
      return { send: () => undefined, close: stop };
    }
    const current = () => this.#open?.listener === listener;
    const socket = this.#inner.openSocket(url, subprotocol, {
      opened: () => {
        if (current()) listener.opened();
      },
      received: (text) => {
        if (current()) listener.received(text);
      },
      closed: (code, reason) => {
        if (!current()) return;
        this.#open = undefined;
        listener.closed(code, reason);
      },
    });
    this.#open = { socket, listener };
    return socket;
  }
}
