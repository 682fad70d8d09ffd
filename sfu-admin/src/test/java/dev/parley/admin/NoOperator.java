package dev.parley.admin;

import dev.parley.signaling.Operator;
import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.session.SessionView;
import dev.parley.signaling.token.TokenVerdict;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Is asked for nothing but whether it drains. */
public final class NoOperator implements Operator {
  @Override
  public boolean draining() {
    return false;
  }

  @Override
  public void drain() {
    throw new AssertionError("asked");
  }

  @Override
  public void resume() {
    throw new AssertionError("asked");
  }

  @Override
  public <T> CompletionStage<T> rooms(Function<OperatorRooms, T> request) {
    throw new AssertionError("asked");
  }

  @Override
  public CompletionStage<List<SessionView>> sessions() {
    throw new AssertionError("asked");
  }

  @Override
  public CompletionStage<Outcome<Boolean>> endSession(String sessionId, String words) {
    throw new AssertionError("asked");
  }

  @Override
  public Outcome<String> mintToken(TokenVerdict.Granted who, Duration ttl) {
    throw new AssertionError("asked");
  }

  @Override
  public IceOffer iceServers(String owner) {
    throw new AssertionError("asked");
  }

  @Override
  public Runnable listen(RoomEvent.Listener listener) {
    return () -> {};
  }
}
