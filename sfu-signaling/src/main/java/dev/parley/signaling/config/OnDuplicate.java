package dev.parley.signaling.config;

/** What happens when somebody who is in a room joins it again from a new session. */
public enum OnDuplicate {
  /** The newcomer takes over, and the other one is closed with 4011. */
  REPLACE,
  /** The newcomer is refused, unless the other one has lost its socket. */
  REJECT,
  /** Both stay, as two participants. */
  ALLOW
}
