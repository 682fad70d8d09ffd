package dev.parley.admin.quality;

import java.util.List;

/**
 * What was measured of one participant in one interval, and what it means.
 *
 * @param atMs the interval's end, milliseconds since 1970
 * @param level 0 (nothing gets through) to 5
 * @param lossDown the share that is lost on the way to it, {@code lossUp} from it, 0 to 1
 * @param estimateBps what its network takes, or -1
 * @param sentBps to it, without headers; {@code receivedBps} from it
 * @param wantedBps what all that it asks to see needs
 * @param frozenMs how long pictures stood still for it, as its client says, in this interval
 * @param path what carries its media: {@code udp tcp turn-udp turn-tcp turn-tls}, or empty
 */
public record QualitySample(
    long atMs,
    int durationMs,
    int level,
    double lossDown,
    double lossUp,
    double roundTripMs,
    double jitterMs,
    long estimateBps,
    long sentBps,
    long wantedBps,
    long receivedBps,
    int frozenMs,
    String path,
    List<Blame> blames) {
  private static final int POOR_LEVEL = 3;
  private static final double FROZEN_SHARE = 0.05;

  public QualitySample {
    blames = List.copyOf(blames);
  }

  /** Whether somebody would call this bad. */
  boolean poor() {
    return level <= POOR_LEVEL
        || frozenMs > FROZEN_SHARE * durationMs
        || blames.stream().anyMatch(blame -> spoils(blame.cause()));
  }

  private static boolean spoils(Cause cause) {
    return switch (cause) {
      case SERVER_OVERLOAD, INTERRUPTED, SENDER_CPU, SOURCE -> true;
      case LOSS_DOWN,
          LOSS_UP,
          LOW_BANDWIDTH_DOWN,
          LOW_BANDWIDTH_UP,
          HIGH_DELAY,
          JITTER,
          TCP_PATH,
          RELAY_PATH ->
          false;
    };
  }
}
