/** What the page's address says. */
export interface Invitation {
  readonly room: string;
  readonly name: string;
  readonly joinAtOnce: boolean;
  readonly audio: boolean;
  readonly video: boolean;
  readonly token: string | undefined;
}

/**
 * Reads the address. A token comes in the fragment only, which browsers do not send to servers, and leaves the address at
 * once so that it is not shared along with a copied link; the history entry keeps it for a reload.
 */
export function readInvitation(): Invitation {
  const query = new URLSearchParams(location.search);
  const fromFragment = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fromFragment !== null) {
    history.replaceState({ token: fromFragment }, "", location.pathname + location.search);
  }
  const kept: unknown = history.state;
  const token = typeof kept === "object" && kept !== null && "token" in kept ? kept.token : undefined;
  return {
    room: query.get("room")?.trim() ?? "",
    name: query.get("name")?.trim() ?? "",
    joinAtOnce: query.get("join") === "1",
    audio: query.get("audio") !== "0",
    video: query.get("video") !== "0",
    token: typeof token === "string" && token !== "" ? token : undefined,
  };
}

/** The address of a room, for others: no name, no token. */
export function roomAddress(room: string): string {
  return `${location.origin}${location.pathname}?room=${encodeURIComponent(room)}`;
}

/** Puts the room into the address bar, so that a reload or a copied address leads back to it. */
export function showRoomInAddress(room: string): void {
  const query = new URLSearchParams(location.search);
  if (query.get("room") === room) return;
  query.set("room", room);
  history.replaceState(history.state, "", `${location.pathname}?${query.toString()}`);
}

export function signalUrl(): string {
  const url = new URL("v1/signal", location.origin);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
