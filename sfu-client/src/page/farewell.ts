import type { SfuError } from "../sdk/index.js";
import { el } from "./dom.js";
import { durationText, messageFor } from "./messages.js";

/** The page after a call: why it ended, how long it was, and the way back. */
export function farewell(
  { error, durationMs, room }: { error: SfuError | undefined; durationMs: number; room: string },
  actions: { rejoin: () => void; home: () => void },
): HTMLElement {
  const { title, advice } = error ? messageFor(error) : { title: "You left the call", advice: "" };
  const rejoin = el("button", { class: "primary", type: "button", "data-action": "rejoin" }, "Rejoin");
  rejoin.addEventListener("click", actions.rejoin);
  const home = el("button", { class: "quiet", type: "button", "data-action": "home" }, "Back to start");
  home.addEventListener("click", actions.home);
  return el(
    "section",
    { class: "farewell" },
    el(
      "div",
      { class: "card narrow" },
      el("h1", {}, title),
      ...(advice === "" ? [] : [el("p", { role: "alert" }, advice)]),
      el("p", { class: "muted-text" }, `Room ${room} · ${durationText(durationMs)}`),
      el("div", { class: "row" }, rejoin, home),
    ),
  );
}
