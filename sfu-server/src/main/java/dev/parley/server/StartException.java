package dev.parley.server;

/** A part of the server could not start; the message says which and why. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String part, Throwable cause) {
    super(
        "Parley cannot start: "
            + part
            + ": "
            + (cause.getMessage() == null ? cause : cause.getMessage()),
        cause);
  }
}
