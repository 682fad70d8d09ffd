package dev.parley.core.bwe;

import dev.parley.core.common.HotPath;
import dev.parley.core.rtp.TransportFeedbackReader;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What one subscriber's network takes, in bits a second on the wire: by transport-wide feedback on
 * delay and loss (after Google congestion control, see docs/bwe.md), by the receiver's own estimate
 * (REMB), or by the losses of its reports. Worker's thread only.
 */
public final class Estimator implements TransportFeedbackReader.Visitor, ArrivalGroups.Listener {
  /** All in bits a second. */
  public record Settings(long least, long start, long most) {}

  /** A feedback covers what arrived by then; the clocks of the two ends have nothing in common. */
  private static final long ARRIVAL_MODULUS_MICROS = (1L << 24) * 64_000;

  private static final long SILENCE_NANOS = 1_000_000_000;
  private static final long SILENCE_STEP_NANOS = 500_000_000;
  private static final double SILENCE_BACK_OFF = 0.7;

  /** Less than so much of the estimate is sent: more could not be noticed. */
  private static final double LIMITED_BELOW = 0.5;

  private static final long STANDING_QUEUE_NANOS = 20_000_000;
  private static final long LONG_QUEUE_NANOS = 60_000_000;
  private static final double FULL_QUEUE_LOSS = 0.03;

  /** While packets wait for long, the queue is to drain. */
  private static final double DRAINING = 0.9;

  private static final double PACING = 1.5;
  private static final long SENT_WINDOW_NANOS = 500_000_000;
  private static final long DEFAULT_ROUND_TRIP_NANOS = 100_000_000;
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Settings settings;
  private final SentTimes sent;
  private final ArrivalGroups groups = new ArrivalGroups(this);
  private final Trendline trendline = new Trendline();
  private final AcknowledgedRate acknowledged = new AcknowledgedRate();
  private final RateControl delayBased;
  private final LossControl lossBased = new LossControl();
  private final Prober prober = new Prober();
  private final QueueDelay queue = new QueueDelay();

  private boolean transportWide;
  private boolean known;
  private boolean congested;
  private long remb = Long.MAX_VALUE;
  private long wanted;
  private long used;
  private long roundTripNanos = DEFAULT_ROUND_TRIP_NANOS;
  private long feedbackNanos = NEVER;
  private long oldestOpenNanos = Long.MAX_VALUE;
  private long silenceNanos = NEVER;
  private long sentBytes;
  private long sentSinceNanos = NEVER;
  private long sentRate;
  private long calmSinceNanos = NEVER;
  private long arrivalBase;
  private long lastArrivalMicros = -1;

  public Estimator(Settings settings) {
    this(settings, new SentTimes());
  }

  private Estimator(Settings settings, SentTimes sent) {
    this.settings = settings;
    this.sent = sent;
    this.delayBased = new RateControl(settings.least(), settings.start(), settings.most());
  }

  /**
   * The estimator of another path to the same receiver: it begins at the first rate, and goes on
   * with the transport-wide numbers. This one is not used any more.
   */
  public Estimator anew() {
    sent.forget();
    Estimator fresh = new Estimator(settings, sent);
    fresh.transportWide = transportWide;
    fresh.known = known;
    return fresh;
  }

  /**
   * A packet leaves.
   *
   * @param bytesOnWire with IP and UDP headers
   * @return the transport-wide sequence number it is to carry, 16 bits
   */
  @HotPath
  public int onSend(int bytesOnWire, long nowNanos) {
    long elapsed = nowNanos - sentSinceNanos;
    if (elapsed >= SENT_WINDOW_NANOS) {
      sentRate = elapsed < 2 * SENT_WINDOW_NANOS ? sentBytes * 8_000_000_000L / elapsed : 0;
      sentBytes = 0;
      sentSinceNanos = nowNanos;
    }
    sentBytes += bytesOnWire;
    if (oldestOpenNanos == Long.MAX_VALUE) {
      oldestOpenNanos = nowNanos;
    }
    int cluster = prober.cluster();
    prober.onSent(bytesOnWire);
    return (int) sent.add(bytesOnWire, cluster, nowNanos) & 0xffff;
  }

  /** Fetches what {@link #onSend} needs into the processor's cache; the value means nothing. */
  @HotPath
  public int warm() {
    return (int) (sentBytes + oldestOpenNanos) + prober.cluster() + sent.warm();
  }

