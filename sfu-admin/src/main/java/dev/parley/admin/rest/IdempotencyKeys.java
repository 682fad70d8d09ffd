package dev.parley.admin.rest;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers to requests that carried an {@code Idempotency-Key}: the same request gets the same
 * answer again, without being carried out. Of requests only digests are kept. One event loop.
 */
final class IdempotencyKeys {
  static final long KEPT_MS = 86_400_000;

  private final int most;
  private final InstantSource clock;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private static final class Entry {
    private final byte[] request;
    private final long atMs;
    private @Nullable Answer answer;

    Entry(byte[] request, long atMs) {
      this.request = request;
      this.atMs = atMs;
    }
  }

  /**
   * The oldest keys give way.
   *
   * @param most how many are remembered
   */
  IdempotencyKeys(int most, InstantSource clock) {
    this.most = most;
    this.clock = clock;
  }

  /**
   * What to answer instead of carrying the request out; empty: it is to be carried out, and {@link
   * #done} follows.
   *
   * @param key of this caller
   * @param request method, path and body
   */
  Optional<Answer> begin(String key, String request) {
    long nowMs = clock.millis();
    entries.values().removeIf(entry -> nowMs - entry.atMs >= KEPT_MS);
    byte[] digest = Sha256.of(request);
    @Nullable Entry known = entries.get(key);
    if (known == null) {
      entries.put(key, new Entry(digest, nowMs));
      if (entries.size() > most) {
        entries.remove(entries.keySet().iterator().next());
      }
      return Optional.empty();
    }
    if (!Arrays.equals(known.request, digest)) {
      return Optional.of(
          Answer.problem(
              422, "idempotency_key_reused", "the Idempotency-Key was sent with another request"));
    }
    @Nullable Answer answer = known.answer;
    return Optional.of(
        answer == null
            ? Answer.problem(
                409, "request_under_way", "the request with this Idempotency-Key is under way")
            : answer.with("Idempotent-Replayed", "true"));
  }

  /** What was refused has changed nothing, and may succeed later: it is not remembered. */
  void done(String key, Answer answer) {
    @Nullable Entry entry = entries.get(key);
    if (entry != null && !answer.isProblem()) {
      entry.answer = answer;
    } else {
      entries.remove(key);
    }
  }

  int size() {
    return entries.size();
  }
}
