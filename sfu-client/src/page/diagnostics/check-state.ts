import { signal } from "@preact/signals";
import {
  browserPlatform,
  ConnectionCheck,
  consoleLog,
  type CheckId,
  type CheckReport,
  type CheckResult,
} from "../../sdk/check.js";
import { readInvitation, signalUrl } from "../app/address.js";

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
    const check = new ConnectionCheck({
      url: signalUrl(),
      token: this.#token,
      devices: { microphone: this.devices.value, camera: this.devices.value },
      log: consoleLog("warn"),
      platform: browserPlatform(),
    });
    check.on("started", ({ id }) => (this.lines.value = [...this.lines.value, { id, result: undefined }]));
    check.on("finished", (result) => {
      this.lines.value = this.lines.value.map((line) => (line.id === result.id ? { id: result.id, result } : line));
    });
    const report = await check.run(controller.signal);
    this.#running = undefined;
    this.stopped.value = controller.signal.aborted;
    this.report.value = report;
  }
}
