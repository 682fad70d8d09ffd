package dev.parley.bots.signal;

/** The server answered a request with an error, or not at all. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The connection went away, or never came about. */
  public static final String UNREACHABLE = "unreachable";

  /** No reply came in time. */
  public static final String TIMEOUT = "timeout";

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
