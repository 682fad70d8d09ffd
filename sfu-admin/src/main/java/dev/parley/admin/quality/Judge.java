package dev.parley.admin.quality;

import dev.parley.core.api.MediaSample;
import java.util.ArrayList;
import java.util.List;

/** Says what an interval's numbers mean. Pure. */
final class Judge {
  /** What a codec's concealment no longer hides. */
  static final double LOSS = 0.03;

  private static final long FEW_PACKETS = 20;
  private static final double SHARE_WANTED = 0.8;

  /** Both ways; ITU-T G.114 advises against more than half of it for one. */
  private static final double DELAY_MS = 300;

  private static final double JITTER_MS = 40;

  private Judge() {}

  /** What one participant's own numbers say, without what others send. */
  static List<Blame> own(
      MediaSample now,
      double lossUp,
      long packetsUp,
      ClientDigest client,
      boolean overloaded,
      boolean wasConnected) {
    List<Blame> all = new ArrayList<>();
    add(all, overloaded || shed(now), Cause.SERVER_OVERLOAD);
    add(all, wasConnected && !now.connected(), Cause.INTERRUPTED);
    if (now.connected()) {
      boolean lossy = now.lossDown() > LOSS;
      add(all, lossy, Cause.LOSS_DOWN);
      add(all, packetsUp >= FEW_PACKETS && lossUp > LOSS, Cause.LOSS_UP);
      // Where much is lost, the estimate is low for that.
      add(all, !lossy && starved(now), Cause.LOW_BANDWIDTH_DOWN);
      add(all, client.limitedByBandwidth(), Cause.LOW_BANDWIDTH_UP);
      add(all, client.limitedByCpu(), Cause.SENDER_CPU);
      add(all, now.roundTripMs() > DELAY_MS, Cause.HIGH_DELAY);
      add(all, now.jitterMs() > JITTER_MS, Cause.JITTER);
      add(all, now.path().endsWith("tcp") || now.path().endsWith("tls"), Cause.TCP_PATH);
      add(all, now.path().equals("turn-udp"), Cause.RELAY_PATH);
    }
    return all;
  }

  private static boolean shed(MediaSample now) {
    return now.shown().stream().anyMatch(shown -> shown.reason().equals("server"));
  }

  private static boolean starved(MediaSample now) {
    return now.estimateBps() != MediaSample.UNKNOWN
        && now.allocatedBps() < SHARE_WANTED * now.wantedBps()
        && now.shown().stream().anyMatch(shown -> shown.reason().equals("bandwidth"));
  }

  private static void add(List<Blame> all, boolean so, Cause cause) {
    if (so) {
      all.add(Blame.of(cause));
    }
  }
}
