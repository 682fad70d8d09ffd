package dev.parley.signaling.rules;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A place in the queue as it is told to the one who has it, and to moderators.
 *
 * @param position from 1, by the order in which people are admitted
 * @param ahead how many are before
 * @param waiting how many wait in all
 * @param joinedAtMs when the ticket was drawn
 */
public record TicketView(
    String ticketId,
    String key,
    String identity,
    String displayName,
    int priority,
    int position,
    int ahead,
    int waiting,
    State state,
    boolean held,
    boolean approved,
    long joinedAtMs,
    OptionalLong admittedAtMs,
    Eta eta) {
  /** What has become of it. */
  public enum State {
    WAITING,
    AWAY,
    ADMITTED,
    JOINED,
    DENIED,
    LEFT,
    EXPIRED;

    private final String wireName = name().toLowerCase(Locale.ROOT);

    public String wireName() {
      return wireName;
    }
  }

  /**
   * How long it may still take. Nobody knows: then there are no bounds.
   *
   * @param basis {@code timer}, {@code history} or {@code unknown}
   */
  public record Eta(OptionalInt lowSec, OptionalInt highSec, String basis) {
    public static final Eta UNKNOWN = new Eta(OptionalInt.empty(), OptionalInt.empty(), "unknown");
  }
}
