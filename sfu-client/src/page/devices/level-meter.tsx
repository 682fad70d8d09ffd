import { useEffect, useRef } from "preact/hooks";
import { watchLevel } from "../../sdk/index.js";
import { texts } from "../i18n/language.js";

/** How loud a microphone is, ten times a second; nothing moves without one. */
export function LevelMeter({ track }: { track: MediaStreamTrack | undefined }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const show = (level: number) => {
      const { current } = bar;
      if (!current) return;
      const percent = Math.round(level * 100);
      current.style.setProperty("--level", `${percent}%`);
      current.setAttribute("aria-valuenow", String(percent));
    };
    show(0);
    return track && watchLevel(track, show);
  }, [track]);
  return (
    <div
      ref={bar}
      class="level"
      role="meter"
      aria-label={texts.value.devices.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={0}
    />
  );
}
