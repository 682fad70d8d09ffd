import { useState } from "preact/hooks";
import { roomAddress } from "../app/address.js";
import { PageHead } from "../design/page-head.js";
import { language, texts } from "../i18n/language.js";

/** What a frame's call may use. */
const ALLOWED = "camera; microphone; display-capture; autoplay; fullscreen; clipboard-write; screen-wake-lock";

/** A call with oneself: two call pages in one room, side by side, and what to try with them. */
export function TestPage() {
  const [room, setRoom] = useState(() => new URLSearchParams(location.search).get("room")?.trim() || newRoom());
  const t = texts.value.test;
  const link = roomAddress(room);
  return (
    <section class="page test-page">
      <PageHead />
      <div class="test-words">
        <h1>{t.title}</h1>
        <p class="muted-text">{t.intro}</p>
        <ol>
          {t.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        <p class="row test-room">
          <span>
            {t.roomLink}: <a href={link}>{link}</a>
          </span>
          <button type="button" class="quiet" data-action="another-room" onClick={() => setRoom(newRoom())}>
            {t.another}
          </button>
        </p>
      </div>
      <div class="sides">
        <Side side="left" title={t.left} room={room} />
        <Side side="right" title={t.right} room={room} />
      </div>
    </section>
  );
}

function Side({ side, title, room }: { side: string; title: string; room: string }) {
  // Another language must not begin the call anew.
  const [query] = useState(`name=${encodeURIComponent(title)}&lang=${language.value}`);
  return (
    <iframe
      key={room}
      name={side}
      title={title}
      data-side={side}
      src={`./?room=${encodeURIComponent(room)}&${query}`}
      allow={ALLOWED}
    />
  );
}

/** One that nobody else is in. */
function newRoom(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(5));
  return `test-${Array.from(bytes, (byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
