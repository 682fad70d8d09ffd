import { trackOf, type RemoteParticipant, type Room, type Slot, type ViewData } from "../sdk/index.js";
import { el } from "./dom.js";
import { focusLayout, gridLayout, type Rect } from "./layout.js";
import { Tile, type TileIdentity } from "./tile.js";

const key = ({ participantId, source }: Pick<TileIdentity, "participantId" | "source">) => `${participantId} ${source}`;

/** The tiles: one for each person and each shared screen, in a grid or around the one that matters most. */
export class Stage {
  readonly element = el("div", { class: "stage" });
  readonly #room: Room;
  readonly #tiles = new Map<string, Tile>();
  readonly #resized = new ResizeObserver(() => this.#arrange());
  #pinned: string | undefined;
  /** The last wish; without any the server decides, so there is none before somebody pins. */
  #wished: string | undefined;

  constructor(room: Room) {
    this.#room = room;
    this.#resized.observe(this.element);
  }

  /** Makes the tiles anew from what the room says. */
  rebuild(): void {
    for (const tile of this.#tiles.values()) tile.remove();
    this.#tiles.clear();
    this.#pinned = undefined;
    for (const participant of this.#room.participants) this.participant(participant);
    this.local();
    for (const slot of this.#room.slots) this.slot(slot);
  }

  /** Brings the tiles of another person up to date. */
  participant(participant: RemoteParticipant): void {
    const { id, displayName } = participant;
    const camera = this.#tile({ participantId: id, source: "camera", own: false });
    camera.name(displayName);
    camera.muted(trackOf(participant, "microphone")?.muted ?? true);
    if (trackOf(participant, "screen")) {
      this.#tile({ participantId: id, source: "screen", own: false }).name(displayName);
    } else this.#remove(`${id} screen`);
    this.#show(id);
    this.#arrange();
  }

  participantLeft(id: string): void {
    this.#remove(`${id} camera`);
    this.#remove(`${id} screen`);
    this.#arrange();
  }

  /** Brings one's own tiles up to date. */
  local(): void {
    const { self } = this.#room;
    if (!self) return;
    const camera = this.#tile({ participantId: self.id, source: "camera", own: true });
    camera.name(this.#room.displayName);
    camera.muted(this.#room.publication("microphone")?.muted ?? true);
    this.#showOwn(camera);
    if (this.#room.publication("screen")) {
      const screen = this.#tile({ participantId: self.id, source: "screen", own: true });
      screen.name(this.#room.displayName);
      this.#showOwn(screen);
    } else this.#remove(`${self.id} screen`);
    this.#arrange();
  }

  slot({ kind }: Slot): void {
    if (kind !== "video") return;
    // The slot's last owner is as much concerned as its new one.
    for (const { identity } of this.#tiles.values()) if (!identity.own) this.#show(identity.participantId);
  }

  speakers(ids: ReadonlySet<string>): void {
    for (const tile of this.#tiles.values()) {
      const { participantId, source } = tile.identity;
      if (source === "camera") tile.speaking(ids.has(participantId));
    }
  }

  close(): void {
    this.#resized.disconnect();
    for (const tile of this.#tiles.values()) tile.remove();
  }

  #tile(identity: TileIdentity): Tile {
    const id = key(identity);
    let tile = this.#tiles.get(id);
    if (!tile) {
      tile = new Tile(identity, () => this.#pin(id));
      this.#tiles.set(id, tile);
      this.element.append(tile.element);
    }
    return tile;
  }

  #remove(id: string): void {
    this.#tiles.get(id)?.remove();
    this.#tiles.delete(id);
    if (this.#pinned === id) this.#pinned = undefined;
  }

  #show(participantId: string): void {
    const participant = this.#room.participants.find(({ id }) => id === participantId);
    for (const source of ["camera", "screen"] as const) {
      const tile = this.#tiles.get(key({ participantId, source }));
      if (!tile) continue;
      const slot = this.#room.slotOf(participantId, source);
      const hidden = participant && (trackOf(participant, source)?.muted ?? false);
      const paused = slot?.state === "paused";
      if (!slot || hidden || (paused && slot.reason === "muted")) tile.show(undefined);
      else tile.show(slot.stream, slot.mid);
      tile.paused(paused && slot.reason !== "muted");
    }
  }

  #showOwn(tile: Tile): void {
    const track = this.#room.publication(tile.identity.source)?.track;
    if (track?.id === tile.element.dataset["track"]) return;
    if (track) tile.element.dataset["track"] = track.id;
    else delete tile.element.dataset["track"];
    tile.show(track && new MediaStream([track]));
  }

  #pin(id: string): void {
    this.#pinned = this.#pinned === id ? undefined : id;
    this.#arrange();
  }

  /** The pinned tile, else the screen shared last; one's own screen would only show itself in itself. */
  #focused(tiles: readonly Tile[]): number {
    const pinned = tiles.findIndex(({ identity }) => key(identity) === this.#pinned);
    return pinned >= 0 ? pinned : tiles.findLastIndex(({ identity: { source, own } }) => source === "screen" && !own);
  }

  #arrange(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    // Oneself last, in the corner where people look for it.
    const tiles = [...this.#tiles.values()].sort((a, b) => Number(a.identity.own) - Number(b.identity.own));
    const focused = this.#focused(tiles);
    const { rects, contentHeight } =
      focused < 0 ? gridLayout(tiles.length, width, height) : focusLayout(tiles.length, focused, width, height);
    this.element.toggleAttribute("data-scrolls", contentHeight > height + 1);
    this.element.toggleAttribute("data-alone", tiles.length === 1);
    tiles.forEach((tile, index) => {
      tile.place(rects[index], index === focused);
      tile.pinned(key(tile.identity) === this.#pinned);
    });
    this.#wish(tiles[focused], rects[focused]);
  }

  /** The size comes from the layout and not from the element, which may still be on its way to it. */
  #wish(focused: Tile | undefined, rect: Rect | undefined): void {
    const video: ViewData["video"] = [];
    if (focused && rect && !focused.identity.own && key(focused.identity) === this.#pinned) {
      const { participantId, source } = focused.identity;
      const width = Math.round(rect.width * devicePixelRatio);
      const height = Math.round(rect.height * devicePixelRatio);
      video.push({ participantId, source, width, height, priority: 1, pinned: true });
    }
    const layout = video.length > 0 ? "speaker" : "grid";
    const wish: ViewData = { layout, video, defaultHeight: 360, maxVideo: this.#room.slotCounts.video, audio: "auto" };
    const text = JSON.stringify(wish);
    if (text === this.#wished || (video.length === 0 && this.#wished === undefined)) return;
    this.#wished = text;
    this.#room.view(wish);
  }
}
