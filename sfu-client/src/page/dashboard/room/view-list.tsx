import { words } from "../../i18n/dashboard-words.js";
import { isSound, sourceText, viewReason, viewText } from "../data/plain-words.js";
import type { RoomQuality, View } from "../data/types.js";
import { speech } from "../parts/context.js";
import { Link } from "../parts/link.js";
import { Pager, usePaged } from "../parts/table.js";
import { namesOf } from "./names.js";

const VIEWERS = 12;

/** Who is shown whom, how large, and why so. */
export function ViewList({ room, quality }: { room: string; quality: RoomQuality | undefined }) {
  const t = words.value.room;
  const names = namesOf(quality);
  const byViewer = new Map<string, View[]>();
  for (const view of quality?.views ?? []) {
    const known = byViewer.get(view.viewerId) ?? [];
    byViewer.set(view.viewerId, [...known, view]);
  }
  const paged = usePaged([...byViewer], VIEWERS);
  return (
    <div class="desk-card">
      <h2>{t.views}</h2>
      {paged.all === 0 && <p class="muted-text">{t.noViews}</p>}
      <ul class="view-list">
        {paged.rows.map(([viewer, views]) => (
          <li key={viewer} data-viewer={viewer}>
            <Link to={{ page: "participant", room, participant: viewer }} class="view-of">
              {t.sees(names.get(viewer) ?? viewer)}
            </Link>
            <ViewChips views={views} names={names} />
          </li>
        ))}
      </ul>
      <Pager paged={paged} name="views" />
    </div>
  );
}

/** What one viewer is shown; pictures before sounds. */
export function ViewChips({ views, names }: { views: readonly View[]; names: ReadonlyMap<string, string> }) {
  const t = words.value;
  const own = speech((id) => names.get(id));
  const sorted = [...views].sort((one, other) => Number(isSound(one.source)) - Number(isSound(other.source)));
  return (
    <ul class="chips">
      {sorted.map((view) => {
        const reason = viewReason(own, view);
        return (
          <li
            key={`${view.participantId} ${view.source}`}
            class="chip"
            data-shown={view.participantId}
            data-state={view.state}
            data-reason={view.reason}
          >
            <b>{t.switches.what(sourceText(own, view.source), names.get(view.participantId) ?? t.why.somebody)}</b>
            <span>{viewText(own, view)}</span>
            {reason !== undefined && <span class="muted-text">{reason}</span>}
          </li>
        );
      })}
    </ul>
  );
}
