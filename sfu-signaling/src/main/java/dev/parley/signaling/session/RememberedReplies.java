package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.session.RoomRequests.Answer;
import dev.parley.signaling.wire.Request;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last requests of one session with their replies, so that one which is repeated after a lost
 * socket is answered and not carried out again. The same id with other content is another request.
 * Room thread.
 */
final class RememberedReplies {
  private static final Answer NOTHING = new Answer.Ok(Replies.empty());

  private final int most;
  private final Map<Long, Entry> byId = new LinkedHashMap<>();

  /**
   * A request's trace: its content is known by its hash, so that no offer is kept.
   *
   * @param answer empty while the request is under way
   */
  record Entry(String type, int hash, Optional<Answer> answer) {}

  RememberedReplies(int most) {
    this.most = most;
  }

  Optional<Entry> find(long id, Request request) {
    return Optional.ofNullable(byId.get(id))
        .filter(known -> known.type().equals(request.type()) && known.hash() == request.hashCode());
  }

  void begin(long id, Request request) {
    byId.remove(id);
    byId.put(id, new Entry(request.type(), request.hashCode(), Optional.empty()));
    if (byId.size() > most) {
      forgetOldestAnswered();
    }
  }

  void done(long id, Answer answer) {
    boolean empty = answer instanceof Answer.Ok(ObjectNode data) && data.isEmpty();
    byId.computeIfPresent(
        id,
        (known, entry) ->
            new Entry(entry.type(), entry.hash(), Optional.of(empty ? NOTHING : answer)));
  }

  void clear() {
    byId.clear();
  }

  private void forgetOldestAnswered() {
    Iterator<Entry> entries = byId.values().iterator();
    while (entries.hasNext()) {
      if (entries.next().answer().isPresent()) {
        entries.remove();
        return;
      }
    }
  }
}
