import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { flag } from "../../design/flag.js";
import { words } from "../../i18n/dashboard-words.js";
import { ApiError, isAbort } from "../data/api-error.js";
import { historyQuery } from "../data/history-query.js";
import type { Exported, HistoryQuery, OperatorApi } from "../data/operator-api.js";
import type { AuditEntry, Page, QueueWait, ReportEntry, PastEvent, RoomSession, Visit } from "../data/types.js";
import { wordFor } from "../data/word-for.js";
import { answer } from "../parts/ask-dialog.js";
import { formats, useDesk } from "../parts/context.js";
import { Level } from "../parts/level.js";
import { Link } from "../parts/link.js";
import { saveFile } from "../parts/save-file.js";
import { Table, type Column } from "../parts/table.js";
import { Loading, Trouble } from "../parts/trouble.js";
import { detailsText } from "../room/event-log.js";
import { addressOf, carriedOver, HISTORY_LISTS, NO_FILTER, type Filter, type HistoryList } from "../routes.js";

/** What has been: lists to look through, to narrow, and to save. */
export function HistoryPage({ list, filter }: { list: HistoryList; filter: Filter }) {
  const t = words.value.history;
  return (
    <section class="desk-page" data-page="history">
      <h1>{t.title}</h1>
      <nav class="tabs" aria-label={t.title}>
        {HISTORY_LISTS.map((name) => (
          <span key={name} class="nav-link" data-here={flag(name === list)}>
            <Link to={{ page: "history", list: name, filter: carriedOver(filter, list, name) }}>{t.lists[name]}</Link>
          </span>
        ))}
      </nav>
      {list !== "reports" && (
        <FilterForm key={addressOf({ page: "history", list, filter })} list={list} filter={filter} />
      )}
      <Past list={list} filter={filter} />
    </section>
  );
}

/** Which fields narrow which list. */
const FIELDS: Readonly<Record<HistoryList, readonly ("room" | "identity")[]>> = {
  visits: ["room", "identity"],
  rooms: ["room"],
  events: ["room"],
  audit: ["identity"],
  queue: ["room", "identity"],
  reports: [],
};

function FilterForm({ list, filter }: { list: HistoryList; filter: Filter }) {
  const t = words.value.history;
  const go = (to: Filter) => (location.hash = addressOf({ page: "history", list, filter: to }));
  const fields = FIELDS[list];
  return (
    <form
      class="filter"
      onSubmit={(event) => {
        event.preventDefault();
        const answers = new FormData(event.currentTarget);
        go({
          room: answer(answers, "room"),
          identity: answer(answers, "identity"),
          since: answer(answers, "since"),
          until: answer(answers, "until"),
        });
      }}
    >
      {fields.map((name) => (
        <label key={name} class="field">
          <span class="label">{name === "room" ? t.room : list === "audit" ? t.by : t.person}</span>
          <input name={name} defaultValue={filter[name]} maxLength={128} autocomplete="off" />
        </label>
      ))}
      {(["since", "until"] as const).map((name) => (
        <label key={name} class="field">
          <span class="label">{t[name]}</span>
          <input name={name} type="datetime-local" defaultValue={filter[name]} />
        </label>
      ))}
      <div class="row">
        <button type="submit" class="primary" data-action="filter">
          {t.filter}
        </button>
        {Object.values(filter).some((value) => value !== "") && (
          <button type="button" class="quiet" data-action="clear-filter" onClick={() => go(NO_FILTER)}>
            {t.clear}
          </button>
        )}
        {list !== "reports" && (
          <>
            <ExportButton list={list} filter={filter} format="csv" />
            <ExportButton list={list} filter={filter} format="json" />
          </>
        )}
      </div>
    </form>
  );
}

function ExportButton({ list, filter, format }: { list: Exported; filter: Filter; format: "csv" | "json" }) {
  const { api, notices } = useDesk();
  const save = async () =>
    saveFile(`parley-${list}.${format}`, await api.exported(list, format, queryFor(list, filter)));
  return (
    <button type="button" class="quiet" data-action={`export-${format}`} onClick={() => void notices.attempt(save())}>
      {words.value.history.export(format.toUpperCase())}
    </button>
  );
}

