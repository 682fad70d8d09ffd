import { useState } from "preact/hooks";
import { playTone, type Device, type DeviceKind } from "../../sdk/index.js";
import { Icon } from "../design/icon.js";
import { texts } from "../i18n/language.js";
import type { MyDevices } from "./my-devices.js";

export interface DevicePickersProps {
  readonly mine: MyDevices;
  readonly choose: (kind: DeviceKind, deviceId: string | undefined) => void;
  readonly disabled?: boolean;
}

/** Some browsers leave the speaker to the system. */
const hasSpeakers = "setSinkId" in HTMLMediaElement.prototype;

/** Which microphone, camera and speaker. */
export function DevicePickers({ mine, choose, disabled = false }: DevicePickersProps) {
  const { microphones, cameras, speakers } = mine.list.value;
  const picker = (kind: DeviceKind, devices: readonly Device[]) => (
    <Picker kind={kind} devices={devices} mine={mine} choose={choose} disabled={disabled} />
  );
  return (
    <div class="device-pickers">
      {picker("microphone", microphones)}
      {picker("camera", cameras)}
      <div class="speaker-line">
        {hasSpeakers && picker("speaker", speakers)}
        <SpeakerTest mine={mine} />
      </div>
    </div>
  );
}

function Picker({
  kind,
  devices,
  mine,
  choose,
  disabled,
}: DevicePickersProps & { kind: DeviceKind; devices: readonly Device[] }) {
  const t = texts.value.devices;
  const known = devices.filter(({ deviceId }) => deviceId !== "");
  const chosen = mine.chosen.value[kind] ?? "";
  return (
    <label class="field">
      <span class="label">{t[kind]}</span>
      <select
        data-device={kind}
        disabled={disabled === true || devices.length === 0}
        // A device that is not plugged in now stays chosen, and the system's is used meanwhile.
        value={known.some(({ deviceId }) => deviceId === chosen) ? chosen : ""}
        onChange={({ currentTarget: { value } }) => choose(kind, value === "" ? undefined : value)}
      >
        <option value="">{devices.length === 0 ? t.none : t.systemDefault}</option>
        {known.map(({ deviceId, label }, index) => (
          <option key={deviceId} value={deviceId}>
            {label === "" ? t.unnamed(index + 1) : label}
          </option>
        ))}
      </select>
    </label>
  );
}

function SpeakerTest({ mine }: { mine: MyDevices }) {
  const [playing, setPlaying] = useState(false);
  const t = texts.value.devices;
  const play = async () => {
    setPlaying(true);
    // A speaker that is gone by now: the tone is what tells, or does not.
    await playTone({ deviceId: mine.chosen.value.speaker }).catch(() => undefined);
    setPlaying(false);
  };
  return (
    <button
      type="button"
      class="quiet speaker-test"
      data-action="test-speaker"
      aria-label={`${t.test}: ${t.speaker}`}
      aria-pressed={playing}
      disabled={playing}
      onClick={() => void play()}
    >
      <Icon name="sound" />
      {t.test}
    </button>
  );
}
