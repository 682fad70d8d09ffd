import { useEffect, useState } from "preact/hooks";
import { ratesBetween, type RoomStats } from "../../sdk/index.js";
import type { Call } from "../call/call.js";
import { IconButton } from "../design/icon-button.js";
import { texts } from "../i18n/language.js";
import { Chart, type Sample } from "./chart.js";

const EVERY_MS = 1000;
const SAMPLES_KEPT = 60;

/** What the browser measures of this connection, second by second. */
export function Statistics({ call }: { call: Call }) {
  const { room } = call.view;
  const t = texts.value;
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [stats, setStats] = useState<RoomStats>();
  useEffect(() => {
    let before: { stats: RoomStats; atMs: number } | undefined;
    const read = async () => {
      const now = { stats: await room.stats(), atMs: performance.now() };
      const earlier = before;
      before = now;
      setStats(now.stats);
      if (!earlier || now.atMs === earlier.atMs) return;
      const { receivedBps, sentBps, lossPercent } = ratesBetween(earlier.stats, now.stats, now.atMs - earlier.atMs);
      const sample = {
        ...{ atMs: now.atMs, lossPercent, rttMs: now.stats.rttMs },
        receivedKbps: Math.round(receivedBps / 1000),
        sentKbps: Math.round(sentBps / 1000),
      };
      setSamples((kept) => [...kept, sample].slice(-SAMPLES_KEPT));
    };
    void read();
    const interval = setInterval(() => void read(), EVERY_MS);
    return () => clearInterval(interval);
  }, [room]);
  const last = samples.at(-1);
  const { none } = t.statistics;
  const path = call.path.value;
  const line = (name: string, value: string, kind?: string) => (
    <div class={kind}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
  const number = (value: number | undefined, unit: string) =>
    value === undefined ? none : `${Math.round(value * 10) / 10} ${unit}`;
  const ways = { udp: "UDP", tcp: "TCP", relay: "TURN" };
  return (
    <section class="statistics" aria-label={t.call.statistics}>
      <header class="panel-head">
        <h2>{t.statistics.title}</h2>
        <IconButton
          action="close-statistics"
          class="plain"
          icon="close"
          label={t.close}
          run={() => (call.statistics.value = false)}
        />
      </header>
      <dl class="figures">
        {line(t.statistics.received, number(last?.receivedKbps, "kbit/s"), "received")}
        {line(t.statistics.sent, number(last?.sentKbps, "kbit/s"), "sent")}
        {line(t.statistics.roundTrip, number(last?.rttMs ?? path?.rttMs, "ms"))}
        {line(t.statistics.loss, number(last?.lossPercent, "%"))}
        {line(t.statistics.way, path ? `${ways[path.path]} (${path.localType} – ${path.remoteType})` : none)}
      </dl>
      <Chart samples={samples} />
      <h3>{t.statistics.pictures}</h3>
      <ul class="picture-list">
        {stats?.slots
          .filter(({ kind, state, width }) => kind === "video" && state === "live" && width > 0)
          .map(({ mid, participantId, width, height, fps, codec }) => (
            <li key={mid}>
              <span class="name">{call.view.nameOf(participantId ?? "") ?? none}</span>
              <span>
                {width} × {height}, {Math.round(fps)} {t.statistics.fps}, {codec.replace("video/", "")}
              </span>
            </li>
          ))}
        {stats?.encodings
          .filter(({ width, active }) => width > 0 && active)
          .map(({ mid, rid = "", width, height, fps, codec }) => (
            <li key={`${mid} ${rid}`}>
              <span>
                {t.statistics.sent} {rid}
              </span>
              <span>
                {width} × {height}, {Math.round(fps)} {t.statistics.fps}, {codec.replace("video/", "")}
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}
