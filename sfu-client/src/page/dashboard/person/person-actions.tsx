import { useState } from "preact/hooks";
import { SureButton } from "../../panels/sure-button.js";
import { words } from "../../i18n/dashboard-words.js";
import type { Participant } from "../data/types.js";
import { answer, AskDialog } from "../parts/ask-dialog.js";
import { useDesk } from "../parts/context.js";
import { saveFile } from "../parts/save-file.js";

const BAN_MIN = [5, 30];
const HOUR_SEC = 3600;
const DAY_SEC = 86_400;

export interface PersonActionsProps {
  readonly room: string;
  readonly person: Participant;
  readonly changed: () => void;
}

/** What an operator can do to one person. */
export function PersonActions({ room, person, changed }: PersonActionsProps) {
  const { api, notices } = useDesk();
  const [asked, setAsked] = useState<"kick" | "move" | "capture">();
  const t = words.value.participant;
  const { participantId: id, displayName } = person;
  const run = (action: Promise<void>) => void notices.attempt(action, changed);
  const capture = async (sec: number) => saveFile(`parley-${room}-${id}.pcap`, await api.capture(room, id, sec));
  const closed = () => setAsked(undefined);
  return (
    <div class="row desk-actions">
      <button type="button" class="quiet" data-action="mute" onClick={() => run(api.mute(room, id, "microphone"))}>
        {t.mute}
      </button>
      <SureButton action="to-queue" text={t.toQueue} sure={t.toQueueSure} run={() => run(api.toQueue(room, id))} />
      <button type="button" class="quiet" data-action="move" onClick={() => setAsked("move")}>
        {t.move}
      </button>
      <button type="button" class="quiet danger" data-action="kick" onClick={() => setAsked("kick")}>
        {t.kick}
      </button>
      <button type="button" class="quiet" data-action="capture" onClick={() => setAsked("capture")}>
        {t.capture}
      </button>
      {asked === "capture" && (
        <AskDialog
          name="capture"
          title={t.captureTitle(displayName)}
          action={t.capture}
          closed={closed}
          run={(answers) => void notices.attempt(capture(Number(answer(answers, "sec"))))}
        >
          <p class="dialog-text">{t.captureText}</p>
          <label class="field">
            <span class="label">{t.captureSec}</span>
            <input name="sec" type="number" min={1} max={60} required defaultValue="10" />
          </label>
        </AskDialog>
      )}
      {asked === "kick" && (
        <AskDialog
          name="kick"
          title={t.kickTitle(displayName)}
          action={t.kick}
          danger
          closed={closed}
          run={(answers) => run(api.kick(room, id, Number(answer(answers, "ban")), answer(answers, "reason")))}
        >
          <label class="field">
            <span class="label">{t.ban}</span>
            <select name="ban">
              <option value="0">{t.banNone}</option>
              {BAN_MIN.map((minutes) => (
                <option key={minutes} value={minutes * 60}>
                  {t.banFor(minutes)}
                </option>
              ))}
              <option value={HOUR_SEC}>{t.banHour}</option>
              <option value={DAY_SEC}>{t.banDay}</option>
            </select>
          </label>
          <label class="field">
            <span class="label">{words.value.room.reason}</span>
            <input name="reason" maxLength={200} autocomplete="off" />
          </label>
        </AskDialog>
      )}
      {asked === "move" && (
        <AskDialog
          name="move"
          title={t.moveTitle(displayName)}
          action={t.move}
          closed={closed}
          run={(answers) => run(api.move(room, id, answer(answers, "room")))}
        >
          <label class="field">
            <span class="label">{t.moveTo}</span>
            <input name="room" required pattern="[A-Za-z0-9_.\-]{1,64}" title={words.value.rooms.nameHint} />
          </label>
        </AskDialog>
      )}
    </div>
  );
}
