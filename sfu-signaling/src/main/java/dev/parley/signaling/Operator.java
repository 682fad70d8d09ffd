package dev.parley.signaling;

import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.session.SessionView;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.LeaveReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * An operator's way into the front end. Any thread; what is asked is carried out on the room
 * thread, which also completes the answers. What cannot be done is a {@link Outcome.Refused}.
 */
public interface Operator {
  /** Whether nobody is let in any more. */
  boolean draining();

  /** Lets nobody join any more and tells everybody; calls that are going on go on. */
  void drain();

  /** Lets people join again. */
  void resume();

  /**
   * Does something to rooms.
   *
   * @param request runs on the room thread; must return at once
   */
  <T> CompletionStage<T> rooms(Function<OperatorRooms, T> request);

  /** Every session, with a socket or waiting for its client. */
  CompletionStage<List<SessionView>> sessions();

  /**
   * Ends a session: its client is told that it was removed ({@link LeaveReason#KICKED}).
   *
   * @param words what the client is told; may be empty
   */
  CompletionStage<Outcome<Boolean>> endSession(String sessionId, String words);

  /** A token for a client, or a refusal where this server cannot sign. */
  Outcome<String> mintToken(TokenVerdict.Granted who, Duration ttl);

  /** STUN and TURN servers, with fresh credentials where there are any. */
  IceOffer iceServers(String owner);

  /**
   * Tells a listener, on the room thread, what happens in rooms from now on.
   *
   * @return ends it
   */
  Runnable listen(RoomEvent.Listener listener);
}
