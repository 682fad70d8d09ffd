import { tinykeys, type KeyBindingMap } from "tinykeys";
import type { Call } from "./call.js";
import { toggleFullScreen } from "./screen-modes.js";

/** As Jitsi's users know them. */
export const CONTROL_KEYS = { microphone: "M", camera: "V", screen: "D" } as const;

/** Whoever writes means letters, and a dialog has keys of its own. */
function isElsewhere({ target, repeat }: KeyboardEvent): boolean {
  if (repeat || document.querySelector("dialog[open]")) return true;
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Buttons and links take the space bar for themselves. */
function takesSpace({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest("button, a, summary, [tabindex='0']") !== null;
}

/**
 * The keys of a call, by their place on the keyboard: they are the same ones with Cyrillic letters on them.
 *
 * @returns the way to stop
 */
export function listenToKeys(call: Call): () => void {
  const { controls, stage } = call;
  const run = (action: () => void) => (event: KeyboardEvent) => {
    if (isElsewhere(event)) return;
    event.preventDefault();
    action();
  };
  const keys: KeyBindingMap = {
    KeyM: run(() => void controls.toggle("microphone")),
    KeyV: run(() => void controls.toggle("camera")),
    KeyD: run(() => void controls.toggle("screen")),
    KeyC: run(() => call.togglePanel("chat")),
    KeyP: run(() => call.togglePanel("people")),
    KeyR: run(() => void controls.raiseHand()),
    KeyW: run(() => stage.switchMode()),
    KeyF: run(() => (stage.stripHidden.value = !stage.stripHidden.value)),
    KeyS: run(() => void call.notices.attempt(toggleFullScreen)),
    KeyT: run(() => (call.statistics.value = !call.statistics.value)),
    PageUp: run(() => stage.turnPage(-1)),
    PageDown: run(() => stage.turnPage(1)),
    "Shift+?": run(() => (call.overlay.value = "shortcuts")),
    "?": run(() => (call.overlay.value = "shortcuts")),
    Space: (event) => {
      if (isElsewhere(event) || takesSpace(event)) return;
      event.preventDefault();
      controls.talk(true);
    },
  };
  for (let number = 1; number <= 9; number++) keys[`Digit${number}`] = run(() => stage.pinNumber(number));
  const silent = () => controls.talk(false);
  const stops = [
    tinykeys(window, keys),
    tinykeys(window, { Space: silent }, { event: "keyup" }),
    () => window.removeEventListener("blur", silent),
  ];
  // A key that is let go of in another window is not heard here.
  window.addEventListener("blur", silent);
  return () => {
    for (const stop of stops) stop();
  };
}
