package dev.parley.admin.quality;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Why a call is not good, or not as good as it could be, for one participant. */
public enum Cause {
  /** The server has more to do than it can. */
  SERVER_OVERLOAD(5),
  /** Nothing comes from the participant, and consent to send to it has expired. */
  INTERRUPTED(5),
  /** What the server sends is lost on the way to the participant. */
  LOSS_DOWN(3),
  /** What the participant sends is lost on the way to the server. */
  LOSS_UP(3),
  /** The participant's network takes less than it wants to see. */
  LOW_BANDWIDTH_DOWN(3),
  /** The participant's network takes less than its camera or screen would need. */
  LOW_BANDWIDTH_UP(3),
  /** The participant's device is too slow for the video that it sends. */
  SENDER_CPU(3),
  /** What others send is bad when it comes to the server. */
  SOURCE(2),
  HIGH_DELAY(2),
  JITTER(1.5),
  /** Media goes by TCP: what is lost delays all that comes after it. */
  TCP_PATH(0.1),
  /** Media takes the detour over a relay, by UDP. */
  RELAY_PATH(0.05);

  private final double weight;
  private final String wireName = name().toLowerCase(Locale.ROOT);

  Cause(double weight) {
    this.weight = weight;
  }

  public String wireName() {
    return wireName;
  }

  /** How much a second of it counts among others. */
  double weight() {
    return weight;
  }

  static Optional<Cause> of(String wireName) {
    return Arrays.stream(values()).filter(cause -> cause.wireName.equals(wireName)).findFirst();
  }

  /** Whether a call with it alone is still a good one. */
  boolean harmless() {
    return this == TCP_PATH || this == RELAY_PATH;
  }

  /** Whether it spoils what the participant sends, for those who watch it. */
  boolean spoilsSending() {
    return switch (this) {
      case LOSS_UP, LOW_BANDWIDTH_UP, SENDER_CPU, INTERRUPTED -> true;
      case SERVER_OVERLOAD,
          LOSS_DOWN,
          LOW_BANDWIDTH_DOWN,
          SOURCE,
          HIGH_DELAY,
          JITTER,
          TCP_PATH,
          RELAY_PATH ->
          false;
    };
  }
}
