import type { Notices } from "../app/notices.js";
import { language, texts } from "../i18n/language.js";

/** Read out when they come; they go by themselves. */
export function NoticeList({ notices }: { notices: Notices }) {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notices.all.value.map(({ id, words, action }) => {
        const { title, advice = "" } = words(texts.value, language.value);
        return (
          <div key={id} class="toast">
            <strong>{title}</strong>
            {advice !== "" && <span>{advice}</span>}
            {action && (
              <button
                type="button"
                class="quiet"
                data-action={action.name}
                onClick={() => {
                  action.run();
                  notices.remove(id);
                }}
              >
                {action.label(texts.value)}
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}
