import { hasRelays, onlyCandidates, relaysBy, type RelayTransport } from "./candidate-paths.js";
import { DeviceChecks } from "./check-devices.js";
import { outcomeOf, qualityOutcome, signallingOutcome, WAYS } from "./check-verdicts.js";
import type { CheckSurroundings } from "./check-surroundings.js";
import type { CheckId, CheckOutcome } from "./connection-check.js";
import { EchoCall, type WayTo } from "./echo-call.js";
import { echoQuality } from "./echo-quality.js";
import { SfuError } from "./errors.js";
import type { LogGuard } from "./log-guard.js";
import type { Cancel, Platform } from "./platform.js";
import { listedDelays } from "./retry-policy.js";
import { RoundTrip } from "./round-trip.js";
import { SignalChannel, type ResumeData, type TokenSource } from "./signal-channel.js";

export interface CheckStep {
  readonly id: CheckId;
  readonly title: string;
  /** Never rejects. */
  readonly run: () => Promise<CheckOutcome>;
}

export interface CheckStepsOptions {
  readonly url: string;
  readonly token: TokenSource | undefined;
  readonly devices: { readonly microphone: boolean; readonly camera: boolean };
  readonly askHeard: ((signal: AbortSignal) => Promise<boolean>) | undefined;
  readonly heard: (level: number) => void;
  readonly measureMs: number;
  readonly guard: LogGuard;
  readonly platform: Platform;
  readonly surroundings: CheckSurroundings;
}

/** A check wants to know whether it works now, not after the third attempt. */
const ONCE = listedDelays([]);
const PINGS = 5;
const SLOW_ROUND_TRIP_MS = 400;
/** Tokens and timers are judged by the clock. */
const CLOCK_TOLERANCE_MS = 30_000;
/** The first second belongs to the first key frame and to the estimate of the bandwidth. */
const SETTLE_MS = 1000;
const WAY_IDS = ["udp", "tcp", "relayUdp", "relayTcp", "relayTls"] as const satisfies readonly CheckId[];
const WAY_TITLES: Readonly<Record<(typeof WAY_IDS)[number], string>> = {
  udp: "Media by UDP",
  tcp: "Media by TCP",
  relayUdp: "Relay by UDP",
  relayTcp: "Relay by TCP",
  relayTls: "Relay by TLS",
};
const RELAYS: Readonly<Record<string, RelayTransport>> = { relayUdp: "udp", relayTcp: "tcp", relayTls: "tls" };

/** The single checks, and the connection that they share. */
export class CheckSteps {
  readonly #options: CheckStepsOptions;
  readonly #devices: DeviceChecks;
  readonly #roundTrip = new RoundTrip();
  #channel: SignalChannel | undefined;
  #resumed = false;
  #call: EchoCall | undefined;
  #stopWaiting: Cancel | undefined;
  #sessionId: string | undefined;
  #closed = false;

  constructor(options: CheckStepsOptions) {
    this.#options = options;
    this.#devices = new DeviceChecks({ ...options, wait: (ms) => this.#wait(ms) });
  }

  /** The last one that there was. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  all(): CheckStep[] {
    const step = (id: CheckId, title: string, check: () => CheckOutcome | Promise<CheckOutcome>): CheckStep => ({
      ...{ id, title },
      run: async () => {
        try {
          return await check();
        } catch (thrown) {
          return outcomeOf(SfuError.from(thrown));
        }
      },
    });
    const online = (check: (channel: SignalChannel) => Promise<CheckOutcome>) => () => this.#online(check);
    return [
      step("browser", "Browser", () => this.#browser()),
      step("microphone", "Microphone", () => this.#devices.microphone()),
      step("camera", "Camera", () => this.#devices.camera()),
      step("speaker", "Speaker", () => this.#devices.speaker()),
      step("websocket", "Connection to the server", () => this.#webSocket()),
      step("clock", "Clock", () => this.#clock()),
      step(
        "resume",
        "Recovery of a lost connection",
        online((channel) => this.#resume(channel)),
      ),
      ...WAY_IDS.map((id) =>
        step(
          id,
          WAY_TITLES[id],
          online((channel) => this.#way(channel, id)),
        ),
      ),
      step(
        "call",
        "Echo call",
        online((channel) => this.#echo(channel)),
      ),
    ];
  }

  /** Frees all there is; what waits for it fails. */
  close(): void {
    this.#closed = true;
    this.#devices.close();
    this.#stopWaiting?.();
    void this.#call?.close();
    this.#channel?.close();
  }

