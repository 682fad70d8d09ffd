package dev.parley.bots.bench;

import java.util.List;

/**
 * What {@code bench overload} measured.
 *
 * @param capacity viewers that one worker carries at the limit, computed from what one costs
 * @param shedding everybody is let in, and pictures become smaller
 * @param admission newcomers are refused when the worker is full
 */
record OverloadResult(
    Machine machine,
    OverloadSettings settings,
    double capacity,
    List<Point> shedding,
    List<Point> admission) {
  private static final double GENERATOR_BUSY = 0.9;
  private static final int WHOLE = 100;

  OverloadResult {
    shedding = List.copyOf(shedding);
    admission = List.copyOf(admission);
  }

  /**
   * A step of the curve.
   *
   * @param offeredPercent of the capacity
   * @param offered viewers who came so far
   * @param inside of them; the others were refused
   * @param forwardedPerSec packets handed to viewers, by the server's count
   * @param videoBps received by all viewers
   * @param videoShare of what they would be sent without any limit
   * @param audioShare of the voices' packets, of those sent; one packet of a viewer may be on
   *     either side of a measurement's ends, and does not count as missing
   * @param audioLost of them, by gaps in the numbers
   * @param busy share of a core that the worker used
   * @param load as the server measures it, over the last 2 s
   * @param level how much video is left out, at the end; 0 to 6
   * @param p50Ms and {@code p99Ms} in the server; the bounds of classes, not above them; -1:
   *     unknown
   * @param generatorBusy share of a core that the viewers' thread used
   */
  record Point(
      int offeredPercent,
      int offered,
      int inside,
      double forwardedPerSec,
      double videoBps,
      double videoShare,
      double audioShare,
      double audioLost,
      double busy,
      double load,
      double level,
      double p50Ms,
      double p99Ms,
      double generatorBusy) {
    int refused() {
      return offered - inside;
    }

    /** Of the voices' packets, those that viewers did not get, by numbers or by their count. */
    double audioMissing() {
      return inside == 0 ? 0 : Math.max(audioLost, 1 - audioShare);
    }

    boolean generatorWasBottleneck() {
      return generatorBusy > GENERATOR_BUSY;
    }
  }

  /**
   * What is forwarded in the last step, of what is forwarded at 100 %; NaN unless there is a step
   * at 100 % and the last one is above it.
   */
  static double kept(List<Point> curve) {
    if (curve.isEmpty() || curve.getLast().offeredPercent() <= WHOLE) {
      return Double.NaN;
    }
    double whole =
        curve.stream()
            .filter(point -> point.offeredPercent() == WHOLE)
            .mapToDouble(Point::forwardedPerSec)
            .findFirst()
            .orElse(Double.NaN);
    return curve.getLast().forwardedPerSec() / whole;
  }
}
