package dev.parley.bots.network;

/**
 * What one direction of a network does to datagrams: they wait at the bottleneck, some are lost
 * behind it, the others delayed.
 *
 * @param bitsPerSecond of the bottleneck; 0: there is none
 * @param queueNanos that may wait there, as a time at its rate
 * @param jitterNanos the standard deviation of what is added to the delay, cut at three of them;
 *     the order is kept
 * @param loss from 0 to 1
 * @param lossRun the mean number lost in a row, at least 1 (Gilbert's model)
 */
public record LinkConditions(
    long bitsPerSecond,
    long queueNanos,
    long delayNanos,
    long jitterNanos,
    double loss,
    double lossRun) {
  /** All arrives, at once. */
  public static final LinkConditions IDEAL = new LinkConditions(0, 0, 0, 0, 0, 1);
}
