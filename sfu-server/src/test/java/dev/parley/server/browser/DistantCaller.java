package dev.parley.server.browser;

import dev.parley.server.browser.CallReport.Pair;
import dev.parley.server.browser.CallReport.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * A person with a browser of their own, that runs wherever its launcher starts it: for tests of
 * other packages. Belongs to the thread that launched it.
 */
public final class DistantCaller implements AutoCloseable {
  private final String name;
  private final Chromium browser;
  private @Nullable Caller caller;

  private DistantCaller(String name, Chromium browser) {
    this.name = name;
    this.browser = browser;
  }

  /**
   * The selected way of the media.
   *
   * @param localType of the own candidate, for instance "relay"
   * @param protocol "udp" or "tcp"; to a relay its own: "udp", "tcp" or "tls"
   * @param remote the server's address and port
   */
  public record Way(String local, String localType, String protocol, String remote) {}

  /** Skips the test where there is no Chromium. */
  public static void assumePossible() {
    Assumptions.assumeTrue(
        Chromium.installed().isPresent(),
        "Chromium is not installed. On Debian: apt-get install chromium");
  }

  /** Chromium's program. */
  public static Path chromium() {
    return Chromium.installed().orElseThrow();
  }

  public static DistantCaller launch(String name, Path launcher, List<String> options) {
    return new DistantCaller(name, Chromium.launch(launcher, options));
  }

  /** Enters a room with camera and microphone, by its call page; returns once it is entered. */
  public void enter(String page, String room) {
    leave();
    Caller entering =
        new Caller(
            name,
            browser.openWatching(
                "%s?room=%s&name=%s&join=1&height=180".formatted(page, room, name)));
    caller = entering;
    entering.joined();
  }

  /** Ends the visit as one who closes the page. */
  public void leave() {
    if (caller != null) {
      caller.close();
      caller = null;
    }
  }

  private Caller caller() {
    return Objects.requireNonNull(caller, "not in a room");
  }

  /** Waits until the other one's picture moves, and the sound of so many others is heard. */
  public void seesAndHears(DistantCaller other) {
    caller().seesMoving(other.caller());
    caller().hears(1);
  }

  /** From the decision to join to the first picture of somebody else. */
  public int firstPictureMs() {
    return caller().report().msBetween("joining", "firstPicture");
  }

  public Way way() {
    CallReport report = caller().await("a selected pair", now -> selected(now).isPresent());
    Pair pair = selected(report).orElseThrow();
    String protocol = pair.relayProtocol() == null ? pair.protocol() : pair.relayProtocol();
    return new Way(pair.local(), pair.localType(), protocol, pair.remote());
  }

  private static Optional<Pair> selected(CallReport report) {
    return report.peers().stream().map(Peer::selected).filter(Objects::nonNull).findFirst();
  }

  /** How many WebSockets the page has opened: one, unless the first was lost. */
  public int sockets() {
    return caller().report().sockets();
  }

  /** How many offers the page has made: one, and one for each ICE restart. */
  public int offers() {
    return caller().report().offers();
  }

  /** Begins to measure how long the others' pictures stand still. */
  public void watch() {
    var unused = WatchedPicture.of(caller().tab(), true);
  }

  /** The longest time without a new picture since {@link #watch}, which goes on. */
  public double longestGapMs() {
    return WatchedPicture.of(caller().tab(), false).stream()
        .mapToDouble(WatchedPicture::longestGapMs)
        .max()
        .orElse(0);
  }

  /**
   * Waits until the others' pictures move, having stood still for at least so long since {@link
   * #watch}.
   */
  public void awaitMovingAfterGapMs(double leastMs, Duration limit) {
    long[] framesBefore = {frames()};
    Await.until(
        name + ": pictures that move again",
        limit,
        this::frames,
        frames -> {
          boolean moves = frames >= framesBefore[0] + 2;
          framesBefore[0] = frames;
          return moves && longestGapMs() >= leastMs;
        },
        frames -> caller().report().text());
  }

  private long frames() {
    return WatchedPicture.of(caller().tab(), false).stream()
        .mapToLong(WatchedPicture::frames)
        .sum();
  }

  /** Waits until something holds; fails when the time is over. */
  public static void awaitTrue(String what, Duration limit, BooleanSupplier condition) {
    Await.until(what, limit, condition::getAsBoolean);
  }

  /** Lets time pass. */
  public static void pause(Duration time) {
    Await.pause(time);
  }

  /** Keeps what is seen now, for a failure. */
  public void keep(Path folder, String stem) {
    if (caller == null) {
      return;
    }
    try {
      Files.writeString(folder.resolve(stem + "-" + name + ".json"), caller().report().text());
      Files.write(folder.resolve(stem + "-" + name + ".png"), caller().tab().screenshot());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    caller = null;
    browser.close();
  }
}
