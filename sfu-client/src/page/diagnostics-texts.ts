import type { CheckReport } from "../sdk/check.js";

export const DIAGNOSTICS = {
  title: "Connection check",
  running: "Checking…",
  runningAdvice: "This takes about half a minute. Keep this page in view.",
  again: "Run again",
  stop: "Stop",
  save: "Save report",
  devices: "Also try microphone and camera (your browser asks you first)",
  privacy: "Nothing is recorded. The report holds no addresses, no names and no invitation.",
  back: "Back to calls",
} as const;

/** Signs beside the words, so that colour is never all there is. */
export const VERDICTS = {
  running: { sign: "…", word: "Checking" },
  ok: { sign: "✓", word: "Works" },
  warning: { sign: "!", word: "Could be better" },
  failed: { sign: "✕", word: "Does not work" },
  skipped: { sign: "–", word: "Not tried" },
} as const;

/** The whole in a sentence. */
export function summary({ verdict, checks }: CheckReport, stopped: boolean): { title: string; text: string } {
  if (stopped) return { title: "Stopped", text: "What was found until then is below." };
  switch (verdict) {
    case "ok":
      return { title: "Calls work here", text: "If one was bad all the same, run this again while it is." };
    case "warning":
      return { title: "Calls work here, with limits", text: `What could be better: ${wrong(checks)}.` };
    case "failed":
      return {
        title: "Calls do not work here",
        text: `What does not work: ${wrong(checks)}. The cause and what to do are below; the report is for support.`,
      };
  }
}

/** The titles of what is marked in the list, which may not be in sight. */
function wrong(checks: CheckReport["checks"]): string {
  const marked = checks.filter(({ verdict }) => verdict === "failed" || verdict === "warning");
  return marked.map(({ title }) => title).join(", ");
}

const LABELS: Readonly<Record<string, string>> = {
  webSocket: "WebSocket",
  peerConnection: "WebRTC",
  secureContext: "Secure page",
  getUserMedia: "Access to devices",
  microphones: "Microphones",
  cameras: "Cameras",
  speakers: "Speakers",
  cameraWidth: "Picture's width",
  cameraHeight: "Picture's height",
  connectMs: "Time to connect",
  roundTripMs: "Round trip",
  offsetMs: "Difference to the server",
  path: "Way",
  localType: "Address on this side",
  remoteType: "Address on the server's side",
  sentKbps: "Sent",
  receivedKbps: "Came back",
  lossPercent: "Loss",
  jitterMs: "Jitter",
  fps: "Pictures a second",
  code: "Error",
  relays: "Server names relays",
  durationMs: "Time taken",
};
const UNITS: readonly (readonly [suffix: string, unit: string])[] = [
  ["Ms", " ms"],
  ["Kbps", " kbit/s"],
  ["Percent", " %"],
  ["Width", " px"],
  ["Height", " px"],
];

/** One measured value in words; a name without a label is shown as it is. */
export function detailText(name: string, value: string | number | boolean): { label: string; text: string } {
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix))?.[1] ?? "";
  const text = typeof value === "boolean" ? (value ? "yes" : "no") : `${value}${unit}`;
  return { label: LABELS[name] ?? name, text };
}

/** The file's name, as `parley-check-2026-01-02T03-04.json`: no colon, which Windows refuses. */
export function reportName({ startedAt }: CheckReport): string {
  return `parley-check-${startedAt.slice(0, 16).replace(":", "-")}.json`;
}