  /**
   * Takes in one RTCP packet of transport-wide feedback.
   *
   * @return false when it is malformed
   */
  public boolean onFeedback(byte[] rtcp, int offset, int lengthBytes, long nowNanos) {
    if (!TransportFeedbackReader.read(rtcp, offset, lengthBytes, this)) {
      return false;
    }
    transportWide = true;
    known = true;
    feedbackNanos = nowNanos;
    oldestOpenNanos = Long.MAX_VALUE;
    queue.update(nowNanos);
    long before = delayBased.bitsPerSecond();
    Trendline.Usage usage = usage();
    delayBased.update(
        usage,
        usage == Trendline.Usage.OVER
            ? acknowledged.latestBitsPerSecond()
            : acknowledged.bitsPerSecond(),
        applicationLimited(),
        share(),
        roundTripNanos,
        nowNanos);
    boolean lower = delayBased.bitsPerSecond() < before;
    long lossLimit = lossBased.limit();
    lossBased.update(before, acknowledged.bitsPerSecond(), roundTripNanos, nowNanos);
    lower |= lossBased.limit() < lossLimit;
    if (lower) {
      congested = true;
      calmSinceNanos = nowNanos;
      prober.onDecrease(nowNanos);
    }
    long probed = prober.result(targetBitsPerSecond(), nowNanos);
    if (probed > targetBitsPerSecond()) {
      delayBased.set(probed);
      lossBased.raise(probed);
    }
    return true;
  }

  @Override
  public void onPacket(int number16, boolean received, long arrivalMicros) {
    long number = sent.unwrap(number16);
    if (number < 0) {
      return;
    }
    int size = sent.size(number);
    if (size == SentTimes.UNKNOWN) {
      return;
    }
    if (!received) {
      if (sent.miss(number)) {
        lossBased.onPacket(false);
      }
      return;
    }
    if (sent.missed(number)) {
      lossBased.onLate();
    } else {
      lossBased.onPacket(true);
    }
    sent.take(number);
    long arrived = unwrap(arrivalMicros) * 1_000;
    long left = sent.nanos(number);
    acknowledged.onPacket(arrived, size);
    queue.onPacket(arrived - left);
    groups.onPacket(left, arrived);
    int cluster = sent.cluster(number);
    if (cluster != 0) {
      prober.onArrived(cluster, left, arrived, size);
    }
  }

  private double share() {
    return Math.min(1, (double) targetBitsPerSecond() / Math.max(wanted, 1));
  }

  private long unwrap(long micros) {
    if (lastArrivalMicros >= 0) {
      long step = micros - lastArrivalMicros;
      if (step < -ARRIVAL_MODULUS_MICROS / 2) {
        arrivalBase += ARRIVAL_MODULUS_MICROS;
      } else if (step > ARRIVAL_MODULUS_MICROS / 2) {
        arrivalBase -= ARRIVAL_MODULUS_MICROS;
      }
    }
    lastArrivalMicros = micros;
    return arrivalBase + micros;
  }

  @Override
  public void onGroup(long sentDelta, long arrivedDelta, long arrivedNanos) {
    trendline.onGroup(sentDelta, arrivedDelta, arrivedNanos);
  }

  /** A delay that grows within our own bursts, with no queue left behind them, only ends growth. */
  private Trendline.Usage usage() {
    Trendline.Usage usage = trendline.usage();
    long waiting = queue.queueNanos();
    if (usage == Trendline.Usage.OVER) {
      return waiting < STANDING_QUEUE_NANOS ? Trendline.Usage.UNDER : usage;
    }
    if (usage == Trendline.Usage.NORMAL && waiting > LONG_QUEUE_NANOS) {
      // A queue that is full grows no more; what does not fit is lost.
      return lossBased.recent() > FULL_QUEUE_LOSS ? Trendline.Usage.OVER : Trendline.Usage.UNDER;
    }
    return usage;
  }

  /** The receiver's own estimate; holds until the next one. */
  public void onRemb(long bitsPerSecond, long nowNanos) {
    remb = bitsPerSecond;
    if (!transportWide) {
      known = true;
      feedbackNanos = nowNanos;
      if (bitsPerSecond < settings.start()) {
        congested = true;
      }
    }
  }