/** Only what narrows this list: the address may still have a word for another one. */
function queryFor(list: HistoryList, filter: Filter): HistoryQuery {
  const { since, until, ...named } = historyQuery(filter);
  const fields = FIELDS[list];
  const own = list === "audit" ? { by: named.identity } : { identity: named.identity };
  return {
    since,
    until,
    ...(fields.includes("room") && { room: named.room }),
    ...(fields.includes("identity") && own),
  };
}

function Past({ list, filter }: { list: HistoryList; filter: Filter }) {
  const f = formats.value;
  const { history: t, none, events } = words.value;
  const time = (at: string | null | undefined, without = none) => (at ? f.dateTime(at) : without);
  const key = addressOf({ page: "history", list, filter });
  switch (list) {
    case "visits":
      return (
        <Listed<Visit>
          key={key}
          title={t.lists.visits}
          load={(api, cursor, signal) => api.visits(queryFor(list, filter), cursor, signal)}
          keyOf={({ visitId }) => visitId}
          columns={[
            {
              ...{ name: "person", title: t.person },
              cell: ({ visitId, displayName }) => (
                <Link to={{ page: "visit", visit: visitId }} class="name">
                  {displayName}
                </Link>
              ),
            },
            { name: "room", title: t.room, cell: ({ room }) => <span class="name">{room}</span> },
            { name: "joined", title: t.joined, cell: ({ joinedAt }) => time(joinedAt) },
            { name: "lasted", title: t.lasted, cell: ({ durationSec }) => f.duration(durationSec) },
            { name: "verdict", title: t.verdict, cell: ({ verdict }) => <VerdictMark verdict={verdict} /> },
            { name: "left", title: t.left, cell: (visit) => leftText(visit) },
          ]}
        />
      );
    case "rooms":
      return (
        <Listed<RoomSession>
          key={key}
          title={t.lists.rooms}
          load={(api, cursor, signal) => api.roomSessions(queryFor(list, filter), cursor, signal)}
          keyOf={({ roomId }) => roomId}
          columns={[
            {
              ...{ name: "room", title: t.room },
              cell: ({ room, openedAt }) => (
                <Link to={{ page: "history", list: "visits", filter: { ...NO_FILTER, room } }} class="name">
                  <span data-opened={openedAt}>{room}</span>
                </Link>
              ),
            },
            { name: "opened", title: t.opened, cell: ({ openedAt }) => time(openedAt) },
            { name: "closed", title: t.closed, cell: ({ closedAt }) => time(closedAt, t.stillOpen) },
            { name: "visits", title: t.visitCount, cell: ({ visits }) => visits },
            { name: "peak", title: t.peak, cell: ({ peakParticipants }) => peakParticipants },
            { name: "level", title: t.level, cell: ({ levelMean }) => <Level level={levelMean ?? undefined} /> },
          ]}
        />
      );
    case "events":
      return (
        <Listed<PastEvent>
          key={key}
          title={t.lists.events}
          load={(api, cursor, signal) => api.pastEvents(queryFor(list, filter), cursor, signal)}
          keyOf={(event) => `${event.at} ${event.roomId} ${event.type} ${detailsText(event)}`}
          columns={[
            { name: "at", title: t.at, cell: ({ at }) => time(at) },
            { name: "room", title: t.room, cell: ({ room }) => <span class="name">{room}</span> },
            { name: "what", title: t.what, cell: ({ type }) => wordFor(events, type) ?? type },
            { name: "details", title: t.details, cell: (event) => detailsText(event) || none },
          ]}
        />
      );
    case "audit":
      return (
        <Listed<AuditEntry>
          key={key}
          title={t.lists.audit}
          load={(api, cursor, signal) => api.audit(queryFor(list, filter), cursor, signal)}
          keyOf={({ at, by, on, operation }) => `${at} ${by} ${operation} ${on}`}
          columns={[
            { name: "at", title: t.at, cell: ({ at }) => time(at) },
            { name: "by", title: t.by, cell: ({ by }) => by },
            { name: "what", title: t.what, cell: ({ operation }) => operation },
            { name: "on", title: t.on, cell: ({ on }) => on },
            { name: "outcome", title: t.outcome, cell: ({ status, outcome }) => `${status} ${outcome}` },
          ]}
        />
      );
    case "queue":
      return (
        <Listed<QueueWait>
          key={key}
          title={t.lists.queue}
          load={(api, cursor, signal) => api.waits(queryFor(list, filter), cursor, signal)}
          keyOf={({ ticketId, joinedAt }) => `${ticketId} ${joinedAt}`}
          columns={[
            { name: "at", title: t.at, cell: ({ joinedAt }) => time(joinedAt) },
            { name: "room", title: t.room, cell: ({ room }) => <span class="name">{room}</span> },
            { name: "person", title: t.person, cell: ({ identity }) => <span class="name">{identity}</span> },
            { name: "waited", title: t.waited, cell: ({ waitedSec }) => f.duration(waitedSec) },
            { name: "outcome", title: t.outcome, cell: ({ outcome }) => wordFor(t.outcomes, outcome) ?? outcome },
          ]}
        />
      );
    case "reports":
      return (
        <Listed<ReportEntry>
          key={key}
          title={t.lists.reports}
          load={(api, cursor, signal) => api.reports(queryFor(list, filter), cursor, signal)}
          keyOf={({ reportId }) => reportId}
          columns={[
            {
              ...{ name: "at", title: t.at },
              cell: ({ reportId, at }) => <Link to={{ page: "report", report: reportId }}>{time(at)}</Link>,
            },
            { name: "details", title: t.details, cell: ({ reportId }) => reportId },
          ]}
        />
      );
  }
}

