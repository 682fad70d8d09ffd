import { useEffect, useState } from "preact/hooks";
import { Icon } from "../design/icon.js";
import { BrandMark } from "../design/page-head.js";
import { texts } from "../i18n/language.js";
import { durationText } from "../i18n/times.js";
import type { Call } from "./call.js";
import { TimerChip } from "./timer-chip.js";

/** The top of a call: where one is, with how many, and for how long. */
export function CallBar({ call }: { call: Call }) {
  const { view } = call;
  const count = view.participants.value.length + 1;
  const t = texts.value.call;
  return (
    <header class="call-bar">
      <BrandMark />
      <h1 title={view.name.value}>{view.name.value}</h1>
      <span class="count" role="img" aria-label={t.participants(count)} title={t.participants(count)}>
        <Icon name="people" />
        {count}
      </span>
      <span class="call-bar-end">
        <PathBadge call={call} />
        <TimerChip call={call} />
        <Duration sinceMs={call.joinedAtMs} />
      </span>
    </header>
  );
}

/** Only of the ways that are worse than the ordinary one. */
function PathBadge({ call }: { call: Call }) {
  const path = call.path.value?.path;
  const t = texts.value.call;
  if (path === undefined || path === "udp") return null;
  return (
    <span class="path" role="status" title={t.overTcpWhy} data-path={path}>
      {path === "tcp" ? t.overTcp : t.overRelay}
    </span>
  );
}

function Duration({ sinceMs }: { sinceMs: number }) {
  const [nowMs, setNowMs] = useState(performance.now());
  useEffect(() => {
    const second = setInterval(() => setNowMs(performance.now()), 1000);
    return () => clearInterval(second);
  }, []);
  return (
    <span class="duration" role="timer" aria-label={texts.value.farewell.duration}>
      {durationText(nowMs - sinceMs)}
    </span>
  );
}
