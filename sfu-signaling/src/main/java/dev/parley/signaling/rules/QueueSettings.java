package dev.parley.signaling.rules;

/**
 * How a room lets people in.
 *
 * @param maxParticipants seats; 0: as many as the server allows
 * @param countHosts hosts take seats as well
 * @param enabled who finds no seat may wait; otherwise the room is full
 * @param mode what it takes to be admitted
 * @param maxLength the most that may wait
 * @param ticketsPerAddress the most that may wait from one network address
 * @param showPosition tells those who wait their place
 * @param showCount tells them how many wait
 * @param admitWindowSec how long an admitted one may take to come in
 * @param awayGraceSec how long the place of somebody without a connection is kept
 * @param autoAdmit a free seat is given away by itself
 * @param message of the host to those who wait
 */
public record QueueSettings(
    int maxParticipants,
    boolean countHosts,
    boolean enabled,
    Mode mode,
    int maxLength,
    int ticketsPerAddress,
    boolean showPosition,
    boolean showCount,
    int admitWindowSec,
    int awayGraceSec,
    boolean autoAdmit,
    String message) {
  public static final QueueSettings NONE =
      new QueueSettings(0, true, false, Mode.CAPACITY, 200, 20, true, false, 30, 60, true, "");

  /** What it takes to be admitted. */
  public enum Mode {
    /** A free seat. */
    CAPACITY,
    /** A moderator's word, and then a free seat. */
    APPROVAL,
    /** The same, by its other name: seats are counted in every mode. */
    BOTH
  }

  /**
   * @throws IllegalArgumentException naming the field that is out of its bounds
   */
  public QueueSettings {
    check("maxParticipants", maxParticipants, 0, 100_000);
    check("queue.maxLength", maxLength, 1, 100_000);
    check("queue.ticketsPerAddress", ticketsPerAddress, 1, 100_000);
    check("queue.admitWindowSec", admitWindowSec, 1, 3600);
    check("queue.awayGraceSec", awayGraceSec, 0, 86_400);
    if (message.length() > 1000) {
      throw new IllegalArgumentException("queue.message: expected at most 1000 characters");
    }
  }

  private static void check(String field, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          field + ": expected " + least + ".." + most + ", not " + value);
    }
  }

  boolean needsApproval() {
    return mode != Mode.CAPACITY;
  }
}
