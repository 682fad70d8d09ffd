import { flag } from "../design/flag.js";
import { texts } from "../i18n/language.js";

const BARS = [1, 2, 3, 4];
/** From this level on a bar is full. */
const FULL_FROM = [1, 2, 3, 5];

/** How good a connection is, 0 to 5, as bars; nothing before it was measured. */
export function QualityBars({ level }: { level: number | undefined }) {
  if (level === undefined) return null;
  const label = texts.value.tile.quality[level] ?? "";
  return (
    <span class="quality" role="img" aria-label={label} title={label} data-level={level}>
      {BARS.map((bar, index) => (
        <i key={bar} data-full={flag(level >= (FULL_FROM[index] ?? 5))} />
      ))}
    </span>
  );
}