export function VerdictMark({ verdict }: { verdict: Visit["verdict"] }): ComponentChildren {
  return (
    <span class="mark-text" data-verdict={verdict}>
      {words.value.history.verdicts[verdict]}
    </span>
  );
}

export function leftText({ leftAt, leaveReason }: Visit): string {
  const { history: t, none } = words.value;
  if (!leftAt) return t.here;
  return leaveReason ? (wordFor(t.leaveReasons, leaveReason) ?? leaveReason) : none;
}

interface ListedProps<T> {
  readonly title: string;
  readonly load: (api: OperatorApi, cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  readonly keyOf: (row: T) => string;
  readonly columns: readonly Column<T>[];
}

/** A list of the past, page by page; it is read once, and more of it when it is asked for. */
function Listed<T>({ title, load, keyOf, columns }: ListedProps<T>) {
  const { api } = useDesk();
  const [cursor, setCursor] = useState<string>();
  const [rows, setRows] = useState<readonly T[]>();
  const [next, setNext] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const stopping = new AbortController();
    setError(undefined);
    load(api, cursor, stopping.signal).then(
      ({ items, nextCursor }) => {
        if (stopping.signal.aborted) return;
        setRows((known = []) => (cursor === undefined ? items : [...known, ...items]));
        setNext(nextCursor);
      },
      (failure: unknown) => {
        if (!stopping.signal.aborted && !isAbort(failure)) setError(ApiError.of(failure));
      },
    );
    return () => stopping.abort();
    // What is loaded never changes: another list or filter is another component.
  }, [cursor, attempt]);
  const { history: t, pager, retry } = words.value;
  return (
    <div class="desk-card">
      <Trouble error={error} />
      {error && (
        <button type="button" class="quiet" data-action="retry" onClick={() => setAttempt(attempt + 1)}>
          {retry}
        </button>
      )}
      {!rows && !error && <Loading />}
      {rows?.length === 0 && <p class="muted-text">{t.empty}</p>}
      {rows && rows.length > 0 && <Table name="history" caption={title} columns={columns} rows={rows} keyOf={keyOf} />}
      {next !== undefined && (
        <button type="button" class="quiet" data-action="more-history" onClick={() => setCursor(next)}>
          {pager.more}
        </button>
      )}
    </div>
  );
}
