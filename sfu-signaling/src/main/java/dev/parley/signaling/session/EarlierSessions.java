package dev.parley.signaling.session;

import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.wire.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The people without a token whom an earlier process knew. A resume token of theirs proves who they
 * are for as long as rooms keep places after a restart; their sessions do not come back. Room
 * thread.
 */
final class EarlierSessions {
  private final Map<String, SavedSession> byId = new HashMap<>();
  private long endsAtMs;

  void restore(List<SavedSession> saved, long nowMs) {
    saved.forEach(session -> byId.put(session.sessionId(), session));
    endsAtMs = nowMs + Admission.RECOVERY_MS;
  }

  /**
   * Who it is that shows this token. It counts more than once: the reply to the first hello may be
   * lost.
   */
  Optional<String> identityOf(Request.Resume wish, long nowMs) {
    forget(nowMs);
    @Nullable SavedSession session = byId.get(wish.sessionId());
    List<String> hashes = session == null ? List.of() : session.tokenHashes();
    boolean proved = false;
    for (String hash : hashes) {
      proved |= ResumeToken.ofHash(hash).matches(wish.resumeToken());
    }
    return session != null && proved ? Optional.of(session.identity()) : Optional.empty();
  }

  /** Those who may still come back, for the next process. */
  List<SavedSession> save(long nowMs) {
    forget(nowMs);
    return new ArrayList<>(byId.values());
  }

  private void forget(long nowMs) {
    if (nowMs >= endsAtMs) {
      byId.clear();
    }
  }
}
