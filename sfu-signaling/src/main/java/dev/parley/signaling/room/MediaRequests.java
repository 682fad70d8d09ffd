package dev.parley.signaling.room;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.wire.Request;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** What a client asks of its media connection as it is. Room thread. */
record MediaRequests(Executor roomThread) {
  void negotiate(
      Seat seat, Request.Negotiate request, Consumer<Outcome<MediaSession.Answer>> reply) {
    withMedia(seat, media -> media.negotiate(request.gen(), request.sdp()), reply);
  }

  /** New ICE credentials for the media connection. */
  void restartIce(
      Seat seat, Request.IceRestart request, Consumer<Outcome<MediaSession.LocalIce>> reply) {
    withMedia(
        seat, media -> media.restartIce(request.gen(), request.ufrag(), request.pwd()), reply);
  }

  void candidates(Seat seat, Request.IceCandidates request, Consumer<Outcome<Boolean>> reply) {
    withMedia(
        seat,
        media ->
            media.remoteCandidates(request.gen(), request.candidates()).thenApply(done -> true),
        reply);
  }

  private <T> void withMedia(
      Seat seat, Function<MediaSession, CompletionStage<T>> command, Consumer<Outcome<T>> reply) {
    Optional<MediaSession> media = seat.participant().media();
    if (media.isEmpty()) {
      reply.accept(Outcome.refused(PublishedTracks.NO_MEDIA));
    } else {
      MediaOutcome.of(() -> command.apply(media.get()), roomThread, reply);
    }
  }
}
