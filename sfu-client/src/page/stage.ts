import { trackOf, type RemoteParticipant, type Room, type Slot } from "../sdk/index.js";
import { el } from "./dom.js";
import { focusLayout, gridLayout } from "./layout.js";
import { watchSight } from "./sight.js";
import { Tile, type TileIdentity } from "./tile.js";
import { HIDDEN, viewWish, type WishedTile } from "./view-wish.js";

const key = ({ participantId, source }: Pick<TileIdentity, "participantId" | "source">) => `${participantId} ${source}`;

/** The tiles: one for each person and each shared screen, in a grid or around the one that matters most. */
export class Stage {
  readonly element = el("div", { class: "stage" });
  readonly #room: Room;
  readonly #tiles = new Map<string, Tile>();
  readonly #resized = new ResizeObserver(() => this.#arrange());
  readonly #stopSight: () => void;
  #pinned: string | undefined;
  #arranged: Omit<WishedTile, "published" | "lastSpoke">[] = [];
  readonly #lastSpoke = new Map<string, number>();
  #spoken = 0;
  #hidden = false;
  /** Alone there is nothing to wish for, and the server's own choice is there at once for the first who comes. */
  #wished = false;

  /** @param inBackground keeps the pictures coming while the page is out of sight */
  constructor(room: Room, inBackground: boolean) {
    this.#room = room;
    this.#resized.observe(this.element);
    this.element.addEventListener("scroll", () => this.#wish(), { passive: true });
    this.#stopSight = inBackground ? () => undefined : watchSight(document, (hidden) => this.#sight(hidden));
  }

  /** Makes the others' tiles anew from what the room says; one's own are the same all the time. */
  rebuild(): void {
    const { self } = this.#room;
    const tiles = [...this.#tiles.values()];
    this.#tiles.clear();
    for (const tile of tiles) {
      if (tile.identity.own && self) {
        tile.belongsTo(self.id);
        this.#tiles.set(key(tile.identity), tile);
      } else tile.remove();
    }
    this.#lastSpoke.clear();
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
    this.#lastSpoke.delete(id);
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
    for (const id of ids) this.#lastSpoke.set(id, ++this.#spoken);
    this.#wish();
  }

  close(): void {
    this.#resized.disconnect();
    this.#stopSight();
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
      const slow = paused && slot.reason === "bandwidth";
      // A slot that is paused from the start still holds the picture of whoever was in it before.
      const strange = paused && !tile.shows(slot.mid);
      if (!slot || hidden || strange || (paused && slot.reason === "muted")) tile.show(undefined);
      else tile.show(slot.stream, slot.mid);
      tile.paused(paused && slot.reason !== "muted", slow && !hidden);
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
    this.#arranged = tiles.map((tile, index) => {
      const rect = rects[index];
      const pinned = key(tile.identity) === this.#pinned;
      tile.place(rect, index === focused);
      tile.pinned(pinned);
      return { identity: tile.identity, rect, focused: index === focused, pinned };
    });
    this.#wish();
  }

  #sight(hidden: boolean): void {
    this.#hidden = hidden;
    this.#wish(!hidden);
  }

  /** The sizes come from the layout and not from the elements, which may still be on their way to it. */
  #wish(atOnce = false): void {
    const tiles = this.#arranged.map((tile) => ({
      ...tile,
      published: this.#published(tile.identity),
      lastSpoke: this.#lastSpoke.get(tile.identity.participantId) ?? 0,
    }));
    if (!this.#wished && tiles.every(({ identity }) => identity.own)) return;
    this.#wished = true;
    const wish = viewWish(tiles, {
      scrollTop: this.element.scrollTop,
      height: this.element.clientHeight,
      pixelRatio: devicePixelRatio,
      places: this.#room.slotCounts.video,
    });
    this.#room.view(this.#hidden ? HIDDEN : wish, { atOnce });
  }

  #published({ participantId, source }: TileIdentity): boolean {
    const participant = this.#room.participants.find(({ id }) => id === participantId);
    return participant !== undefined && trackOf(participant, source)?.muted === false;
  }
}
