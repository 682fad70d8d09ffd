import type { Room } from "../../sdk/index.js";
import type { Visits } from "./visits.js";

declare global {
  interface Window {
    /** For tests and for support: the current visit, what it counts, and what can be done to it. */
    parley: PageApi;
  }
}

export interface PageApi {
  readonly room: Room | undefined;
  report(): unknown;
  readonly debug: {
    /** Breaks the WebSocket and opens none for so long. */
    dropSocket(forMs?: number): void;
    restartIce(): void;
    switchTo(room: string): Promise<void>;
    sendChat(text: string): Promise<void>;
  };
}

export function pageApi(visits: Visits): PageApi {
  const current = () => {
    if (!visits.room) throw new Error("There is no visit.");
    return visits.room;
  };
  return {
    get room() {
      return visits.room;
    },
    report: () => reportOf(visits.room),
    debug: {
      dropSocket: (forMs) => visits.unsteady.dropSocket(forMs),
      restartIce: () => current().restartIce(),
      switchTo: (room) => current().switchTo(room),
      sendChat: (text) => current().chat.send(text),
    },
  };
}

function reportOf(room: Room | undefined): unknown {
  const lastError = room?.metrics.lastError;
  return {
    state: room?.state ?? "idle",
    room: room?.name,
    // An Error has no JSON.
    metrics: { ...room?.metrics, lastError: lastError && { code: lastError.code, message: lastError.message } },
    lastSeq: room?.diagnostics().lastSeq,
    chat: room?.chat.messages ?? [],
    waiting: room?.waiting,
    queue: room?.queue ?? [],
    timer: room?.timer,
  };
}