  #browser(): CheckOutcome {
    const { webSocket, peerConnection, secureContext, getUserMedia } = this.#options.surroundings;
    const details = { webSocket, peerConnection, secureContext, getUserMedia };
    if (!webSocket || !peerConnection) {
      return { verdict: "failed", reasons: ["webrtc_missing"], details };
    }
    if (!secureContext || !getUserMedia) {
      return { verdict: "warning", reasons: [secureContext ? "devices_unsupported" : "insecure_page"], details };
    }
    return { verdict: "ok", details };
  }

  async #webSocket(): Promise<CheckOutcome> {
    const { clock } = this.#options.platform;
    const fromMs = clock.nowMs();
    let channel: SignalChannel;
    try {
      channel = await this.#open();
    } catch (thrown) {
      return signallingOutcome(SfuError.from(thrown));
    }
    const connectMs = Math.round(clock.nowMs() - fromMs);
    const roundTripsMs: number[] = [];
    for (let i = 0; i < PINGS; i++) {
      const sentMs = clock.nowMs();
      const { serverTimeMs } = await channel.request("ping", { t: Math.round(sentMs) });
      this.#roundTrip.add(sentMs, clock.nowMs(), serverTimeMs);
      roundTripsMs.push(clock.nowMs() - sentMs);
    }
    const roundTripMs = Math.round(roundTripsMs.sort((a, b) => a - b)[Math.floor(PINGS / 2)] ?? 0);
    const details = { connectMs, roundTripMs };
    if (roundTripMs <= SLOW_ROUND_TRIP_MS) return { verdict: "ok", details };
    return { verdict: "warning", reasons: ["server_slow"], details };
  }

  #clock(): CheckOutcome {
    const { offsetMs } = this.#roundTrip;
    if (offsetMs === undefined) return WITHOUT_SERVER;
    const details = { offsetMs: Math.round(offsetMs) };
    if (Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) return { verdict: "ok", details };
    const offsetSec = Math.round(Math.abs(offsetMs) / 1000);
    const reasons = [offsetMs > 0 ? "clock_behind" : "clock_ahead"] as const;
    return { verdict: "warning", reasons, details: { ...details, offsetSec } };
  }

  async #resume(channel: SignalChannel): Promise<CheckOutcome> {
    const session = channel.suspend();
    this.#channel = undefined;
    await this.#open(session);
    if (this.#resumed) return { verdict: "ok" };
    return { verdict: "warning", reasons: ["not_resumed"] };
  }

  async #way(channel: SignalChannel, id: (typeof WAY_IDS)[number]): Promise<CheckOutcome> {
    const { absent, blocked } = WAYS[id];
    const relay = RELAYS[id];
    const iceServers = relay ? relaysBy(relay, channel.iceServers) : [];
    if (relay && iceServers.length === 0) return { verdict: "skipped", reasons: [absent] };
    const { clock } = this.#options.platform;
    const fromMs = clock.nowMs();
    return this.#visit(
      channel,
      {
        iceServers,
        iceTransportPolicy: relay ? "relay" : "all",
        answer: (sdp) => (relay ? sdp : onlyCandidates(sdp, id === "tcp" ? "tcp" : "udp")),
      },
      undefined,
      async (call, connected) => {
        if (!connected) return { verdict: "skipped", reasons: [absent] };
        const connectMs = Math.round(clock.nowMs() - fromMs);
        return { verdict: "ok", details: { connectMs, ...(await pairDetails(call)) } };
      },
      ({ code }) => ({ verdict: "failed", reasons: [blocked], details: { code } }),
    );
  }

  async #echo(channel: SignalChannel): Promise<CheckOutcome> {
    const { platform, surroundings, measureMs } = this.#options;
    const picture = surroundings.testPicture();
    try {
      return await this.#visit(
        channel,
        { iceServers: channel.iceServers, iceTransportPolicy: "all", answer: (sdp) => sdp },
        picture.track,
        async (call) => {
          await this.#wait(SETTLE_MS);
          const before = await call.counts();
          const fromMs = platform.clock.nowMs();
          await this.#wait(measureMs);
          const quality = echoQuality(before, await call.counts(), platform.clock.nowMs() - fromMs);
          return qualityOutcome(quality, await call.pair());
        },
        ({ code }) => ({
          verdict: "failed",
          reasons: ["no_way"],
          details: { code, relays: hasRelays(channel.iceServers) },
        }),
      );
    } finally {
      picture.stop();
    }
  }

  /** @param unreachable what a path that cannot be had means */
  async #visit(
    channel: SignalChannel,
    way: WayTo,
    picture: MediaStreamTrack | undefined,
    judge: (call: EchoCall, connected: boolean) => Promise<CheckOutcome>,
    unreachable: (error: SfuError) => CheckOutcome,
  ): Promise<CheckOutcome> {
    const { platform, guard } = this.#options;
    const call = new EchoCall(platform, channel, way, guard.log);
    this.#call = call;
    try {
      return await judge(call, await call.connect(picture));
    } catch (thrown) {
      const error = SfuError.from(thrown);
      if (["ice_failed", "media_timeout"].includes(error.code)) return unreachable(error);
      throw error;
    } finally {
      await call.close();
    }
  }

  /** With the connection of before, or a new one should it have been lost meanwhile. */
  async #online(check: (channel: SignalChannel) => Promise<CheckOutcome>): Promise<CheckOutcome> {
    if (this.#sessionId === undefined) return WITHOUT_SERVER;
    if (!this.#options.surroundings.peerConnection) return WITHOUT_WEBRTC;
    const channel = this.#channel?.open === true ? this.#channel : await this.#open();
    return check(channel);
  }

  async #open(resume?: ResumeData): Promise<SignalChannel> {
    const { url, token, platform, guard } = this.#options;
    const channel = new SignalChannel({ url, token, resume, connect: ONCE, reconnect: ONCE, platform, guard });
    channel.on("welcome", ({ resumed }) => (this.#resumed = resumed));
    this.#channel = channel;
    try {
      await channel.connect();
    } catch (thrown) {
      // Out of attempts is no reason: what failed the only one is.
      const { cause } = SfuError.from(thrown);
      throw cause instanceof SfuError ? cause : thrown;
    }
    if (this.#closed) channel.close();
    this.#sessionId = channel.sessionId;
    return channel;
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#options.platform.clock.after(ms, resolve);
      this.#stopWaiting = () => {
        cancel();
        reject(new SfuError("left", "The check was stopped."));
      };
    });
  }
}

const WITHOUT_WEBRTC: CheckOutcome = { verdict: "skipped", reasons: ["no_webrtc"] };
const WITHOUT_SERVER: CheckOutcome = { verdict: "skipped", reasons: ["no_server"] };

async function pairDetails(call: EchoCall): Promise<Record<string, string | number>> {
  const pair = await call.pair();
  if (!pair) return {};
  const { path, localType, remoteType, rttMs } = pair;
  return { path, localType, remoteType, ...(rttMs !== undefined && { roundTripMs: Math.round(rttMs) }) };
}
