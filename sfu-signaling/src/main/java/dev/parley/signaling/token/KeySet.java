package dev.parley.signaling.token;

import dev.parley.signaling.observe.LogLine;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The published keys of somebody who issues tokens, as they were last read. They are read when a
 * token needs them: the first time, when what is known is older than {@code refresh}, and when no
 * known key has the name that a token gives; never twice within {@code retry}. A reading that fails
 * leaves the keys as they were. Any thread; nothing blocks.
 */
final class KeySet {
  private static final Logger log = LoggerFactory.getLogger(KeySet.class);

  private final String source;
  private final Supplier<CompletableFuture<KeyRing>> reading;
  private final long refreshSec;
  private final long retrySec;
  private Optional<KeyRing> known = Optional.empty();
  private @Nullable CompletableFuture<Optional<KeyRing>> underWay;
  private long knownSec;
  private long triedSec;
  private boolean tried;

  /**
   * @param source names it in the log
   * @param reading starts one and returns at once
   */
  KeySet(
      String source,
      Supplier<CompletableFuture<KeyRing>> reading,
      Duration refresh,
      Duration retry) {
    this.source = source;
    this.reading = reading;
    this.refreshSec = refresh.toSeconds();
    this.retrySec = retry.toSeconds();
  }

  /**
   * The keys to check a token with; empty when none have ever been read. Never fails.
   *
   * @param nowSec seconds since 1970
   */
  CompletableFuture<Optional<KeyRing>> keysFor(TokenText token, long nowSec) {
    CompletableFuture<Optional<KeyRing>> started;
    synchronized (this) {
      boolean enough =
          known.isPresent()
              && isWithin(knownSec, refreshSec, nowSec)
              && known.get().mayVerify(token);
      if (enough) {
        return CompletableFuture.completedFuture(known);
      }
      if (underWay != null) {
        return underWay;
      }
      if (tried && isWithin(triedSec, retrySec, nowSec)) {
        return CompletableFuture.completedFuture(known);
      }
      tried = true;
      triedSec = nowSec;
      started = new CompletableFuture<>();
      underWay = started;
    }
    var unused =
        reading.get().whenComplete((keys, failure) -> finish(started, keys, failure, nowSec));
    return started;
  }

  private void finish(
      CompletableFuture<Optional<KeyRing>> started,
      @Nullable KeyRing keys,
      @Nullable Throwable failure,
      long nowSec) {
    Optional<KeyRing> now;
    synchronized (this) {
      if (keys != null) {
        known = Optional.of(keys);
        knownSec = nowSec;
      }
      now = known;
      underWay = null;
    }
    if (keys != null) {
      LogLine.event("keyset.read").with("source", source).with("keys", keys.size()).info(log);
    } else {
      LogLine.event("keyset.failed")
          .with("source", source)
          .with("kept", now.map(KeyRing::size).orElse(0))
          .error(log, failure);
    }
    started.complete(now);
  }

  /** A clock that was set back counts as much time gone. */
  private static boolean isWithin(long sinceSec, long spanSec, long nowSec) {
    return nowSec >= sinceSec && nowSec - sinceSec < spanSec;
  }
}
