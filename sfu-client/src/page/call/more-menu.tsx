import { useRef } from "preact/hooks";
import { Icon, type IconName } from "../design/icon.js";
import { IconButton } from "../design/icon-button.js";
import { narrow } from "../design/narrow.js";
import { texts } from "../i18n/language.js";
import type { Call } from "./call.js";
import { toggleFullScreen, togglePictureInPicture } from "./screen-modes.js";
import { canShare, controlLabel } from "./toolbar.js";

/** What is needed less often. The browser closes it with Escape and with a click elsewhere. */
export function MoreMenu({ call }: { call: Call }) {
  const { stage, controls, notices } = call;
  const menu = useRef<HTMLDivElement>(null);
  const t = texts.value;
  const item = (action: string, icon: IconName, label: string, run: () => void, pressed?: boolean) => (
    <button
      type="button"
      class="menu-item"
      data-action={action}
      aria-pressed={pressed}
      onClick={() => {
        menu.current?.hidePopover();
        run();
      }}
    >
      <Icon name={icon} />
      {label}
    </button>
  );
  const grid = stage.mode.value === "grid";
  return (
    <>
      <IconButton
        action="more"
        class="tool"
        icon="more"
        label={t.call.more}
        run={() => menu.current?.togglePopover()}
      />
      <div ref={menu} class="menu" popover="auto" role="group" aria-label={t.call.more}>
        {canShare() &&
          call.view.may("publish.screen") &&
          narrow.value &&
          item(
            "screen",
            "screen",
            controlLabel("screen", controls.isOn("screen")),
            () => void controls.toggle("screen"),
          )}
        {item("view", grid ? "speaker" : "grid", grid ? t.call.speakerView : t.call.gridView, () => stage.switchMode())}
        {stage.focused.value >= 0 &&
          item("strip", "strip", stage.stripHidden.value ? t.call.showStrip : t.call.hideStrip, () => {
            stage.stripHidden.value = !stage.stripHidden.value;
          })}
        {item(
          "audio-only",
          "audioOnly",
          stage.audioOnly.value ? t.call.audioOnlyOff : t.call.audioOnly,
          () => call.toggleAudioOnly(),
          stage.audioOnly.value,
        )}
        {item(
          "deafen",
          "deaf",
          stage.deafened.value ? t.call.undeafen : t.call.deafen,
          () => {
            stage.deafened.value = !stage.deafened.value;
          },
          stage.deafened.value,
        )}
        {document.pictureInPictureEnabled &&
          item("pip", "pip", t.call.pip, () => void notices.attempt(togglePictureInPicture))}
        {document.fullscreenEnabled &&
          item("full-screen", "fullScreen", t.call.fullScreen, () => void notices.attempt(toggleFullScreen))}
        {item("statistics", "statistics", t.call.statistics, () => {
          call.statistics.value = !call.statistics.value;
        })}
        {item("settings", "settings", t.settings, () => (call.overlay.value = "settings"))}
        {item("shortcuts", "keyboard", t.call.shortcuts, () => (call.overlay.value = "shortcuts"))}
      </div>
    </>
  );
}
