package dev.parley.bots.run;

import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.measure.ServerSample;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The bots' counts beside the server's. With nobody else on the server, what bots sent is what it
 * received and what was lost on the way.
 *
 * @param sent media packets by the bots, without those that their modelled networks lost
 * @param received authenticated by the server, repetitions included
 * @param dropped by the server, of whatever kind; its {@code /metrics} have the reasons
 * @param forwardingP50Ms within which half of the packets were handed on; a class's bound, and
 *     empty when the server does not tell
 * @param forwardingP99Ms the same for 99 of 100
 */
public record ServerCounters(
    long sent,
    long received,
    long forwarded,
    long dropped,
    double cpuSeconds,
    double gcSeconds,
    double heapBytes,
    OptionalDouble forwardingP50Ms,
    OptionalDouble forwardingP99Ms) {
  static final String RECEIVED = "sfu_media_rtp_received_total";
  private static final String FORWARDED = "sfu_media_rtp_forwarded_total";
  private static final String DROPPED = "sfu_media_dropped_total";
  private static final String FORWARDING = "sfu_media_forwarding_seconds";
  private static final String CPU = "process_cpu_seconds_total";
  private static final String GC = "jvm_gc_collection_seconds_sum";
  private static final String HEAP = "jvm_memory_used_bytes";
  private static final String OLD_HEAP = "jvm_memory_bytes_used";

  /** Empty when the server's counters could not be read. */
  public static Optional<ServerCounters> of(Outcome outcome) {
    return of(outcome.total(), outcome.before(), outcome.after());
  }

  static Optional<ServerCounters> of(
      Measurements total, Optional<ServerSample> first, Optional<ServerSample> last) {
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    ServerSample before = first.get();
    ServerSample after = last.get();
    return Optional.of(
        new ServerCounters(
            total.count(Metric.PACKETS_SENT) - total.count(Metric.PACKETS_DROPPED_UP),
            (long) after.since(before, RECEIVED).orElse(0),
            (long) after.since(before, FORWARDED).orElse(0),
            (long) after.since(before, DROPPED).orElse(0),
            after.since(before, CPU).orElse(0),
            after.since(before, GC).orElse(0),
            after.value(HEAP).orElse(after.value(OLD_HEAP).orElse(0)),
            millis(after.quantileSince(before, FORWARDING, 0.5)),
            millis(after.quantileSince(before, FORWARDING, 0.99))));
  }

  private static OptionalDouble millis(OptionalDouble seconds) {
    return seconds.isPresent()
        ? OptionalDouble.of(seconds.getAsDouble() * 1e3)
        : OptionalDouble.empty();
  }

  /** Sent and not received, as a part of what was sent; negative: others sent as well. */
  public double missing() {
    return sent == 0 ? 0 : (double) (sent - received) / sent;
  }

  /** Of the server's process for each packet that it forwarded, in microseconds. */
  public double microsPerForwarded() {
    return forwarded == 0 ? 0 : cpuSeconds * 1e6 / forwarded;
  }
}
