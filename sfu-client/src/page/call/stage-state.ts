import { computed, effect, signal, type ReadonlySignal } from "@preact/signals";
import { browserSight, SOUND_ONLY, trackOf, watchHidden, type RemoteParticipant } from "../../sdk/index.js";
import { arrange } from "./arrange.js";
import type { RoomView } from "./room-view.js";
import type { TileIdentity } from "./tile.js";
import { viewWish } from "./view-wish.js";

/** Whoever looks at another tab for a moment finds the pictures still running. */
const HIDDEN_AFTER_MS = 10_000;

export interface StageTile extends TileIdentity {
  readonly key: string;
  /** `undefined` on one's own. */
  readonly participant: RemoteParticipant | undefined;
}

/** What is shown where: tiles, pages, who is large; and what to ask the server for because of it. */
export class StageState {
  readonly view: RoomView;
  /** In CSS pixels, as the stage's element says. */
  readonly size = signal({ width: 0, height: 0 });
  readonly mode = signal<"grid" | "speaker">("grid");
  readonly stripHidden = signal(false);
  /** A tile's key. */
  readonly pinned = signal<string | undefined>(undefined);
  readonly wishedPage = signal(0);
  readonly audioOnly = signal(false);
  readonly deafened = signal(false);
  /** Of the others, who spoke last or loudest. */
  readonly speaker = signal<string | undefined>(undefined);
  readonly tiles: ReadonlySignal<readonly StageTile[]>;
  readonly focused = computed(() => this.#focused());
  readonly plan = computed(() => this.#plan());
  readonly #hidden = signal(false);
  readonly #lastSpoke = signal<ReadonlyMap<string, number>>(new Map());
  #spoken = 0;
  /** Alone there is nothing to wish for, and the server's own choice is there at once for the first who comes. */
  #wished = false;
  #unseen = false;
  readonly #stops: (() => void)[];

  /** @param inBackground keeps the pictures coming while the page is out of sight */
  constructor(view: RoomView, inBackground: boolean) {
    this.view = view;
    this.tiles = computed(() => tilesOf(view));
    const { room } = view;
    const hidden = this.#hidden;
    this.#stops = [
      inBackground ? () => undefined : watchHidden(browserSight(), HIDDEN_AFTER_MS, (now) => (hidden.value = now)),
      room.on("speakers", (list) => this.#speakers(list)),
      room.on("switched", () => this.#anew()),
      room.on("joined", () => this.#anew()),
      effect(() => this.#wish()),
    ];
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  pin(key: string): void {
    this.pinned.value = this.pinned.value === key ? undefined : key;
  }

  /** The first person is number 1; oneself is not counted. */
  pinNumber(number: number): void {
    const tile = this.tiles.value.filter(({ own, source }) => !own && source === "camera")[number - 1];
    if (tile) this.pin(tile.key);
  }

  turnPage(by: number): void {
    const { page, pages } = this.plan.value;
    this.wishedPage.value = Math.min(Math.max(page + by, 0), pages - 1);
  }

  /** A pinned tile is let go by it: it would hide what was asked for. */
  switchMode(): void {
    this.mode.value = this.mode.value === "grid" ? "speaker" : "grid";
    this.pinned.value = undefined;
  }

  #speakers(list: readonly { participantId: string; level: number }[]): void {
    if (list.length === 0) return;
    const spoke = new Map(this.#lastSpoke.value);
    for (const { participantId } of list) spoke.set(participantId, ++this.#spoken);
    this.#lastSpoke.value = spoke;
    const others = list.filter(({ participantId }) => participantId !== this.view.self.value?.id);
    // Whoever is large stays so while speaking: a picture that jumps to and fro tires.
    if (others.some(({ participantId }) => participantId === this.speaker.value)) return;
    const [loudest] = [...others].sort((a, b) => b.level - a.level);
    if (loudest) this.speaker.value = loudest.participantId;
  }

  #anew(): void {
    this.pinned.value = undefined;
    this.wishedPage.value = 0;
    this.speaker.value = undefined;
    this.#lastSpoke.value = new Map();
  }

  /** The pinned tile, else the screen shared last, one's own excepted as it would only show itself in itself, else who speaks. */
  #focused(): number {
    const tiles = this.tiles.value;
    const pinned = tiles.findIndex(({ key }) => key === this.pinned.value);
    if (pinned >= 0) return pinned;
    const screen = tiles.findLastIndex(({ source, own }) => source === "screen" && !own);
    if (screen >= 0 || this.mode.value === "grid") return screen;
    const others = tiles.filter(({ own, source }) => !own && source === "camera");
    const large = others.find(({ participantId }) => participantId === this.speaker.value) ?? others[0];
    return large ? tiles.indexOf(large) : -1;
  }

  #plan() {
    return arrange(this.tiles.value, {
      ...this.size.value,
      focused: this.focused.value,
      page: this.wishedPage.value,
      most: this.view.room.slotCounts.video + 1,
      stripHidden: this.stripHidden.value,
    });
  }

  /** The sizes come from the plan and not from the elements, which may still be on their way to it. */
  #wish(): void {
    const { rects } = this.plan.value;
    const audio = this.deafened.value ? "none" : "auto";
    const tiles = this.tiles.value.map((identity, index) => ({
      identity,
      rect: rects[index],
      focused: index === this.focused.value,
      pinned: identity.key === this.pinned.value,
      published: identity.participant !== undefined && trackOf(identity.participant, identity.source)?.muted === false,
      lastSpoke: this.#lastSpoke.value.get(identity.participantId) ?? 0,
    }));
    const unseen = this.#hidden.value || this.audioOnly.value;
    if (this.size.value.width === 0) return;
    if (!this.#wished && audio === "auto" && !unseen && tiles.every(({ identity }) => identity.own)) return;
    this.#wished = true;
    const wish = unseen
      ? SOUND_ONLY
      : viewWish(tiles, { pixelRatio: devicePixelRatio, places: this.view.room.slotCounts.video });
    // Whoever comes back to the page waits for pictures.
    this.view.room.view({ ...wish, audio }, { atOnce: this.#unseen && !unseen });
    this.#unseen = unseen;
  }
}

/** The others' cameras and screens, then one's own: in the corner where people look for themselves. */
function tilesOf(view: RoomView): StageTile[] {
  const tile = (participantId: string, source: "camera" | "screen", participant: RemoteParticipant | undefined) => {
    const own = participant === undefined;
    // One's own tiles stay the same ones in another room, where one has another id.
    return { key: `${own ? "own" : participantId} ${source}`, participantId, source, own, participant };
  };
  const tiles: StageTile[] = [];
  for (const participant of view.participants.value) {
    tiles.push(tile(participant.id, "camera", participant));
    if (trackOf(participant, "screen")) tiles.push(tile(participant.id, "screen", participant));
  }
  const { self } = view;
  if (!self.value) return tiles;
  if (view.publication("screen")) tiles.push(tile(self.value.id, "screen", undefined));
  tiles.push(tile(self.value.id, "camera", undefined));
  return tiles;
}
