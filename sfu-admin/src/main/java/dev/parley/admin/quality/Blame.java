package dev.parley.admin.quality;

import java.util.Optional;

/**
 * A cause, and for {@link Cause#SOURCE} whose and what.
 *
 * @param participantId who sends what is bad
 * @param theirs why it is bad
 */
public record Blame(Cause cause, Optional<String> participantId, Optional<Cause> theirs) {
  static Blame of(Cause cause) {
    return new Blame(cause, Optional.empty(), Optional.empty());
  }

  static Blame source(String participantId, Cause theirs) {
    return new Blame(Cause.SOURCE, Optional.of(participantId), Optional.of(theirs));
  }

  /** As {@link #text} writes it; empty for what it never writes, or not any more. */
  static Optional<Blame> parse(String text) {
    String[] parts = text.split(":", -1);
    Optional<Cause> cause = Cause.of(parts[0]);
    if (parts.length == 1) {
      return cause.map(Blame::of);
    }
    return parts.length == 3 && cause.isPresent()
        ? Cause.of(parts[2])
            .map(theirs -> new Blame(cause.get(), Optional.of(parts[1]), Optional.of(theirs)))
        : Optional.empty();
  }

  /** {@code loss_down}, or {@code source:pa_7:sender_cpu}. */
  public String text() {
    return cause.wireName()
        + participantId.map(id -> ":" + id).orElse("")
        + theirs.map(other -> ":" + other.wireName()).orElse("");
  }
}
