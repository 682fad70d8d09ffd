import type { Call } from "../call/call.js";
import { DevicePickers } from "../devices/device-pickers.js";
import { LevelMeter } from "../devices/level-meter.js";
import { Dialog } from "../design/dialog.js";
import { LanguageSelect } from "../i18n/language-select.js";
import { texts } from "../i18n/language.js";

/** Devices and language; what is chosen is in use at once. */
export function SettingsDialog({ call, closed }: { call: Call; closed: () => void }) {
  const t = texts.value;
  return (
    <Dialog name="settings" title={t.settings} closed={closed}>
      <DevicePickers mine={call.mine} choose={(kind, deviceId) => void call.controls.chooseDevice(kind, deviceId)} />
      <div class="field">
        <span class="label">{t.devices.level}</span>
        <LevelMeter track={call.view.publication("microphone")?.track} />
      </div>
      <div class="field">
        <span class="label">{t.languageLabel}</span>
        <LanguageSelect />
      </div>
    </Dialog>
  );
}
