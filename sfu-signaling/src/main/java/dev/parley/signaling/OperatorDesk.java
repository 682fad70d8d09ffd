package dev.parley.signaling;

import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.RoomEvent;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.session.Services;
import dev.parley.signaling.session.SessionView;
import dev.parley.signaling.session.Sessions;
import dev.parley.signaling.token.TokenMinter;
import dev.parley.signaling.token.TokenRules;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Carries an operator's requests to the room thread. */
final class OperatorDesk implements Operator {
  private final Services services;
  private final Sessions sessions;
  private final OperatorRooms rooms;
  private final Optional<TokenMinter> minter;

  OperatorDesk(Services services, Sessions sessions) {
    this.services = services;
    this.sessions = sessions;
    this.rooms = new OperatorRooms(services.rooms());
    TokenRules rules = services.config().tokens();
    this.minter =
        rules.canSign() ? Optional.of(new TokenMinter(services.vertx(), rules)) : Optional.empty();
  }

  @Override
  public boolean draining() {
    return services.rooms().draining();
  }

  @Override
  public void drain() {
    services
        .roomThread()
        .execute(() -> {
          services.rooms().drain();
          sessions.tellAll(
              new Event.ServerNotice(
                  "draining", "none", "The server will stop soon: nobody can join any more."));
        });
  }

  @Override
  public void resume() {
    services.roomThread().execute(() -> services.rooms().resume());
  }

  @Override
  public <T> CompletionStage<T> rooms(Function<OperatorRooms, T> request) {
    return onRoomThread(() -> request.apply(rooms));
  }

  @Override
  public CompletionStage<List<SessionView>> sessions() {
    return onRoomThread(sessions::list);
  }

  @Override
  public CompletionStage<Outcome<Boolean>> endSession(String sessionId, String words) {
    return onRoomThread(() ->
        sessions.end(sessionId, words)
            ? Outcome.done(true)
            : Outcome.refused(
                Refusal.of(ErrorCode.SESSION_NOT_FOUND, "no session has the id " + sessionId)));
  }

  @Override
  public Outcome<String> mintToken(TokenVerdict.Granted who, Duration ttl) {
    return minter
        .<Outcome<String>>map(
            signing -> Outcome.done(signing.mint(who, ttl, System.currentTimeMillis() / 1000)))
        .orElseGet(() ->
            Outcome.refused(
                Refusal.of(
                    ErrorCode.FORBIDDEN,
                    "this server has no secret to sign tokens with: set auth.secret")));
  }

  @Override
  public IceOffer iceServers(String owner) {
    return services.credentials().iceOf(owner);
  }

  @Override
  public Runnable listen(RoomEvent.Listener listener) {
    return services.rooms().listen(listener);
  }

  private <T> CompletionStage<T> onRoomThread(Supplier<T> request) {
    return CompletableFuture.supplyAsync(request, services.roomThread());
  }
}
