import { flag } from "../../design/flag.js";
import { words } from "../../i18n/dashboard-words.js";

const BARS = [1, 2, 3, 4];
/** From this level on a bar is full. */
const FULL_FROM = [1, 2, 3, 5];

export interface LevelProps {
  readonly level: number | undefined;
  /** Says it beside the bars. */
  readonly worded?: boolean;
}

/** How good a connection is, 0 to 5, as bars; a dash before it was measured. */
export function Level({ level, worded = false }: LevelProps) {
  if (level === undefined || level < 0) return <>{words.value.none}</>;
  const label = words.value.levels[Math.round(level)] ?? "";
  const bars = (
    <span
      class="level"
      {...(worded ? { "aria-hidden": "true" } : { role: "img", "aria-label": label, title: label })}
      data-level={Math.round(level)}
    >
      {BARS.map((bar, index) => (
        <i key={bar} data-full={flag(Math.round(level) >= (FULL_FROM[index] ?? 5))} />
      ))}
    </span>
  );
  if (!worded) return bars;
  return (
    <>
      {bars} {label}
    </>
  );
}
