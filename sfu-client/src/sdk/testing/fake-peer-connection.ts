let lastTrack = 0;

/** A MediaStreamTrack as far as the SDK looks at one. */
export class FakeTrack extends EventTarget {
  readonly id = `track-${++lastTrack}`;
  enabled = true;
  readyState: MediaStreamTrackState = "live";

  constructor(
    readonly kind: "audio" | "video",
    public settings: MediaTrackSettings = {},
  ) {
    super();
  }

  getSettings(): MediaTrackSettings {
    return this.settings;
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** The device is gone, or the user stopped it in the browser. */
  endByItself(): void {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }

  get asTrack(): MediaStreamTrack {
    return this as unknown as MediaStreamTrack;
  }
}

/** What the faked browser can do, and what the server's answer takes of it. */
export interface FakeMedia {
  scalabilityModes: boolean;
  acceptsSimulcast: boolean;
}

/** An RTCRtpSender that refuses parameters which are not its newest, as browsers do. */
export class FakeSender {
  track: MediaStreamTrack | null = null;
  /** All that was set, oldest first. */
  readonly changes: RTCRtpEncodingParameters[][] = [];
  refuses = false;
  #transaction = 0;

  constructor(public encodings: RTCRtpEncodingParameters[]) {}

  replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
    return Promise.resolve();
  }

  getParameters(): RTCRtpSendParameters {
    return {
      transactionId: String(++this.#transaction),
      encodings: this.encodings.map((encoding) => ({ ...encoding })),
      codecs: [],
      headerExtensions: [],
      rtcp: {},
    };
  }

  async setParameters(parameters: RTCRtpSendParameters): Promise<void> {
    if (parameters.transactionId !== String(this.#transaction)) throw new Error("not the newest parameters");
    await Promise.resolve();
    if (this.refuses) throw new Error("cannot be set now");
    if (parameters.transactionId !== String(this.#transaction)) throw new Error("changed meanwhile");
    this.#transaction++;
    this.encodings = parameters.encodings;
    this.changes.push(parameters.encodings);
  }
}

export class FakeTransceiver {
  mid: string | null = null;
  codecs: RTCRtpCodec[] = [];
  readonly sender: FakeSender;
  readonly receiver: { track: FakeTrack; getSynchronizationSources(): { timestamp: number }[] };
  /** When the newest packet came. */
  heardMs: number | undefined;

  constructor(
    readonly kind: "audio" | "video",
    readonly init: RTCRtpTransceiverInit,
  ) {
    this.sender = new FakeSender((init.sendEncodings ?? [{}]).map((encoding) => ({ active: true, ...encoding })));
    this.receiver = {
      track: new FakeTrack(kind),
      getSynchronizationSources: () => (this.heardMs === undefined ? [] : [{ timestamp: this.heardMs }]),
    };
  }

  setCodecPreferences(codecs: RTCRtpCodec[]): void {
    this.codecs = codecs;
  }
}

/** An RTCPeerConnection without a network: sections get their mids with the offer, states are set by the test. */
export class FakePeerConnection {
  readonly transceivers: FakeTransceiver[] = [];
  connectionState: RTCPeerConnectionState = "new";
  iceConnectionState: RTCIceConnectionState = "new";
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: RTCSessionDescriptionInit | null = null;
  onconnectionstatechange: (() => void) | null = null;
  closed = false;
  offers = 0;
  /** One more with each ICE restart; the credentials in the offer are numbered by it. */
  iceGeneration = 1;
  stats: Record<string, unknown>[] = [];

  constructor(
    public configuration: RTCConfiguration,
    readonly media: FakeMedia = { scalabilityModes: true, acceptsSimulcast: true },
  ) {}

  addTransceiver(kind: "audio" | "video", init: RTCRtpTransceiverInit): FakeTransceiver {
    if (!this.media.scalabilityModes && init.sendEncodings?.some((encoding) => "scalabilityMode" in encoding)) {
      throw new Error("unsupported scalabilityMode");
    }
    const transceiver = new FakeTransceiver(kind, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  createOffer(): Promise<{ type: string; sdp: string }> {
    this.offers++;
    const credentials = `a=ice-ufrag:u${this.iceGeneration}\r\na=ice-pwd:${"p".repeat(22)}\r\n`;
    return Promise.resolve({
      type: "offer",
      sdp: `offer with ${this.transceivers.length} sections\r\n${credentials}`,
    });
  }

  restartIce(): void {
    this.iceGeneration++;
  }

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    this.transceivers.forEach((transceiver, index) => (transceiver.mid = String(index)));
    return Promise.resolve();
  }

  setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (description.sdp === "") return Promise.reject(new Error("no SDP"));
    this.remoteDescription = description;
    if (!this.media.acceptsSimulcast) {
      for (const { sender } of this.transceivers) sender.encodings = sender.encodings.slice(0, 1);
    }
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, Record<string, unknown>>> {
    return Promise.resolve(new Map(this.stats.map((stats) => [String(stats["id"]), stats])));
  }

  close(): void {
    this.closed = true;
    this.connectionState = "closed";
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
