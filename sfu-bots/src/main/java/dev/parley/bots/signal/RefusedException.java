package dev.parley.bots.signal;

/** The server answered a request with an error, or not at all. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The connection went away, or never came about. */
  public static final String UNREACHABLE = "unreachable";

  /** No reply came in time. */
  public static final String TIMEOUT = "timeout";

  /** The server offers no relay of the kind that the scenario wants. */
  public static final String NO_RELAY = "relay_not_offered";

  /** The relay's name has no address. */
  public static final String UNKNOWN_RELAY = "relay_unknown_host";

  private final String code;

  /**
   * @param code the server's, or one of this class
   */
  public RefusedException(String code, String message) {
    super(message);
    this.code = code;
  }

  public String code() {
    return code;
  }
}
