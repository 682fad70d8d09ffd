package dev.parley.server.browser;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.browser.CallReport.Pair;
import dev.parley.server.browser.CallReport.Peer;
import dev.parley.server.browser.CallReport.Tile;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/** A person in a call: a call page in a browser, and what is seen and heard there. */
final class Caller implements AutoCloseable {
  static final String CAMERA = "camera";
  static final String SCREEN = "screen";

  /** An expression for what has the focus: what its button does, or its id. */
  static final String FOCUS = "document.activeElement.dataset.action ?? document.activeElement.id";

  /** An expression for what is said for some seconds. */
  static final String TOASTS = text(".toasts");

  /** Much longer than anything takes, as the machine may be busy with something else. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A picture that moves has at least so many frames more than when it was first seen. */
  private static final int MOVING_FRAMES = 10;

  /** Out of 255: a picture that is not black. */
  private static final int NOT_BLACK = 16;

  private final String name;
  private final Tab tab;

  Caller(String name, Tab tab) {
    this.name = name;
    this.tab = tab;
  }

  String name() {
    return name;
  }

  Tab tab() {
    return tab;
  }

  CallReport report() {
    return CallReport.parse(tab.evaluate("window.probe()"));
  }

  CallReport await(String what, Predicate<CallReport> right) {
    return Await.until(name + ": " + what, LIMIT, this::report, right, CallReport::text);
  }

  /**
   * Waits until something in the page has the words or the value that are looked for.
   *
   * @param expression of JavaScript
   * @param part of what it is as a string
   */
  void await(String what, String expression, String part) {
    String unused =
        Await.until(
            name + ": " + what,
            LIMIT,
            () -> tab.evaluate("String(" + expression + ")"),
            seen -> seen.contains(part),
            seen -> seen + "\n" + tab.evaluate("document.body.innerText"));
  }

  /** An expression for what can be read in the page, for {@link #await}. */
  static String text(String selector) {
    return "document.querySelector('%s')?.innerText ?? ''".formatted(selector);
  }

  /** Presses one key after the other. */
  void press(String... keys) {
    for (String key : keys) {
      tab.press(key);
    }
  }

  Caller joined() {
    await("to be in the call", report -> report.state().equals("joined"));
    return this;
  }

  void click(String action) {
    tab.click("button[data-action=" + action + "]");
  }

  /** Shows somebody's camera large, and the others small. */
  void pin(String owner) {
    tab.click("[data-name='%s'] button[data-action=pin]".formatted(owner));
  }

  /** Waits until one picture comes in a larger layer than another one. */
  void awaitLarge(String large, String small) {
    await(
        "%s larger than %s".formatted(large, small),
        report -> heightOf(report, large) >= 2 * heightOf(report, small));
  }

  private static int heightOf(CallReport report, String owner) {
    return report.tile(owner, CAMERA).filter(Caller::shows).map(Tile::height).orElse(1);
  }

  /** Waits until the cameras of all these move, in whatever size the way here leaves them. */
  void seesMoving(Caller... others) {
    for (Caller other : others) {
      Tile own = other.awaitPicture(other.name, CAMERA);
      seesMoving(other.name, CAMERA, "moving", tile -> tile.isShapedLike(own));
    }
  }

  void seesInFull(String owner, String source, String size) {
    seesMoving(owner, source, "moving in " + size, tile -> tile.size().equals(size));
  }

  /** Waits until a tile shows a picture, and says which. */
  Tile awaitPicture(String owner, String source) {
    return await(
            "%s's %s".formatted(owner, source),
            report -> report.tile(owner, source).filter(Caller::shows).isPresent())
        .tile(owner, source)
        .orElseThrow();
  }

  /** Waits until so many others are heard: that many streams whose energy grows. */
  void hears(int others) {
    Map<String, Double> first = new HashMap<>();
    await(
        "to hear " + others,
        report ->
            report.inbound("audio").stream()
                    .filter(sound ->
                        sound.energy() > first.computeIfAbsent(sound.mid(), mid -> sound.energy()))
                    .count()
                >= others);
  }

  /** Waits until the tiles are these and no others: one's own, and for each of the others one. */
  void seesOnly(Caller... others) {
    Set<String> names = new TreeSet<>(List.of(name));
    for (Caller other : others) {
      names.add(other.name);
    }
    await(
        "only the tiles of " + names,
        report ->
            report.tiles().stream().map(Tile::name).sorted().toList().equals(List.copyOf(names)));
  }

  /**
   * Checks what holds at any time of a visit: one WebSocket, one peer connection and one offer, and
   * nobody but the server at its other end.
   */
  void talksOnlyToTheServer(TestServer server) {
    CallReport report =
        await(
            "a selected pair",
            now -> now.peers().stream().anyMatch(peer -> peer.selected() != null));
    assertAll(
        name + report.text(),
        () -> assertEquals(1, report.sockets(), "WebSockets"),
        () -> assertEquals(1, report.peers().size(), "peer connections"),
        () -> assertEquals(1, report.offers(), "offers made"),
        () -> assertEquals(1, report.diagnostics().path("offersCreated").asInt(), "offersCreated"),
        () -> assertEquals(List.of(), report.errors(), "uncaught errors in the page"));
    Peer peer = report.peers().getFirst();
    Pair selected = peer.selected();
    assertTrue(
        selected != null && server.media().contains(selected.remote()),
        () -> "The selected pair %s does not end at %s".formatted(selected, server.media()));
    Set<String> known = new TreeSet<>(server.media());
    known.addAll(server.tcp());
    assertTrue(
        known.containsAll(peer.remoteCandidates()),
        () -> "Not only %s among %s".formatted(known, peer.remoteCandidates()));
  }

  @Override
  public void close() {
    tab.close();
  }

  /** Waits for a picture that is decoded frame by frame, changes, is not black and fits. */
  private void seesMoving(String owner, String source, String how, Predicate<Tile> fits) {
    Map<String, CallReport> first = new HashMap<>();
    await(
        "%s's %s %s".formatted(owner, source, how),
        now ->
            now.tile(owner, source)
                .filter(Caller::shows)
                .filter(fits)
                .filter(tile -> tile.brightness() >= NOT_BLACK)
                .filter(tile -> moved(first.computeIfAbsent(tile.mid(), mid -> now), now, tile))
                .isPresent());
  }

  private static boolean shows(Tile tile) {
    return tile.picture() && tile.width() > 0;
  }

  private static boolean moved(CallReport first, CallReport now, Tile tile) {
    Tile before = first.tile(tile.name(), tile.source()).orElse(tile);
    return now.frames(tile) >= first.frames(before) + MOVING_FRAMES
        && tile.digest() != before.digest();
  }
}
