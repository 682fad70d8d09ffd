package dev.parley.signaling.observe;

import java.util.Locale;

/** Why a session was not resumed. The client is not told which. */
public enum ResumeFailure {
  /** There never was such a session, or it has ended. */
  UNKNOWN_SESSION,
  WRONG_TOKEN,
  /** The join token in the hello names somebody else. */
  OTHER_IDENTITY,
  /** Events that the client has not seen are no longer kept. */
  EVENTS_LOST,
  /** The client claims events that were never sent. */
  IMPOSSIBLE_SEQ,
  /** The user or the server has as many connections as may be. */
  CONNECTION_LIMIT;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }
}
