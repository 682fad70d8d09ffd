import { signal } from "@preact/signals";
import {
  browserPlatform,
  ConnectionCheck,
  consoleLog,
  type CheckId,
  type CheckReport,
  type CheckResult,
} from "../../sdk/check.js";
import { readInvitation, reportsUrl, signalUrl } from "../app/address.js";
import { sendReport, type Sending } from "./send-report.js";

declare global {
  interface Window {
    /** For tests: the last report; `undefined` while a check runs. */
    parleyCheck: { readonly report: CheckReport | undefined };
  }
}

/** One line: a check that runs, or what came of it. */
export interface CheckLine {
  readonly id: CheckId;
  readonly result: CheckResult | undefined;
}

/** The check that runs now, or ran last. */
export class CheckState {
  readonly lines = signal<readonly CheckLine[]>([]);
  readonly report = signal<CheckReport | undefined>(undefined);
  readonly stopped = signal(false);
  readonly devices = signal(false);
  /** The microphone's, 0 to 1, while it is listened to. */
  readonly level = signal<number | undefined>(undefined);
  /** Takes the answer while a tone is played. */
  readonly answer = signal<((heard: boolean) => void) | undefined>(undefined);
  /** Whether support has the last report. */
  readonly sending = signal<Sending>({ state: "idle" });
  readonly #token = readInvitation().token;
  #running: AbortController | undefined;

  /** Runs all checks, or stops those that run. */
  async toggle(): Promise<void> {
    if (this.#running) {
      this.#running.abort();
      return;
    }
    const controller = new AbortController();
    this.#running = controller;
    this.report.value = undefined;
    this.lines.value = [];
    this.sending.value = { state: "idle" };
    const check = new ConnectionCheck({
      url: signalUrl(),
      token: this.#token,
      devices: { microphone: this.devices.value, camera: this.devices.value },
      ...(this.devices.value && { askHeard: (signal) => this.#askHeard(signal) }),
      log: consoleLog("warn"),
      platform: browserPlatform(),
    });
    check.on("started", ({ id }) => (this.lines.value = [...this.lines.value, { id, result: undefined }]));
    check.on("level", (level) => (this.level.value = level));
    check.on("finished", (result) => {
      this.level.value = undefined;
      this.lines.value = this.lines.value.map((line) => (line.id === result.id ? { id: result.id, result } : line));
    });
    const report = await check.run(controller.signal);
    this.#running = undefined;
    this.stopped.value = controller.signal.aborted;
    this.report.value = report;
  }

  /** Sends the last report to the server, for support. */
  async send(): Promise<void> {
    const report = this.report.value;
    if (!report || this.sending.value.state === "sending") return;
    this.sending.value = { state: "sending" };
    const sent = await sendReport(report, reportsUrl());
    // Another check may have begun meanwhile.
    if (this.report.value === report) this.sending.value = sent;
  }

  #askHeard(signal: AbortSignal): Promise<boolean> {
    return new Promise<boolean>((resolve) => {
      this.answer.value = resolve;
      signal.addEventListener("abort", () => resolve(false));
    }).finally(() => (this.answer.value = undefined));
  }
}
