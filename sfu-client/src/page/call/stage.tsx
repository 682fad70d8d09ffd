import { useEffect, useRef } from "preact/hooks";
import { flag } from "../design/flag.js";
import { IconButton } from "../design/icon-button.js";
import { texts } from "../i18n/language.js";
import type { StageState } from "./stage-state.js";
import { Tile } from "./tile.js";

/** The tiles: one for each person and each shared screen, in a grid or around the one that matters most. */
export function Stage({ stage }: { stage: StageState }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = element;
    if (!current) return;
    const measure = () => {
      const { clientWidth: width, clientHeight: height } = current;
      if (width > 0 && height > 0) stage.size.value = { width, height };
    };
    const resized = new ResizeObserver(measure);
    resized.observe(current);
    measure();
    return () => resized.disconnect();
  }, [stage]);
  const tiles = stage.tiles.value;
  const { rects, page, pages } = stage.plan.value;
  const t = texts.value.call;
  return (
    <div class="stage-frame">
      <div class="stage" ref={element} data-alone={flag(tiles.length === 1)} data-mode={stage.mode.value}>
        {tiles.map(({ key, participant, ...identity }, index) => (
          <Tile
            key={key}
            view={stage.view}
            identity={identity}
            participant={participant}
            rect={rects[index]}
            focused={index === stage.focused.value}
            pinned={key === stage.pinned.value}
            pin={() => stage.pin(key)}
          />
        ))}
      </div>
      {pages > 1 && (
        <nav class="pages">
          <IconButton
            action="previous-page"
            class="plain"
            icon="previous"
            label={t.previousPage}
            shortcut="PageUp"
            run={() => stage.turnPage(-1)}
          />
          <span role="status">{t.page(page + 1, pages)}</span>
          <IconButton
            action="next-page"
            class="plain"
            icon="next"
            label={t.nextPage}
            shortcut="PageDown"
            run={() => stage.turnPage(1)}
          />
        </nav>
      )}
    </div>
  );
}
