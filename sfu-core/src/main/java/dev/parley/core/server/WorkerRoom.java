package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.room.Room;
import dev.parley.core.sdp.Candidate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A room on its worker: offers are answered on virtual threads, all else happens on the worker. */
final class WorkerRoom implements MediaRoom {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRoom.class);

  private final String id;
  private final Worker worker;
  private final SfuServer.Engine engine;
  private final Supplier<List<Candidate>> candidates;
  private final CompletableFuture<Room> opened;
  private volatile boolean closed;

  WorkerRoom(
      String id,
      Worker worker,
      Room.Settings settings,
      SfuServer.Engine engine,
      Supplier<List<Candidate>> candidates,
      Listener listener) {
    this.id = id;
    this.worker = worker;
    this.engine = engine;
    this.candidates = candidates;
    this.opened = worker.call(() -> worker.open(id, settings, listener));
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Optional<MediaException> full() {
    Overload.State load = worker.overload();
    return load.full()
        ? Optional.of(
            new MediaException(
                MediaException.Code.SERVER_FULL,
                "the server has no time for more media: its worker is busy for %.0f %% of the time"
                    .formatted(100 * load.load())))
        : Optional.empty();
  }

  @Override
  public CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener listener) {
    CompletableFuture<Negotiation> negotiated =
        CompletableFuture.supplyAsync(
            () -> Negotiation.begin(offer.sdp(), engine, candidates), engine.negotiation());
    return opened
        .thenCompose(room -> negotiated.thenCompose(n -> open(n, room, offer, listener)))
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(typed(e)));
  }

  private CompletableFuture<MediaSession> open(
      Negotiation negotiation, Room room, JoinOffer offer, MediaSession.Listener listener) {
    return worker.call(() -> {
      if (closed) {
        throw new MediaException(MediaException.Code.ROOM_ENDED, "room " + id + " has ended");
      }
      return ParticipantSession.open(worker, room, engine, negotiation, offer, listener);
    });
  }

  @Override
  public CompletionStage<MediaSession> adopt(
      MediaSession session,
      String participantId,
      List<TrackPublication> tracks,
      MediaSession.Listener listener) {
    if (!(session instanceof ParticipantSession moving) || !moving.isOf(engine)) {
      return CompletableFuture.failedFuture(
          new MediaException(
              MediaException.Code.BAD_REQUEST,
              "the session of " + session.participantId() + " is none of this server"));
    }
    List<TrackPublication> published = List.copyOf(tracks);
    return opened
        .thenCompose(room ->
            new RoomSwitch(moving, worker, room, () -> closed, participantId, published, listener)
                .run())
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(typed(e)));
  }

  /** Typed errors as they are; anything else is ours, is logged, and tells the client nothing. */
  static MediaException typed(Throwable e) {
    Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    if (cause instanceof MediaException known) {
      return known;
    }
    LOG.atError().addKeyValue("event", "media.command_failed").setCause(cause).log();
    return new MediaException(MediaException.Code.INTERNAL, "the server failed; see its log");
  }

  @Override
  public void close() {
    closed = true;
    var unused = opened.thenAccept(room -> worker.executor().execute(() -> worker.forget(room)));
  }
}
