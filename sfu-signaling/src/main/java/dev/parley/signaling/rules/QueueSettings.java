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

  private static final int MESSAGE_CHARS = 1000;

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
   * @throws InvalidSetting naming the field that is out of its bounds
   */
  public QueueSettings {
    InvalidSetting.check("maxParticipants", maxParticipants, 0, 100_000);
    InvalidSetting.check("queue.maxLength", maxLength, 1, 10_000);
    InvalidSetting.check("queue.ticketsPerAddress", ticketsPerAddress, 1, 10_000);
    InvalidSetting.check("queue.admitWindowSec", admitWindowSec, 1, 3600);
    InvalidSetting.check("queue.awayGraceSec", awayGraceSec, 0, 86_400);
    if (message.length() > MESSAGE_CHARS) {
      throw new InvalidSetting(
          "queue.message",
          "at most " + MESSAGE_CHARS + " characters",
          message.length() + " characters");
    }
  }

  /** Nobody comes in from the queue without a moderator's word; without a queue, nobody has to. */
  boolean needsWord() {
    return needsApproval() || (enabled && !autoAdmit);
  }

  boolean needsApproval() {
    return enabled && mode != Mode.CAPACITY;
  }

  /** Nobody is admitted as long as no moderator is inside. */
  boolean awaitsModerator(int moderators) {
    return needsApproval() && moderators == 0;
  }

  /** Whether the seat is one of those that are limited. */
  boolean counts(SeatTable.Seat seat) {
    return countHosts || !seat.host();
  }
}
