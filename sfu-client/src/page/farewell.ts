import type { SfuError } from "../sdk/index.js";
import { checkLink } from "./check-link.js";
import { el } from "./dom.js";
import { durationText, messageFor, TEXTS, type Message } from "./messages.js";

/** The page after a call: why it ended, how long it was, and the way back. */
export function farewell(
  { error, durationMs, room }: { error: SfuError | undefined; durationMs: number | undefined; room: string },
  actions: { rejoin: () => void; home: () => void },
): HTMLElement {
  const leftByOneself = durationMs === undefined ? TEXTS.waitingRoom.left : "You left the call";
  const message: Message = error ? messageFor(error) : { title: leftByOneself, advice: "" };
  const { title, advice } = message;
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
      ...checkLink(message),
      ...(error?.text === undefined ? [] : [el("blockquote", { class: "words" }, error.text)]),
      el(
        "p",
        { class: "muted-text" },
        durationMs === undefined ? `Room ${room}` : `Room ${room} · ${durationText(durationMs)}`,
      ),
      el("div", { class: "row" }, rejoin, home),
    ),
  );
}
