package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A room, on one worker as long as it is small. When a worker has as many of its people as one is
 * to have, those who come next are on another one, in a wing of their own; when all workers have
 * their share, in the wing with the fewest. Who is in stays where it is. Any thread.
 */
final class SpreadRoom implements MediaRoom {
  /** How a wing is made on a worker, with its part of the roster. */
  interface Opener {
    WorkerRoom open(Worker worker, SharedRoster.Part people);
  }

  private final String id;
  private final int perWorker;
  private final Function<Set<Worker>, @Nullable Worker> nextWorker;
  private final Opener opener;
  private final SharedRoster roster = new SharedRoster();

  /** The first one decides who is heard. Guarded by itself. */
  private final List<Wing> wings = new ArrayList<>();

  /** Guarded by {@link #wings}. */
  private boolean closed;

  private record Wing(WorkerRoom room, SharedRoster.Part people) {}

  /**
   * Opens the room on its first worker.
   *
   * @param perWorker so many participants are on a worker before the next one is used; 0: all are
   *     on the first one
   * @param nextWorker the best that is none of these; null: there is none
   */
  SpreadRoom(
      String id,
      Worker first,
      int perWorker,
      Function<Set<Worker>, @Nullable Worker> nextWorker,
      Opener opener) {
    this.id = id;
    this.perWorker = perWorker;
    this.nextWorker = nextWorker;
    this.opener = opener;
    open(first);
  }

  private Wing open(Worker worker) {
    SharedRoster.Part people = roster.part();
    Wing made = new Wing(opener.open(worker, people), people);
    for (int i = 0; i < wings.size(); i++) {
      made.room().connect(wings.get(i).room(), i == 0);
    }
    wings.add(made);
    return made;
  }

  /** The wing for the next one, who is counted from now on as arriving. */
  private Wing choose() {
    synchronized (wings) {
      Wing chosen = chosen();
      chosen.people().expect();
      return chosen;
    }
  }

  private Wing chosen() {
    if (perWorker == 0 || closed) {
      return wings.getFirst();
    }
    List<Wing> open = wings.stream().filter(wing -> wing.room().full().isEmpty()).toList();
    for (Wing wing : open) {
      if (wing.people().size() < perWorker) {
        return wing;
      }
    }
    Worker next = nextWorker();
    return next == null || next.overload().full()
        ? fewest(open.isEmpty() ? wings : open)
        : open(next);
  }

  private static Wing fewest(List<Wing> of) {
    return of.stream().min(Comparator.comparingInt(wing -> wing.people().size())).orElseThrow();
  }

  private @Nullable Worker nextWorker() {
    return nextWorker.apply(wings.stream().map(w -> w.room().worker()).collect(Collectors.toSet()));
  }

  /** When every worker that it has, or could have, is full. */
  @Override
  public Optional<MediaException> full() {
    synchronized (wings) {
      Worker next = perWorker == 0 ? null : nextWorker();
      boolean room =
          wings.stream().anyMatch(wing -> wing.room().full().isEmpty())
              || (next != null && !next.overload().full());
      return room ? Optional.empty() : wings.getFirst().room().full();
    }
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public CompletionStage<MediaSession> join(JoinOffer offer, MediaSession.Listener listener) {
    Wing wing = choose();
    return arrived(wing, () -> wing.room().join(offer, listener));
  }

  @Override
  public CompletionStage<MediaSession> adopt(
      MediaSession session,
      String participantId,
      List<TrackPublication> tracks,
      MediaSession.Listener listener) {
    Wing wing = choose();
    return arrived(wing, () -> wing.room().adopt(session, participantId, tracks, listener));
  }

  private static CompletionStage<MediaSession> arrived(
      Wing wing, Supplier<CompletionStage<MediaSession>> way) {
    return way.get().whenComplete((session, refusal) -> wing.people().arrived());
  }

  @Override
  public void close() {
    synchronized (wings) {
      closed = true;
      wings.forEach(wing -> wing.room().close());
    }
  }
}
