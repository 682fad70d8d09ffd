package dev.parley.core.bwe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Senders that share one link of limited rate with a queue, in virtual time: each sends what an SFU
 * would for its estimate, one of a few rates, and padding when its estimator probes.
 */
final class Bottleneck {
  static final long MILLI = 1_000_000;
  private static final long STEP = MILLI;
  private static final int PACKET_BYTES = 1150;
  private static final long FRAME_NANOS = 33 * MILLI;

  /** What happens on the way. */
  static final class Path {
    long bitsPerSecond = 3_000_000;
    long delayNanos = 25 * MILLI;
    long jitterNanos;
    double loss;
    double feedbackLoss;
    long queueNanos = 300 * MILLI;
  }

  private record Packet(Sender sender, int number, int bytes, long sentNanos) {}

  private record Delivery(long nanos, long order, Runnable run) {}

  /** One subscriber's estimator with its source. */
  final class Sender {
    final Estimator estimator = new Estimator(new Estimator.Settings(60_000, 600_000, 50_000_000));
    final ArrivalRecorder arrivals = new ArrivalRecorder();
    final long[] ladder;
    long allocated;
    long receivedBytes;
    long sentBytes;
    private double owed;
    private long nextFrame = 5 * MILLI;
    private long nextUpNanos;
    private final Pacer pacer = new Pacer();
    private final ArrayDeque<Integer> waiting = new ArrayDeque<>();

    Sender(long... ladder) {
      this.ladder = ladder;
    }

    /** The highest that fits; up only with room to spare and some time after the last change. */
    private void allocate() {
      long target = estimator.targetBitsPerSecond();
      long best = ladder[0];
      for (long rung : ladder) {
        if (rung <= target * 0.95 && (rung <= allocated || rung * 1.15 <= target)) {
          best = rung;
        }
      }
      if (best > allocated && now < nextUpNanos) {
        return;
      }
      if (best != allocated) {
        nextUpNanos = now + 1000 * MILLI;
      }
      allocated = best;
      estimator.allocated(allocated, ladder[ladder.length - 1], now);
      pacer.rate(estimator.pacingBitsPerSecond());
    }

    private void tick() {
      if (now % (100 * MILLI) == 0) {
        allocate();
      }
      if (now >= nextFrame) {
        nextFrame += FRAME_NANOS;
        owed += allocated / 8e9 * FRAME_NANOS * (0.8 + 0.4 * random.nextDouble());
        while (owed > 0) {
          int size = (int) Math.min(PACKET_BYTES, Math.max(owed, 100));
          waiting.add(size);
          owed -= size;
        }
      }
      while (!waiting.isEmpty() && pacer.maySend(now)) {
        send(waiting.poll());
      }
      if (now % (10 * MILLI) == 0) {
        if (estimator.nextTimeoutNanos() <= now) {
          estimator.handleTimeout(now);
        }
        int probe = waiting.isEmpty() ? estimator.probeBytes(now) : 0;
        while (probe > 0) {
          send(PACKET_BYTES);
          probe -= PACKET_BYTES;
        }
      }
      if (arrivals.nextTimeoutNanos() <= now) {
        byte[] rtcp = new byte[1200];
        int length = arrivals.write(rtcp, 0, rtcp.length, 1, 2, now);
        if (length > 0 && random.nextDouble() >= path.feedbackLoss) {
          at(now + path.delayNanos, () -> estimator.onFeedback(rtcp, 0, length, now));
        }
      }
    }

    private void send(int bytes) {
      int number = estimator.onSend(bytes, now);
      pacer.onSent(bytes);
      sentBytes += bytes;
      enqueue(new Packet(this, number, bytes, now));
    }
  }

  final Path path = new Path();
  final List<Sender> senders = new ArrayList<>();
  final List<Double> queueingMs = new ArrayList<>();
  final Random random;
  long now = 1_000_000 * MILLI;
  private final PriorityQueue<Delivery> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Delivery::nanos).thenComparingLong(Delivery::order));
  private long orders;
  private long linkFreeNanos;

  Bottleneck(long seed) {
    random = new Random(seed);
  }

  Sender sender(long... ladder) {
    Sender sender = new Sender(ladder);
    sender.nextFrame = now + 7 * MILLI * senders.size();
    senders.add(sender);
    return sender;
  }

  private void enqueue(Packet packet) {
    long start = Math.max(now, linkFreeNanos);
    if (start - now > path.queueNanos) {
      return;
    }
    queueingMs.add((start - now) / 1e6);
    linkFreeNanos = start + packet.bytes() * 8_000_000_000L / path.bitsPerSecond;
    if (random.nextDouble() < path.loss) {
      return;
    }
    long jitter = path.jitterNanos == 0 ? 0 : (long) (random.nextDouble() * path.jitterNanos);
    long arrival = linkFreeNanos + path.delayNanos + jitter;
    at(
        arrival,
        () -> {
          packet.sender().arrivals.onPacket(packet.number(), now);
          packet.sender().receivedBytes += packet.bytes();
        });
  }

  private void at(long nanos, Runnable run) {
    events.add(new Delivery(nanos, orders++, run));
  }

  /** Lets time pass. */
  void pass(long millis) {
    for (long end = now + millis * MILLI; now < end; now += STEP) {
      Delivery next = events.peek();
      while (next != null && next.nanos() <= now) {
        events.poll().run().run();
        next = events.peek();
      }
      senders.forEach(Sender::tick);
    }
  }

  /** Lets time pass and says at which rate each sender was received, in bits a second. */
  double[] measure(long millis) {
    long[] before = senders.stream().mapToLong(s -> s.receivedBytes).toArray();
    queueingMs.clear();
    pass(millis);
    double[] rates = new double[before.length];
    for (int i = 0; i < rates.length; i++) {
      rates[i] = (senders.get(i).receivedBytes - before[i]) * 8000.0 / millis;
    }
    return rates;
  }

  double queueing95() {
    double[] sorted = queueingMs.stream().mapToDouble(d -> d).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? 0 : sorted[(int) (sorted.length * 0.95)];
  }
}
