import { wordCheck, type CheckReason } from "./check-reasons.js";
import { browserSurroundings, type CheckSurroundings } from "./check-surroundings.js";
import { CheckSteps } from "./check-steps.js";
import { ENGLISH_CHECK_TEXTS } from "./check-texts.js";
import { Emitter } from "./emitter.js";
import { silent, type LogSink } from "./log.js";
import { LogGuard } from "./log-guard.js";
import { browserPlatform, type Cancel, type Platform } from "./platform.js";
import type { TokenSource } from "./signal-channel.js";
import { SDK_VERSION } from "./version.js";

/** `failed`: it does not work; `warning`: it works badly; `skipped`: it could not be, or was not to be, tried. */
export type CheckVerdict = "ok" | "warning" | "failed" | "skipped";

/** In the order in which they run. */
export type CheckId =
  | "browser"
  | "microphone"
  | "camera"
  | "speaker"
  | "websocket"
  | "clock"
  | "resume"
  | "udp"
  | "tcp"
  | "relayUdp"
  | "relayTcp"
  | "relayTls"
  | "call";

/** What a check found. */
export interface CheckOutcome {
  readonly verdict: CheckVerdict;
  /** What is wrong; none where all is well. */
  readonly reasons?: readonly CheckReason[];
  /** For support; names say the unit. Never an address, a token or a device's name. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** What came of one check, with words for it in English. */
export interface CheckResult extends Required<CheckOutcome> {
  readonly id: CheckId;
  readonly title: string;
  readonly cause?: string;
  readonly advice?: string;
  readonly durationMs: number;
}

/** To be sent to support as JSON. */
export interface CheckReport {
  readonly version: 1;
  /** RFC 3339, by this device's clock. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly sdk: string;
  readonly browser: string;
  readonly platform: string;
  readonly mobile: boolean;
  /** By which the server's log is searched; it opens nothing. */
  readonly sessionId: string | undefined;
  /** `failed`: no call is possible; `warning`: one is, and something else is wrong. */
  readonly verdict: "ok" | "warning" | "failed";
  readonly checks: readonly CheckResult[];
}

/** What a check tells while it runs. */
export interface CheckEvents {
  started: { id: CheckId; title: string };
  finished: CheckResult;
  /** The microphone's, 0 to 1, while it is listened to: the person should speak then. */
  level: number;
}

/** Where to go, and what to try. */
export interface ConnectionCheckOptions {
  /** The server's `/v1/signal`. */
  url: string;
  /** Whatever opens any room of the server. */
  token?: TokenSource | undefined;
  /** Tries them too, for which the browser may ask the user: the microphone for 4 s, the camera for 2 s. */
  devices?: { readonly microphone: boolean; readonly camera: boolean };
  /**
   * Asks the person whether the tone is heard that is played until this has resolved; aborted, nobody waits for the answer.
   * When not given the speaker is not tried.
   */
  askHeard?: (signal: AbortSignal) => Promise<boolean>;
  /** How long the echo call is measured: 8000 when not given. The server ends it after 30 s. */
  measureMs?: number;
  log?: LogSink;
  platform?: Platform;
  surroundings?: CheckSurroundings;
}

/** What a call cannot be without. */
const NEEDED: readonly CheckId[] = ["browser", "websocket", "call"];
const STOPPED: CheckOutcome = { verdict: "skipped", reasons: ["stopped"] };

/**
 * Finds out whether this browser can make calls with a server, by which ways, and how well: one check after the other, over
 * one WebSocket, each media connection in an echo room of its own. Runs once.
 */
export class ConnectionCheck {
  readonly #events = new Emitter<CheckEvents>();
  readonly #platform: Platform;
  readonly #surroundings: CheckSurroundings;
  readonly #steps: CheckSteps;
  #used = false;

  constructor(options: ConnectionCheckOptions) {
    this.#platform = options.platform ?? browserPlatform();
    this.#surroundings = options.surroundings ?? browserSurroundings();
    this.#steps = new CheckSteps({
      url: options.url,
      token: options.token,
      devices: options.devices ?? { microphone: false, camera: false },
      askHeard: options.askHeard,
      heard: (level) => this.#events.emit("level", level),
      measureMs: options.measureMs ?? 8000,
      guard: new LogGuard(options.log ?? silent),
      platform: this.#platform,
      surroundings: this.#surroundings,
    });
  }

  /** Listens until the returned function is called. */
  on<K extends keyof CheckEvents>(type: K, listener: (payload: CheckEvents[K]) => void): Cancel {
    return this.#events.on(type, listener);
  }

  /** Runs all checks once; an aborted signal stops it, and what has not ended is `skipped`. Never rejects but for a second run. */
  async run(signal?: AbortSignal): Promise<CheckReport> {
    if (this.#used) throw new Error("A check runs once: make a new ConnectionCheck.");
    this.#used = true;
    const { clock } = this.#platform;
    const startedMs = clock.nowMs();
    const checks: CheckResult[] = [];
    const stop = () => this.#steps.close();
    signal?.addEventListener("abort", stop);
    for (const { id, title, run } of this.#steps.all()) {
      this.#events.emit("started", { id, title });
      const fromMs = clock.nowMs();
      const outcome = signal?.aborted === true ? STOPPED : await stoppable(run, signal);
      const durationMs = Math.round(clock.nowMs() - fromMs);
      const { verdict, reasons = [], details = {} } = outcome;
      const words = wordCheck(ENGLISH_CHECK_TEXTS, reasons, details);
      const result: CheckResult = { id, title, verdict, reasons, ...words, durationMs, details };
      checks.push(result);
      this.#events.emit("finished", result);
    }
    const { sessionId } = this.#steps;
    signal?.removeEventListener("abort", stop);
    this.#steps.close();
    return {
      version: 1,
      startedAt: new Date(startedMs).toISOString(),
      durationMs: Math.round(clock.nowMs() - startedMs),
      sdk: SDK_VERSION,
      browser: this.#surroundings.userAgent,
      platform: this.#platform.name,
      mobile: this.#platform.mobile,
      sessionId,
      verdict: verdictOf(checks),
      checks,
    };
  }
}

function stoppable(run: () => Promise<CheckOutcome>, signal: AbortSignal | undefined): Promise<CheckOutcome> {
  if (!signal) return run();
  let stop = (): void => undefined;
  const stopped = new Promise<CheckOutcome>((resolve) => {
    stop = () => resolve(STOPPED);
    signal.addEventListener("abort", stop);
  });
  return Promise.race([run(), stopped]).finally(() => signal.removeEventListener("abort", stop));
}

function verdictOf(checks: readonly CheckResult[]): CheckReport["verdict"] {
  const worked = (id: CheckId) => checks.some((check) => check.id === id && /^(ok|warning)$/.test(check.verdict));
  if (!NEEDED.every(worked)) return "failed";
  return checks.some(({ verdict }) => verdict === "failed" || verdict === "warning") ? "warning" : "ok";
}
