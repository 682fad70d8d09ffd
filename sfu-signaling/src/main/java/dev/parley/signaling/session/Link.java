package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.Refusal;
import java.util.Optional;

/**
 * A session's way to its client: one WebSocket. Called on the room thread; everything is sent in
 * the order of the calls, and nothing when the socket is gone.
 */
interface Link {
  /**
   * The reply to hello: from now on the link belongs to the session.
   *
   * @param count given back by the link at its end
   */
  void greeted(long helloId, Session session, LedgerEntry count, ObjectNode reply);

  /**
   * No session for this hello.
   *
   * @param close how the socket ends; empty lets the client say hello again
   */
  void refused(long helloId, Refusal refusal, Optional<CloseCode> close);

  /**
   * The client has proved to be somebody whom an earlier process knew by this identity: the next
   * hello over this link is that one's, unless a token says otherwise.
   */
  void recognized(String identity);

  void event(long seq, EventFrame event);

  void answer(long id, RoomRequests.Answer answer);

  void close(CloseCode code, String words);
}
