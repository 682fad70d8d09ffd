import type { DeviceSource } from "../../sdk/index.js";
import { IconButton } from "../design/icon-button.js";
import { narrow } from "../design/narrow.js";
import { texts } from "../i18n/language.js";
import type { Call, Panel } from "./call.js";
import { MoreMenu } from "./more-menu.js";
import { CONTROL_KEYS } from "./shortcuts.js";

const ICONS = {
  microphone: { on: "microphone", off: "microphoneOff" },
  camera: { on: "camera", off: "cameraOff" },
  screen: { on: "screenStop", off: "screen" },
} as const;

/** Phones cannot share their screen from a browser: no button that only ever fails. */
export const canShare = () => !isSecureContext || "getDisplayMedia" in navigator.mediaDevices;

export function Toolbar({ call }: { call: Call }) {
  const { view, controls } = call;
  const t = texts.value.call;
  return (
    <nav class="toolbar" aria-label={t.controls}>
      <ControlButton call={call} control="microphone" />
      <ControlButton call={call} control="camera" />
      {canShare() && !narrow.value && <ControlButton call={call} control="screen" />}
      <IconButton
        action="hand"
        class="tool"
        icon="hand"
        label={controls.handUp.value ? t.lowerHand : t.raiseHand}
        pressed={controls.handUp.value}
        shortcut="R"
        run={() => void controls.raiseHand()}
      />
      <PanelButton call={call} panel="chat" count={call.unread.value} />
      <PanelButton call={call} panel="people" count={view.moderates.value ? view.queue.value.length : 0} />
      <MoreMenu call={call} />
      <IconButton action="leave" class="tool leave" icon="leave" label={t.leave} run={() => view.room.leave()} />
    </nav>
  );
}

export function controlLabel(control: DeviceSource, on: boolean): string {
  const t = texts.value.call;
  if (control === "screen") return on ? t.stopSharing : t.share;
  if (control === "camera") return on ? t.cameraOff : t.cameraOn;
  return on ? t.microphoneOff : t.microphoneOn;
}

function ControlButton({ call: { controls, view }, control }: { call: Call; control: DeviceSource }) {
  if (!view.may(`publish.${control}`)) return null;
  const on = controls.isOn(control);
  return (
    <IconButton
      action={control}
      class="tool"
      icon={ICONS[control][on ? "on" : "off"]}
      label={controlLabel(control, on)}
      pressed={on}
      shortcut={CONTROL_KEYS[control]}
      run={() => void controls.toggle(control)}
    />
  );
}

function PanelButton({ call, panel, count }: { call: Call; panel: Panel; count: number }) {
  const { chat, people } = texts.value;
  const words = panel === "chat" ? { ...chat, some: chat.unread } : { ...people, some: people.waitingCount };
  const shown = call.panel.value === panel;
  return (
    <IconButton
      action={panel}
      class="tool"
      icon={panel}
      label={shown ? words.hide : count === 0 ? words.show : words.some(count)}
      pressed={shown}
      shortcut={panel === "chat" ? "C" : "P"}
      run={() => call.togglePanel(panel)}
    >
      {count > 0 && !shown && (
        <span class="badge" aria-hidden="true">
          {count}
        </span>
      )}
    </IconButton>
  );
}
