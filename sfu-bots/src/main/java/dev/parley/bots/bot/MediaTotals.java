package dev.parley.bots.bot;

import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.client.LightClient;
import dev.parley.bots.client.ReceivedStream;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import java.util.EnumMap;
import java.util.Map;

/** Turns a client's growing totals into what has been added since the last time. Loop's thread. */
final class MediaTotals {
  private static final long ACTIVE_NANOS = 2_000_000_000;

  private final ClientLoop loop;
  private final LightClient client;
  private final Measurements measured;
  private final Map<Metric, Long> before = new EnumMap<>(Metric.class);

  MediaTotals(ClientLoop loop, LightClient client, Measurements measured) {
    this.loop = loop;
    this.client = client;
    this.measured = measured;
  }

  void update() {
    long missed = 0;
    long expected = 0;
    long repaired = 0;
    long received = 0;
    long bytes = 0;
    long decrypted = 0;
    long undecryptable = 0;
    long nacks = 0;
    long frames = 0;
    for (ReceivedStream stream : client.streams()) {
      missed += stream.lost();
      expected += stream.lost() + stream.packets();
      repaired += stream.repaired();
      received += stream.packets();
      bytes += stream.bytes();
      decrypted += stream.decrypted();
      undecryptable += stream.undecryptable();
      nacks += stream.nacks();
      frames += stream.frames();
      if (stream.packets() > 1) {
        measured.time(
            stream.video() ? Metric.JITTER_VIDEO : Metric.JITTER_AUDIO,
            (long) stream.jitterNanos());
      }
    }
    add(Metric.PACKETS_SENT, client.packetsSent() + client.repeatsSent());
    add(Metric.REPEATS_SENT, client.repeatsSent());
    add(Metric.PACKETS_RECEIVED, received);
    add(Metric.BYTES_RECEIVED, bytes);
    add(Metric.PACKETS_EXPECTED, expected);
    add(Metric.PACKETS_MISSED, missed);
    add(Metric.PACKETS_LOST, Math.max(0, missed - repaired));
    add(Metric.PACKETS_DECRYPTED, decrypted);
    add(Metric.PACKETS_UNDECRYPTABLE, undecryptable);
    add(Metric.PACKETS_UNKNOWN_SSRC, client.unknownSsrc());
    add(Metric.PACKETS_OTHER, client.otherPackets());
    add(Metric.NACKS, nacks);
    add(Metric.KEY_FRAMES_ASKED, client.keyFramesAsked());
    add(Metric.KEY_FRAME_REQUESTS, client.keyFrameRequests());
    add(Metric.PICTURES, frames);
    add(Metric.PACKETS_DROPPED_UP, loop.droppedTowardsServer(client));
  }

  private void add(Metric metric, long total) {
    long known = before.getOrDefault(metric, 0L);
    measured.count(metric, total - known);
    before.put(metric, total);
  }

  /** Video streams of which something came lately. */
  int activeVideo(long nowNanos) {
    int active = 0;
    for (ReceivedStream stream : client.streams()) {
      active += stream.video() && nowNanos - stream.lastNanos() < ACTIVE_NANOS ? 1 : 0;
    }
    return active;
  }
}
