import { words } from "../../i18n/dashboard-words.js";
import { causesOf, type Band } from "../data/chart-data.js";
import { blameText, type Speech } from "../data/plain-words.js";

/** What the coloured bands of charts mean. */
export function BandLegend({ bands, speech }: { bands: readonly Band[]; speech: Speech }) {
  const causes = causesOf(bands);
  if (causes.length === 0) return null;
  return (
    <ul class="chart-legend band-legend">
      <li>{words.value.participant.bands}</li>
      {causes.map(({ cause, kind }) => (
        <li key={cause}>
          <i class="swatch" data-band={kind} />
          {blameText(speech, cause)}
        </li>
      ))}
    </ul>
  );
}
