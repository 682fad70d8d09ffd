package dev.parley.core.subscriber;

/**
 * What the allocator decided for one slot.
 *
 * @param quality index in the demand's ladder; {@link #PAUSED}: show nothing
 * @param spatial of that quality; {@link #PAUSED} likewise
 * @param temporal of that quality; {@link #PAUSED} likewise
 * @param bitsPerSecond what it costs, by the allocator's smoothed measure
 * @param measuredSpatial an encoding the source should send though this slot does not show it: the
 *     next one its view has a use for. What is not sent has no measured rate, so nobody could ever
 *     be raised to it. {@link #PAUSED}: none
 */
public record Choice(
    int slot,
    int quality,
    int spatial,
    int temporal,
    long bitsPerSecond,
    Reason reason,
    int measuredSpatial) {
  public static final int PAUSED = -1;

  /** Why it is this quality and no higher one. */
  public enum Reason {
    /** The best its view has a use for, of what the source sends. */
    VIEW,
    /** Less than that, or nothing: the connection does not bear more. */
    BANDWIDTH,
    /** Less than that, or nothing: the server has no processor time for more. */
    SERVER,
    /** Nothing: the source is muted or offers no quality. */
    MUTED,
    /** All its view has a use for, as the active speaker, while others do with less. */
    SPEAKER
  }

  public boolean paused() {
    return quality == PAUSED;
  }
}
