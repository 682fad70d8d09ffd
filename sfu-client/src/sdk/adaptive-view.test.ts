import { beforeEach, describe, expect, it } from "vitest";
import { AdaptiveView } from "./adaptive-view.js";
import type { ViewData } from "./protocol.js";
import type { Seen, Sight } from "./sight.js";
import { settle } from "./testing/fake-platform.js";
import { Visit } from "./testing/visit.js";
import type { Tile } from "./view-of.js";

const DEBOUNCE_MS = 250;

class FakeSight implements Sight {
  pixelRatio = 2;
  pageVisible = true;
  readonly watched = new Map<string, (seen: Seen) => void>();
  readonly #pageWatchers = new Set<() => void>();

  constructor(readonly visit: Visit) {}

  watch(element: Element, changed: (seen: Seen) => void): () => void {
    this.watched.set(element.id, changed);
    return () => this.watched.delete(element.id);
  }

  watchPage(changed: () => void): () => void {
    this.#pageWatchers.add(changed);
    return () => this.#pageWatchers.delete(changed);
  }

  after(delayMs: number, run: () => void): () => void {
    return this.visit.platform.clock.after(delayMs, run);
  }

  show(visible: boolean): void {
    this.pageVisible = visible;
    for (const changed of this.#pageWatchers) changed();
  }
}

describe("AdaptiveView", () => {
  let visit: Visit;
  let sight: FakeSight;
  let view: AdaptiveView;

  beforeEach(async () => {
    visit = new Visit({}, { slots: { audio: 1, video: 2 } });
    sight = new FakeSight(visit);
    await visit.joined();
    view = new AdaptiveView(visit.room, { sight });
  });

  const watch = (id: string, more: Partial<Tile> = {}) =>
    view.watch({ id } as Element, { participantId: `pa_${id}`, source: "camera", ...more });
  const seen = (id: string, width: number, height: number, visible = true) =>
    sight.watched.get(id)?.({ width, height, visible });
  /** What was asked for since the last time, such as "ann 640×360", one text for each wish. */
  async function asked(): Promise<string[]> {
    await visit.platform.clock.advance(DEBOUNCE_MS);
    await settle();
    const wishes = visit.server.of("view").map(({ data }) => data as unknown as ViewData);
    visit.requests();
    return wishes.map(({ layout, video, maxVideo }) =>
      [layout, ...video.map((one) => `${one.participantId} ${one.width}×${one.height}`), `of ${maxVideo}`].join(", "),
    );
  }

  it("shouldAskForWhatIsInSightInItsPixels", async () => {
    watch("ann");
    watch("bob");
    seen("ann", 320, 180);
    seen("bob", 320, 180, false);
    expect(await asked()).toEqual(["grid, pa_ann 640×360, of 1"]);
    seen("bob", 320, 180);
    expect(await asked()).toEqual(["grid, pa_ann 640×360, pa_bob 640×360, of 2"]);
  });

  it("shouldSendOneWishWhileALayoutMoves", async () => {
    watch("ann");
    for (let width = 100; width <= 320; width += 10) seen("ann", width, 180);
    expect(await asked()).toEqual(["grid, pa_ann 640×360, of 2"]);
    // As large as before, give or take.
    seen("ann", 322, 181);
    expect(await asked()).toEqual([]);
  });

  it("shouldTakeTheMostImportantWhereNotAllCanBeHad", async () => {
    for (const id of ["ann", "bob", "eve", "dan"]) watch(id, id === "dan" ? { priority: 1 } : {});
    watch("pin", { pinned: true, source: "screen" });
    for (const id of ["ann", "bob", "eve", "dan", "pin"]) seen(id, id === "eve" ? 640 : 320, 180);
    expect(await asked()).toEqual(["speaker, pa_pin 640×360, pa_dan 640×360, of 2"]);
  });

  it("shouldForgetAnElementThatIsGone", async () => {
    const stop = watch("ann");
    seen("ann", 320, 180);
    await asked();
    stop();
    stop();
    expect(await asked()).toEqual(["grid, of 2"]);
    expect(sight.watched.size).toBe(0);
  });

  it("shouldWantNoPictureOfAPageHiddenForAWhile", async () => {
    watch("ann");
    seen("ann", 320, 180);
    await asked();
    sight.show(false);
    await visit.platform.clock.advance(4000);
    sight.show(true);
    expect(await asked()).toEqual([]);
    sight.show(false);
    await visit.platform.clock.advance(5000);
    expect(await asked()).toEqual(["none, of 0"]);
    sight.show(true);
    expect(await asked()).toEqual(["grid, pa_ann 640×360, of 2"]);
  });

  it("shouldAskAgainInAnotherRoom", async () => {
    watch("ann");
    seen("ann", 320, 180);
    await asked();
    await visit.room.switchTo("red");
    expect(await asked()).toEqual(["grid, pa_ann 640×360, of 2"]);
  });

  it("shouldAskAgainAfterAWaitInTheQueue", async () => {
    watch("ann");
    seen("ann", 320, 180);
    await asked();
    visit.server.emit("queue.update", { ticket: { ticketId: "qt_1", state: "waiting" } });
    visit.server.emit("queue.admitted", { admitToken: "come-in", windowMs: 1000 });
    await settle();
    expect(await asked()).toEqual(["grid, pa_ann 640×360, of 2"]);
  });

  it("shouldLeaveTheChoiceToTheServerWithoutTiles", async () => {
    await visit.room.switchTo("red");
    expect(await asked()).toEqual([]);
  });

  it("shouldLeaveNothingBehind", async () => {
    watch("ann");
    sight.show(false);
    visit.room.leave();
    expect(sight.watched.size).toBe(0);
    expect(visit.platform.clock.pendingTimers).toBe(0);
    await settle();
  });
});
