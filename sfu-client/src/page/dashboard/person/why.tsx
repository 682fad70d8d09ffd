import { words } from "../../i18n/dashboard-words.js";
import { findingText, type Speech } from "../data/plain-words.js";
import type { Diagnosis } from "../data/types.js";

/** Why a call is bad: the verdict and its reasons, worst first, with numbers and what to do. */
export function Why({ diagnosis, speech }: { diagnosis: Diagnosis; speech: Speech }) {
  const t = words.value.why;
  const { verdict, seconds, poorSeconds, findings } = diagnosis;
  const { formats } = speech;
  return (
    <div class="desk-card why" data-verdict={verdict}>
      <h2>{t.title}</h2>
      <p class="verdict">
        <b>{t.verdicts[verdict]}</b>{" "}
        {poorSeconds > 0 && t.poor(formats.duration(poorSeconds), formats.duration(seconds))}
      </p>
      {findings.length === 0 && verdict !== "unknown" && <p class="muted-text">{t.nothing}</p>}
      <ol class="findings">
        {findings.map((finding) => {
          const { said, advice } = findingText(speech, finding);
          return (
            <li
              key={`${finding.cause} ${finding.participantId ?? ""} ${finding.theirs ?? ""}`}
              data-cause={finding.cause}
            >
              <span>
                {said} <span class="mark-text">{t.share(formats.percent(finding.sharePercent))}</span>
              </span>
              {advice !== "" && <span class="muted-text">{advice}</span>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
