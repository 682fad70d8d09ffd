import { browserPlatform, ConnectionCheck, consoleLog, type CheckReport } from "../sdk/check.js";
import { readInvitation, signalUrl } from "./address.js";
import { CheckList } from "./check-list.js";
import { DIAGNOSTICS, reportName, summary, VERDICTS } from "./diagnostics-texts.js";
import { el } from "./dom.js";

declare global {
  interface Window {
    /** For tests: the last report; `undefined` while a check runs. */
    parleyCheck: { report: CheckReport | undefined };
  }
}

const { token } = readInvitation();
const log = consoleLog("warn");
const list = new CheckList();
const heading = el("h2", { class: "check-summary", role: "status" });
/** For those who do not see the list grow. */
const spoken = el("p", { class: "spoken", "aria-live": "polite" });
const advice = el("p", { class: "muted-text" });
const devices = el("input", { type: "checkbox", id: "devices", "data-action": "devices" });
const run = el("button", { class: "primary", type: "button", "data-action": "run" });
const save = el("button", { class: "quiet", type: "button", "data-action": "save" }, DIAGNOSTICS.save);
let running: AbortController | undefined;

/** Runs all checks, or stops those that run. */
async function toggle(): Promise<void> {
  if (running) {
    running.abort();
    return;
  }
  const controller = new AbortController();
  running = controller;
  window.parleyCheck.report = undefined;
  document.body.dataset["state"] = "running";
  heading.textContent = DIAGNOSTICS.running;
  heading.removeAttribute("data-verdict");
  advice.textContent = DIAGNOSTICS.runningAdvice;
  run.textContent = DIAGNOSTICS.stop;
  save.disabled = true;
  devices.disabled = true;
  list.clear();
  const check = new ConnectionCheck({
    url: signalUrl(),
    token,
    devices: { microphone: devices.checked, camera: devices.checked },
    log,
    platform: browserPlatform(),
  });
  check.on("started", ({ id, title }) => list.started(id, title));
  check.on("finished", (result) => {
    list.finished(result);
    spoken.textContent = `${result.title}: ${VERDICTS[result.verdict].word}`;
  });
  const report = await check.run(controller.signal);
  const { title, text } = summary(report, controller.signal.aborted);
  window.parleyCheck.report = report;
  running = undefined;
  heading.textContent = title;
  if (!controller.signal.aborted) heading.dataset["verdict"] = report.verdict;
  advice.textContent = text;
  run.textContent = DIAGNOSTICS.again;
  save.disabled = false;
  devices.disabled = false;
  document.body.dataset["state"] = "done";
}

function saveReport(): void {
  const { report } = window.parleyCheck;
  if (!report) return;
  const address = URL.createObjectURL(new Blob([JSON.stringify(report, undefined, 2)], { type: "application/json" }));
  el("a", { href: address, download: reportName(report) }).click();
  // The download has its own hold on the contents once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

window.parleyCheck = { report: undefined };
run.addEventListener("click", () => void toggle());
save.addEventListener("click", saveReport);
document
  .querySelector("#app")
  ?.append(
    el(
      "section",
      { class: "check-page" },
      el("header", { class: "brand" }, el("span", { class: "brand-mark", "aria-hidden": "true" }), "Parley"),
      el(
        "div",
        { class: "card check-card" },
        el("h1", {}, DIAGNOSTICS.title),
        el("div", { class: "check-head" }, heading, advice),
        el("div", { class: "row" }, run, save),
        el("label", { class: "check-devices", for: "devices" }, devices, DIAGNOSTICS.devices),
        spoken,
        list.element,
      ),
      el("p", { class: "muted-text check-foot" }, DIAGNOSTICS.privacy, " ", el("a", { href: "./" }, DIAGNOSTICS.back)),
    ),
  );
void toggle();
