package dev.parley.core.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** The media engine: workers, their sockets and rooms. Any thread. */
public interface MediaServer extends AutoCloseable {
  /**
   * Opens a room on the worker with the most processor time left. When it has grown large, those
   * who join next are on other workers; nobody in the room notices.
   *
   * @param roomId unique among the open rooms
   * @throws MediaException {@code DRAINING} after {@link #close()}
   */
  MediaRoom openRoom(String roomId, MediaRoom.Listener listener);

  /**
   * Opens a room that shows and plays to each participant what it sends itself, and nobody else.
   *
   * @param roomId unique among the open rooms
   * @throws MediaException {@code DRAINING} after {@link #close()}
   */
  MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener);

  /** Totals since start, one entry a counter and a drop reason, summed over the workers. */
  List<Metric> metrics();

  /** How often sessions' pairs were selected since start, one entry for each kind of pair. */
  default List<PairTotal> selectedPairs() {
    return List.of();
  }

  /**
   * What became of the packets offered to subscriptions since start, one entry for each outcome.
   * Together they are the metric {@code rtp_offered}; {@code forwarded} is {@code rtp_forwarded}.
   */
  default List<OutcomeTotal> fanOut() {
    return List.of();
  }

  /** How busy the workers are. Waits for none of them. */
  default List<WorkerLoad> workerLoads() {
    return List.of();
  }

  /** How long forwarded packets were in this process, summed over the workers. */
  default LatencyTotals forwardingLatency() {
    return LatencyTotals.NONE;
  }

  /** The state of every worker, room, participant, track and slot, as JSON-like maps. */
  CompletionStage<Map<String, Object>> snapshot();

  /** What is measured now, one entry a worker; the switches are those since the last question. */
  CompletionStage<List<WorkerSample>> samples();

  /**
   * The addresses announced in every answer, those for UDP first. They may change while it runs.
   */
  List<AnnouncedAddress> announcedAddresses();

  /** Whether clients can be served, as far as media goes. */
  default Readiness readiness() {
    return Readiness.READY;
  }

  /** Who takes TCP connections that speak TURN; empty when this server relays nothing. */
  default Optional<RelayStreams> relayStreams() {
    return Optional.empty();
  }

  /** Closes every room and socket. Returns when the workers have stopped. */
  @Override
  void close();

  /**
   * Where clients are told to send media to.
   *
   * @param address for instance {@code 192.0.2.1:10000} or {@code [2001:db8::1]:10000}
   */
  record AnnouncedAddress(Transport transport, String address) {
    /** Without the port. */
    public InetAddress ip() {
      String host = address.substring(0, address.lastIndexOf(':'));
      return InetAddress.ofLiteral(host.replace("[", "").replace("]", ""));
    }

    /** {@code udp 192.0.2.1:10000}. */
    @Override
    public String toString() {
      return transport.name().toLowerCase(Locale.ROOT) + " " + address;
    }
  }

  /** What carries media. */
  enum Transport {
    UDP,
    TCP
  }

  /**
   * Whether a server, or a part of one, can do its work.
   *
   * @param reasons why it cannot; empty: it can
   * @param warnings what somebody should look at while it can
   */
  record Readiness(List<String> reasons, List<String> warnings) {
    public static final Readiness READY = new Readiness(List.of(), List.of());

    public Readiness {
      reasons = List.copyOf(reasons);
      warnings = List.copyOf(warnings);
    }

    /** Both together. */
    public Readiness and(Readiness other) {
      return new Readiness(
          Stream.concat(reasons.stream(), other.reasons.stream()).toList(),
          Stream.concat(warnings.stream(), other.warnings.stream()).toList());
    }
  }

  /** A total; the first three as in {@link MediaSession.Pair}. */
  record PairTotal(String type, String transport, String family, long total) {}

  /**
   * Packets that came to the same end.
   *
   * @param outcome {@code forwarded}, or why not: {@code other_layer}, {@code too_old} …
   */
  record OutcomeTotal(String outcome, long total) {}

  /**
   * One worker.
   *
   * @param worker from 0
   * @param sessions that live there
   * @param busySec processor time that its thread has used since start
   * @param silentSec since its thread had a turn last; little, unless it is stuck
   * @param load of its thread's time in the last two seconds, the share in which it was busy: 0 to
   *     1; what it was kept waiting counts as busy when it never gets done
   * @param full whether it takes nobody new
   * @param shedding how much video it leaves out for want of time: 0, nothing, to 6, all; the
   *     fraction is the share of viewers who are one level further
   */
  record WorkerLoad(
      int worker,
      int sessions,
      double busySec,
      double silentSec,
      double load,
      boolean full,
      double shedding) {}

  /**
   * Durations since start: from the arrival of a packet's batch to the batch's handing over to the
   * system. The time that video waits for its turn in the pacer is not in it.
   *
   * @param buckets in rising order; the last one has no bound
   * @param sumSec of all packets together
   */
  record LatencyTotals(List<LatencyBucket> buckets, double sumSec) {
    public static final LatencyTotals NONE = new LatencyTotals(List.of(), 0);

    public LatencyTotals {
      buckets = List.copyOf(buckets);
    }
  }

  /** So many packets took at most so long; {@code Double.POSITIVE_INFINITY} is all of them. */
  record LatencyBucket(double atMostSec, long packets) {}

  /** A total. {@code dropReason} says which of the two families it belongs to. */
  record Metric(String id, String sentence, boolean dropReason, long total) {}
}
