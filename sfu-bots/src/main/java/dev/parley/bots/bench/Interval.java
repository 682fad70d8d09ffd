package dev.parley.bots.bench;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the server's process did between two samples. */
record Interval(ServerSample from, ServerSample to) {
  double seconds() {
    return (to.atNanos() - from.atNanos()) / 1e9;
  }

  /** By how much a counter has grown. */
  long grown(String id) {
    return to.total(id) - from.total(id);
  }

  /** Packets that left for subscribers; 1 if there were none, so that it may divide. */
  long forwarded() {
    return Math.max(1, grown("rtp_forwarded"));
  }

  double packetsPerSecond() {
    return forwarded() / seconds();
  }

  /** CPU time of the media threads for each packet forwarded. */
  double mediaNanosPerPacket() {
    return (double) (to.mediaCpuNanos() - from.mediaCpuNanos()) / forwarded();
  }

  /** CPU time of the whole process for each packet forwarded. */
  double processNanosPerPacket() {
    return (double) (to.processCpuNanos() - from.processCpuNanos()) / forwarded();
  }

  /** Of one core, by the media threads. */
  double mediaBusy() {
    return (to.mediaCpuNanos() - from.mediaCpuNanos()) / (seconds() * 1e9);
  }

  /** What the media thread that did least had of the work of all; 0 when there was none. */
  double leastWorkerShare() {
    long all = to.mediaCpuNanos() - from.mediaCpuNanos();
    long least =
        IntStream.range(0, to.workerCpuNanos().size())
            .mapToLong(i -> to.workerCpuNanos().get(i) - from.workerCpuNanos().get(i))
            .min()
            .orElse(0);
    return all <= 0 ? 0 : (double) least / all;
  }

  /** Datagrams of a message, which is a segmented send of many or a plain one of a single one. */
  double datagramsPerMessage() {
    long datagrams = grown("datagrams_sent");
    long messages = grown("gso_sends") + datagrams - grown("gso_datagrams");
    return (double) datagrams / Math.max(1, messages);
  }

  double bytesPerDatagram() {
    return (double) grown("bytes_sent") / Math.max(1, grown("datagrams_sent"));
  }

  /** What the server dropped, by reason. */
  Map<String, Long> drops() {
    Map<String, Long> drops = new TreeMap<>();
    to.drops()
        .forEach((id, total) -> {
          long more = total - from.drops().getOrDefault(id, 0L);
          if (more > 0) {
            drops.put(id, more);
          }
        });
    return drops;
  }
}
