import { wordCheck } from "../../../sdk/check.js";
import { CHECK_WORDS } from "../../i18n/check-words.js";
import { words } from "../../i18n/dashboard-words.js";
import { language } from "../../i18n/language.js";
import { checkIn, type SentCheck } from "../data/sent-check.js";
import { wordFor } from "../data/word-for.js";
import { formats, useDesk } from "../parts/context.js";
import { Link } from "../parts/link.js";
import { Loading, Trouble } from "../parts/trouble.js";
import { usePolled } from "../parts/use-polled.js";
import { NO_FILTER } from "../routes.js";

/** A report does not change. */
const EVERY_MS = 600_000;

/** A report of the connection check that somebody sent, as it was shown there. */
export function ReportPage({ report }: { report: string }) {
  const { api } = useDesk();
  const { data, error } = usePolled(`report ${report}`, (signal) => api.report(report, signal), EVERY_MS);
  const t = words.value.history;
  const check = checkIn(data);
  return (
    <section class="desk-page" data-page="report">
      <p>
        <Link to={{ page: "history", list: "reports", filter: NO_FILTER }} class="back">
          {t.lists.reports}
        </Link>
      </p>
      <h1>{t.report}</h1>
      <Trouble error={error} stale={data !== undefined} />
      {data === undefined && !error && <Loading />}
      {check && <Checks check={check} />}
      {data !== undefined && (
        <details class="desk-card" open={!check}>
          <summary>{t.wholeReport}</summary>
          <pre class="whole-report">{JSON.stringify(data, undefined, 2)}</pre>
        </details>
      )}
    </section>
  );
}

function Checks({ check }: { check: SentCheck }) {
  const t = words.value.history;
  const own = CHECK_WORDS[language.value];
  return (
    <div class="desk-card">
      {check.startedAt !== undefined && <p>{formats.value.dateTime(check.startedAt)}</p>}
      <ol class="findings">
        {check.checks.map(({ id, verdict, reasons, details }, index) => {
          const { cause, advice } = wordCheck(own.reasons, reasons, details);
          return (
            <li key={index} data-check={id}>
              <span>
                <b>{wordFor(own.titles, id) ?? id}</b>{" "}
                <span class="mark-text" data-check-verdict={verdict}>
                  {wordFor(t.works, verdict) ?? verdict}
                </span>
              </span>
              {cause !== undefined && <span>{cause}</span>}
              {advice !== undefined && <span class="muted-text">{advice}</span>}
            </li>
          );
        })}
      </ol>
    </div>
  );
}
