package dev.parley.admin.quality;

import dev.parley.core.api.MediaSample;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.room.OperatorRooms;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes samples of one participant, good ones unless something is said. */
final class Samples {
  static final int INTERVAL_MS = 2000;

  String path = "udp";
  boolean connected = true;
  int level = 5;
  double roundTripMs = 40;
  double jitterMs = 5;
  double lossDown;
  double lossUp;
  long estimateBps = 5_000_000;
  long allocatedBps = 2_000_000;
  long wantedBps = 2_000_000;
  Optional<String> stats = Optional.empty();
  final List<MediaSample.Shown> shown = new ArrayList<>();
  final List<MediaSample.Switch> switches = new ArrayList<>();
  private final String id;
  private long packets;
  private double lost;
  private long atMs;

  Samples(String id, long atMs) {
    this.id = id;
    this.atMs = atMs;
  }

  void sees(String other, TrackSource source, String reason) {
    shown.add(
        new MediaSample.Shown(
            "m" + shown.size(), other, source, true, new MediaSample.Picture(0, 0, 180), reason));
  }

  OperatorRooms.Person person() {
    return new OperatorRooms.Person(
        "clinic",
        "rm_1",
        id,
        id + "@x",
        id.toUpperCase(java.util.Locale.ROOT),
        "participant",
        stats);
  }

  MediaSample next() {
    atMs += INTERVAL_MS;
    packets += 200;
    lost += 200 * lossUp / (1 - lossUp);
    MediaSample sample =
        new MediaSample(
            "rm_1",
            id,
            atMs,
            connected,
            path,
            level,
            roundTripMs,
            jitterMs,
            lossDown,
            packets,
            Math.round(lost),
            packets * 1000,
            packets * 2000,
            estimateBps,
            allocatedBps,
            wantedBps,
            shown,
            switches);
    switches.clear();
    return sample;
  }
}
