import {
  canSend,
  VIDEO_CODECS,
  VIDEO_LAYERS,
  type MediaOptions,
  type ResumeData,
  type VideoCodec,
  type VideoLayers,
} from "../../sdk/index.js";

/** What the page's address says. */
export interface Invitation {
  readonly room: string;
  readonly name: string;
  readonly joinAtOnce: boolean;
  readonly audio: boolean;
  readonly microphoneMuted: boolean;
  readonly video: boolean;
  readonly token: string | undefined;
  /** Of the room, once the person has written it. */
  readonly password: string | undefined;
  /** In pixels; `undefined` leaves it to the SDK. */
  readonly cameraHeight: number | undefined;
  /** Pictures keep coming while the page is out of sight. */
  readonly inBackground: boolean;
  readonly media: MediaOptions;
  /** The place that this tab had before it was reloaded. */
  readonly resume: ResumeData | undefined;
}

const CAMERA_HEIGHTS = [180, 270, 360, 540, 720, 1080];

/**
 * Reads the address. A token comes in the fragment only, which browsers do not send to servers, and leaves the address at
 * once so that it is not shared along with a copied link; the history entry keeps it for a reload.
 */
export function readInvitation(): Invitation {
  const query = new URLSearchParams(location.search);
  const roomInFragment = readRoomFragment();
  const fromFragment = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fromFragment !== null) {
    history.replaceState({ token: fromFragment }, "", location.pathname + location.search);
  }
  const kept: unknown = history.state;
  const token = typeof kept === "object" && kept !== null && "token" in kept ? kept.token : undefined;
  return {
    room: roomInFragment ?? query.get("room")?.trim() ?? "",
    name: query.get("name")?.trim() ?? "",
    joinAtOnce: query.get("join") === "1",
    audio: query.get("audio") !== "0",
    microphoneMuted: false,
    video: query.get("video") !== "0",
    token: typeof token === "string" && token !== "" ? token : undefined,
    password: undefined,
    cameraHeight: CAMERA_HEIGHTS.find((height) => query.get("height") === String(height)),
    inBackground: query.get("background") === "1",
    media: readMediaOptions(query),
    resume: undefined,
  };
}

/** `#room=…`: where to go without leaving the page. */
export function readRoomFragment(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("room")?.trim() || undefined;
}

/** What is not known, or does not fit together, is left to the SDK. */
export function readMediaOptions(query: URLSearchParams): MediaOptions {
  const codec: VideoCodec = VIDEO_CODECS.find((known) => known === query.get("codec")) ?? "vp8";
  const layers: VideoLayers | undefined = VIDEO_LAYERS.find(
    (known) => known === query.get("layers") && canSend(codec, known),
  );
  return { codec, layers, red: query.get("red") === "1", dtx: query.get("dtx") === "1" };
}

/** The address of a room, for others: no name, no token. */
export function roomAddress(room: string): string {
  return new URL(`./?room=${encodeURIComponent(room)}`, location.href).href;
}

/** Puts the room into the address bar, so that a reload or a copied address leads back to it. */
export function showRoomInAddress(room: string): void {
  const query = new URLSearchParams(location.search);
  if (query.get("room") === room && readRoomFragment() === undefined) return;
  query.set("room", room);
  history.replaceState(history.state, "", `${location.pathname}?${query.toString()}`);
}

export function signalUrl(): string {
  const url = new URL("v1/signal", location.origin);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Where reports of connection checks go. */
export function reportsUrl(): string {
  return new URL("v1/diagnostics", location.origin).href;
}
