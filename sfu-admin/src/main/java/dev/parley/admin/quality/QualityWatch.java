package dev.parley.admin.quality;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.WorkerSample;
import dev.parley.signaling.Operator;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.OperatorRooms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a sample of everybody at regular times, says what it means, and keeps the last ten minutes.
 * A thread of its own; answers on any thread.
 */
public final class QualityWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QualityWatch.class);
  private static final Duration KEPT = Duration.ofMinutes(10);

  /** Of so many intervals. */
  private static final int PATIENCE = 3;

  /** A participant's place: participants' ids are unique in their room. */
  private record Key(String roomId, String participantId) {}

  private final MediaServer media;
  private final Operator operator;
  private final Duration interval;
  private final LoadMeter meter;
  private final int samplesKept;
  private final Map<Key, Watched> watched = new ConcurrentHashMap<>();
  private final List<MinuteListener> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("quality").unstarted(task));
  private volatile ServerLoad load = ServerLoad.NONE;
  private boolean asking;

  /** Begins with {@link #start}. */
  public QualityWatch(MediaServer media, Operator operator, Duration interval) {
    this(media, operator, interval, new LoadMeter.ThisMachine());
  }

  QualityWatch(MediaServer media, Operator operator, Duration interval, LoadMeter.Machine machine) {
    this.media = media;
    this.operator = operator;
    this.interval = interval;
    this.meter = new LoadMeter(machine);
    this.samplesKept = (int) Math.max(1, KEPT.dividedBy(interval));
  }

  public void start() {
    var unused =
        thread.scheduleWithFixedDelay(
            this::ask, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Minutes that are not whole are told. */
  @Override
  public void close() {
    thread.execute(
        () -> watched.values().forEach(gone -> gone.end().ifPresent(m -> tell(gone, m))));
    thread.shutdown();
    try {
      if (!thread.awaitTermination(1, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells of minutes from now on. */
  public void listen(MinuteListener listener) {
    listeners.add(listener);
  }

  /** Of the last interval. */
  public ServerLoad load() {
    return load;
  }

  public Duration interval() {
    return interval;
  }

  /**
   * Somebody in a room as it was measured last.
   *
   * @param shown what it is shown
   */
  public record View(
      OperatorRooms.Person person, Optional<QualitySample> latest, List<MediaSample.Shown> shown) {}

  /** Everybody in a room, by its name. */
  public List<View> room(String name) {
    return watched.values().stream()
        .filter(known -> known.person().room().equals(name))
        .map(known -> new View(known.person(), known.latest(), known.shown()))
        .sorted(Comparator.comparing(view -> view.person().participantId()))
        .toList();
  }

  /** What one participant's last minutes were like. */
  public record History(
      OperatorRooms.Person person, List<QualitySample> samples, List<MediaSample.Switch> switches) {
    /** Why. */
    public Diagnosis diagnosis() {
      // Each by itself, so that what is told of a cause was measured while it was so.
      return Diagnosis.of(
          samples.stream().map(sample -> QualityMinute.of(List.of(sample), 0)).toList());
    }
  }

  /**
   * The last minutes of somebody who is inside.
   *
   * @param sinceMs what is not later is left out
   */
  public Optional<History> history(String room, String participantId, long sinceMs) {
    return watched.values().stream()
        .filter(known ->
            known.person().participantId().equals(participantId)
                && known.person().room().equals(room))
        .findFirst()
        .map(known ->
            new History(
                known.person(), known.timeline.samples(sinceMs), known.timeline.switches(sinceMs)));
  }

  private void ask() {
    if (asking) {
      return;
    }
    asking = true;
    CompletableFuture<List<WorkerSample>> workers = answered(media::samples);
    CompletableFuture<List<OperatorRooms.Person>> people =
        answered(() -> operator.rooms(OperatorRooms::people));
    var unused =
        workers
            .thenAcceptBothAsync(people, this::take, thread)
            .whenCompleteAsync((done, failure) -> asked(failure), thread);
  }

  /** Who has no time to answer is not waited for; neither is who fails. */
  private <T> CompletableFuture<T> answered(Supplier<CompletionStage<T>> question) {
    try {
      // A copy: what is answered later still has the questioner's own stage to complete.
      return question
          .get()
          .toCompletableFuture()
          .copy()
          .orTimeout(PATIENCE * interval.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RuntimeException broken) {
      return CompletableFuture.failedFuture(broken);
    }
  }

  private void asked(@Nullable Throwable failure) {
    asking = false;
    if (failure != null) {
      load = LoadMeter.silent(load, media.workerLoads());
      LogLine.event("quality.failed").error(log, failure);
    }
  }

  /** Takes in what everybody answered. The sampling thread. */
  void take(List<WorkerSample> workers, List<OperatorRooms.Person> people) {
    ServerLoad now = meter.measure(workers, media.forwardingLatency(), System.nanoTime());
    load = now;
    Map<Key, OperatorRooms.Person> inside = new HashMap<>();
    people.forEach(person -> inside.put(new Key(person.roomId(), person.participantId()), person));
    Map<Key, Watched.Reading> readings = new HashMap<>();
    Set<Key> present = new HashSet<>();
    for (WorkerSample worker : workers) {
      for (MediaSample sample : worker.participants()) {
        Key key = new Key(sample.roomId(), sample.participantId());
        OperatorRooms.Person person = inside.get(key);
        if (person != null) {
          present.add(key);
          watched
              .computeIfAbsent(key, fresh -> new Watched(person, samplesKept))
              .read(person, sample, now.overloaded())
              .ifPresent(reading -> readings.put(key, reading));
        }
      }
    }
    readings.forEach((key, reading) -> settle(reading, blames(key, reading, readings)));
    watched.forEach((key, gone) -> {
      if (!present.contains(key)) {
        watched.remove(key);
        gone.end().ifPresent(minute -> tell(gone, minute));
      }
    });
  }

  /** Its own, and what is wrong with what others send it. */
  private static List<Blame> blames(
      Key key, Watched.Reading reading, Map<Key, Watched.Reading> readings) {
    List<Blame> all = new ArrayList<>(reading.own());
    for (MediaSample.Shown shown : reading.now().shown()) {
      Watched.Reading source = readings.get(new Key(key.roomId(), shown.participantId()));
      if (source != null && shown.live()) {
        source.own().stream()
            .map(Blame::cause)
            .filter(cause -> cause.spoilsSending() && concerns(cause, shown))
            .map(cause -> Blame.source(shown.participantId(), cause))
            .filter(blame -> !all.contains(blame))
            .forEach(all::add);
      }
    }
    return all;
  }

  private static boolean concerns(Cause cause, MediaSample.Shown shown) {
    boolean ofVideo = cause == Cause.SENDER_CPU || cause == Cause.LOW_BANDWIDTH_UP;
    return !ofVideo || shown.source().kind() == MediaKind.VIDEO;
  }

  private void settle(Watched.Reading reading, List<Blame> blames) {
    Watched of = reading.of();
    of.add(reading.sample(blames)).ifPresent(minute -> tell(of, minute));
  }

  private void tell(Watched of, QualityMinute minute) {
    for (MinuteListener listener : listeners) {
      try {
        listener.onMinute(of.visit(), minute);
      } catch (RuntimeException broken) {
        LogLine.event("quality.listener_failed").error(log, broken);
      }
    }
  }
}
