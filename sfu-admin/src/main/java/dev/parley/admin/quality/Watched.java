package dev.parley.admin.quality;

import dev.parley.core.api.MediaSample;
import dev.parley.signaling.room.OperatorRooms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of one participant. Written by the sampling thread. */
final class Watched {
  private static final long MINUTE_MS = 60_000;

  final Timeline timeline;
  private final List<QualitySample> minute = new ArrayList<>();
  private int minuteSwitches;
  private int newSwitches;
  private @Nullable MediaSample before;
  private boolean wasConnected;
  private volatile OperatorRooms.Person person;
  private volatile List<MediaSample.Shown> shown = List.of();
  private volatile @Nullable QualitySample latest;

  Watched(OperatorRooms.Person person, int samples) {
    this.person = person;
    this.timeline = new Timeline(samples);
  }

  /**
   * What a sample says compared with the one before; without what others send.
   *
   * @param frozenMs in this interval, as the client says
   */
  record Reading(
      Watched of, MediaSample last, MediaSample now, double lossUp, int frozenMs, List<Blame> own) {
    QualitySample sample(List<Blame> blames) {
      long elapsedMs = now.atMs() - last.atMs();
      return new QualitySample(
          now.atMs(),
          (int) elapsedMs,
          now.level(),
          now.lossDown(),
          lossUp,
          now.roundTripMs(),
          now.jitterMs(),
          now.estimateBps(),
          bitsPerSecond(now.bytesSent() - last.bytesSent(), elapsedMs),
          now.wantedBps(),
          bitsPerSecond(now.bytesReceived() - last.bytesReceived(), elapsedMs),
          frozenMs,
          now.path(),
          blames);
    }

    private static long bitsPerSecond(long bytes, long elapsedMs) {
      return Math.max(0, bytes) * 8000 / elapsedMs;
    }
  }

  /** Takes the next sample in; empty while there is nothing to compare or to judge. */
  Optional<Reading> read(OperatorRooms.Person now, MediaSample sample, boolean overloaded) {
    person = now;
    shown = sample.shown();
    MediaSample last = before;
    before = sample;
    boolean connectedBefore = wasConnected;
    wasConnected |= sample.connected();
    timeline.note(sample.switches());
    newSwitches += sample.switches().size();
    if (last == null || sample.level() < 0 || sample.atMs() <= last.atMs()) {
      return Optional.empty();
    }
    // Totals shrink when a track ends or a late packet comes after all.
    long came = Math.max(0, sample.packetsReceived() - last.packetsReceived());
    long lost = Math.max(0, sample.packetsLost() - last.packetsLost());
    double lossUp = came + lost == 0 ? 0 : lost / (double) (came + lost);
    ClientDigest client = ClientDigest.read(now.clientStats());
    return Optional.of(
        new Reading(
            this,
            last,
            sample,
            lossUp,
            client.frozenMs(sample.atMs() - last.atMs()),
            Judge.own(sample, lossUp, came + lost, client, overloaded, connectedBefore)));
  }

  /**
   * Takes a judged sample into the time-line.
   *
   * @return the minute that it does not belong to any more, if it is the first of another
   */
  Optional<QualityMinute> add(QualitySample sample) {
    timeline.add(sample);
    latest = sample;
    boolean next =
        !minute.isEmpty() && minute.getLast().atMs() / MINUTE_MS != sample.atMs() / MINUTE_MS;
    Optional<QualityMinute> whole = next ? end() : Optional.empty();
    minute.add(sample);
    minuteSwitches += newSwitches;
    newSwitches = 0;
    return whole;
  }

  /** The minute so far, which begins anew. */
  Optional<QualityMinute> end() {
    if (minute.isEmpty()) {
      return Optional.empty();
    }
    QualityMinute whole = QualityMinute.of(minute, minuteSwitches);
    minute.clear();
    minuteSwitches = 0;
    return Optional.of(whole);
  }

  VisitRef visit() {
    OperatorRooms.Person who = person;
    return new VisitRef(
        who.room(), who.roomId(), who.participantId(), who.identity(), who.displayName());
  }

  OperatorRooms.Person person() {
    return person;
  }

  List<MediaSample.Shown> shown() {
    return shown;
  }

  Optional<QualitySample> latest() {
    return Optional.ofNullable(latest);
  }
}
