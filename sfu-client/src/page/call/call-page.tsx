import { useLayoutEffect } from "preact/hooks";
import { roomAddress } from "../app/address.js";
import { Icon } from "../design/icon.js";
import { texts } from "../i18n/language.js";
import { ChatPanel } from "../panels/chat-panel.js";
import { PeoplePanel } from "../panels/people-panel.js";
import { SettingsDialog } from "../panels/settings-dialog.js";
import { ShortcutsDialog } from "../panels/shortcuts-dialog.js";
import { Statistics } from "../stats/statistics.js";
import { Banner } from "./banner.js";
import { CallBar } from "./call-bar.js";
import type { Call } from "./call.js";
import { NoticeList } from "./notice-list.js";
import { PasswordDialog } from "./password-dialog.js";
import { listenToKeys } from "./shortcuts.js";
import { Sound } from "./sound.js";
import { Stage } from "./stage.js";
import { Toolbar } from "./toolbar.js";

export function CallPage({ call }: { call: Call }) {
  useLayoutEffect(() => listenToKeys(call), [call]);
  const panel = call.panel.value;
  const overlay = call.overlay.value;
  const question = call.door.question.value;
  const closed = () => (call.overlay.value = undefined);
  return (
    <section class="call" data-panel-open={panel}>
      <CallBar call={call} />
      <Banner call={call} />
      <div class="middle">
        <Stage stage={call.stage} />
        {panel === "chat" && <ChatPanel call={call} />}
        {panel === "people" && <PeoplePanel call={call} />}
        {call.statistics.value && <Statistics call={call} />}
      </div>
      <div class="above-toolbar">
        {call.controls.talking.value && <p class="talking">{texts.value.call.pushToTalk}</p>}
        <Alone call={call} />
        <Sound view={call.view} devices={call.mine.devices} />
      </div>
      <p class="spoken" role="log" aria-live="polite">
        {call.announcement.value(texts.value)}
      </p>
      <NoticeList notices={call.notices} />
      <Toolbar call={call} />
      {overlay === "settings" && <SettingsDialog call={call} closed={closed} />}
      {overlay === "shortcuts" && <ShortcutsDialog closed={closed} />}
      {question && <PasswordDialog key={question.room} door={call.door} question={question} />}
    </section>
  );
}

/** The way to invite somebody, while nobody is there. */
function Alone({ call: { view, notices } }: { call: Call }) {
  if (view.participants.value.length > 0 || !("clipboard" in navigator)) return null;
  const t = texts.value.call;
  const copy = () =>
    notices.attempt(async () => {
      await navigator.clipboard.writeText(roomAddress(view.name.value));
      notices.say(({ call }) => ({ title: call.linkCopied }));
    });
  return (
    <div class="invite">
      <span>{t.alone}</span>
      <button type="button" class="quiet" data-action="copy-link" onClick={() => void copy()}>
        <Icon name="link" />
        {t.copyLink}
      </button>
    </div>
  );
}
