package dev.parley.signaling.wire;

import java.util.Locale;

/** What somebody is in a room. What they may do there is said by their token. */
public enum Role {
  HOST,
  MODERATOR,
  PARTICIPANT,
  /** Receives only: a WHEP player. */
  VIEWER;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** Hosts and moderators come in where others are kept out. */
  public boolean leads() {
    return this == HOST || this == MODERATOR;
  }

  public String wireName() {
    return wireName;
  }
}
