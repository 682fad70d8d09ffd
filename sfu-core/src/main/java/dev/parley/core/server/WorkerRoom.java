package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaRoom.JoinOffer;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.MediaSession;
import dev.parley.core.room.Room;
import dev.parley.core.room.Roster;
import dev.parley.core.room.Wing;
import dev.parley.core.sdp.Candidate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A room on one of its workers: offers are answered on virtual threads, all else happens on the
 * worker. Any thread.
 */
final class WorkerRoom {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRoom.class);

  private final String id;
  private final Worker worker;
  private final SfuServer.Engine engine;
  private final Supplier<List<Candidate>> candidates;
  private final CompletableFuture<Room> opened;

  /** Opened, and connected to the wings that were there before. */
  private volatile CompletableFuture<Room> ready;

  private volatile boolean closed;

  /** {@code roster} is the same, or a part of the same, for all wings of the room. */
  WorkerRoom(
      String id,
      Worker worker,
      Room.Settings settings,
      Roster roster,
      SfuServer.Engine engine,
      Supplier<List<Candidate>> candidates,
      MediaRoom.Listener listener) {
    this.id = id;
    this.worker = worker;
    this.engine = engine;
    this.candidates = candidates;
    this.opened = worker.call(() -> worker.open(id, settings, roster, listener));
    this.ready = opened;
  }

  Worker worker() {
    return worker;
  }

  /**
   * Connects this new wing and one that was there before. Nobody joins before that is done.
   *
   * @param first the other one is the room's first
   */
  void connect(WorkerRoom other, boolean first) {
    ready =
        ready
            .thenCombine(other.opened, (here, there) -> there)
            .thenCompose(there ->
                opened.thenCompose(here ->
                    see(this, here, other, there, first)
                        .thenCompose(done -> see(other, there, this, here, false))
                        .thenApply(done -> here)));
  }

  /** Makes {@code there} known to {@code here}. */
  private static CompletableFuture<Boolean> see(
      WorkerRoom near, Room here, WorkerRoom far, Room there, boolean decides) {
    Worker from = near.worker;
    Worker to = far.worker;
    Wing wing = new Wing(there, to.executor(), from.executor(), from.relayTo(to), decides);
    return from.call(() -> {
      here.connect(wing);
      return true;
    });
  }

  /** As {@link MediaRoom#full}, for this wing. */
  Optional<MediaException> full() {
    Overload.State load = worker.overload();
    return load.full()
        ? Optional.of(
            new MediaException(
                MediaException.Code.SERVER_FULL,
                "the server has no time for more media: its worker is busy for %.0f %% of the time"
                    .formatted(100 * load.load())))
        : Optional.empty();
  }

  CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener listener) {
    CompletableFuture<Negotiation> negotiated =
        CompletableFuture.supplyAsync(
            () -> Negotiation.begin(offer.sdp(), engine, candidates), engine.negotiation());
    return ready
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

  CompletionStage<MediaSession> adopt(
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
    return ready
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

  /** Closes every session here. */
  void close() {
    closed = true;
    var unused = opened.thenAccept(room -> worker.executor().execute(() -> worker.forget(room)));
  }
}
