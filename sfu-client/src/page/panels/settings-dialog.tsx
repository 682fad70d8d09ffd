import type { Call } from "../call/call.js";
import { Dialog } from "../design/dialog.js";
import { LanguageSelect } from "../i18n/language-select.js";
import { texts } from "../i18n/language.js";

export function SettingsDialog({ closed }: { call: Call; closed: () => void }) {
  const t = texts.value;
  return (
    <Dialog name="settings" title={t.settings} closed={closed}>
      <div class="field">
        <span class="label">{t.languageLabel}</span>
        <LanguageSelect />
      </div>
    </Dialog>
  );
}
