package dev.parley.admin.history;

/**
 * The history is off, or its database cannot be used at the moment; the message says what to do.
 */
public final class HistoryUnavailableException extends Exception {
  private static final long serialVersionUID = 1;

  HistoryUnavailableException(String message) {
    super(message);
  }
}