  /**
   * The receiver's report on one stream. Its losses count where nothing better is reported.
   *
   * @param fractionLost in 1/256
   */
  public void onReceiverReport(int fractionLost, long roundTrip, long nowNanos) {
    roundTripNanos = roundTrip;
    if (transportWide || remb != Long.MAX_VALUE) {
      return;
    }
    for (int i = 0; i < 256; i += 8) {
      lossBased.onPacket(i >= fractionLost);
    }
    long before = lossBased.limit();
    long rate = known ? targetBitsPerSecond() : Math.max(sentRate, settings.least());
    lossBased.update(rate, -1, roundTrip, nowNanos);
    if (lossBased.limit() < before) {
      if (!known) {
        delayBased.set(settings.most());
      }
      known = true;
      congested = true;
    }
  }

  /** Tells what is going to be sent, and what would be without a limit. */
  public void allocated(long bitsPerSecond, long wantedBitsPerSecond, long nowNanos) {
    used = bitsPerSecond;
    wanted = wantedBitsPerSecond;
  }

  /** The bytes that are to be sent now to learn more; 0 most of the time. */
  public int probeBytes(long nowNanos) {
    if (!transportWide) {
      return 0;
    }
    prober.update(
        targetBitsPerSecond(),
        Math.min(wanted, settings.most()),
        trendline.usage() == Trendline.Usage.NORMAL && lossBased.calm(),
        calmSinceNanos,
        nowNanos);
    return prober.due(nowNanos);
  }

  /** Whether more of a probe is to be sent as time goes by. */
  public boolean probing() {
    return prober.sending();
  }

  public long nextTimeoutNanos() {
    return transportWide && oldestOpenNanos != Long.MAX_VALUE
        ? Math.max(oldestOpenNanos, Math.max(feedbackNanos, silenceNanos)) + SILENCE_STEP_NANOS
        : Long.MAX_VALUE;
  }

  /** Backs off while packets leave and nothing is heard of them. */
  public void handleTimeout(long nowNanos) {
    if (transportWide
        && nowNanos - feedbackNanos > SILENCE_NANOS
        && oldestOpenNanos != Long.MAX_VALUE
        && nowNanos - oldestOpenNanos > SILENCE_NANOS
        && nowNanos - silenceNanos > SILENCE_STEP_NANOS) {
      silenceNanos = nowNanos;
      delayBased.set((long) (targetBitsPerSecond() * SILENCE_BACK_OFF));
      congested = true;
      calmSinceNanos = nowNanos;
      prober.onDecrease(nowNanos);
    }
  }

  /** Whether anything is known of the network; before, there is no limit. */
  public boolean known() {
    return known;
  }

  /** Whether the network has ever taken less than was sent. */
  public boolean congestedBefore() {
    return congested;
  }

  public long targetBitsPerSecond() {
    boolean receivers = remb != Long.MAX_VALUE && !transportWide;
    long target = Math.min(receivers ? remb : delayBased.bitsPerSecond(), lossBased.limit());
    return Math.max(settings.least(), Math.min(target, settings.most()));
  }

  public long pacingBitsPerSecond() {
    double factor = queue.queueNanos() > LONG_QUEUE_NANOS ? DRAINING : PACING;
    return (long) (targetBitsPerSecond() * factor);
  }

  /** Whether too little is sent to learn of more. */
  public boolean applicationLimited() {
    return sentRate < LIMITED_BELOW * targetBitsPerSecond();
  }

  /** The share of what is sent that is lost of late, from 0 to 1. */
  public double loss() {
    return lossBased.ratio();
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("known", known);
    state.put("targetBitsPerSecond", targetBitsPerSecond());
    state.put("acknowledgedBitsPerSecond", acknowledged.bitsPerSecond());
    state.put("sentBitsPerSecond", sentRate);
    state.put("usedBitsPerSecond", used);
    state.put("wantedBitsPerSecond", wanted);
    state.put("usage", trendline.usage().name().toLowerCase(Locale.ROOT));
    state.put("queueMs", queue.queueNanos() / 1e6);
    state.put("loss", loss());
    state.put("roundTripMs", roundTripNanos / 1e6);
    state.put("applicationLimited", applicationLimited());
    return state;
  }
}
