package dev.parley.server.browser;

/** One page in a browser, with nothing but what every browser can be told from outside. */
interface Tab extends AutoCloseable {
  /**
   * Runs JavaScript in the page.
   *
   * @param expression an expression whose value, when it is a promise, is awaited; a string
   * @return the string
   */
  String evaluate(String expression);

  /** Clicks as a user does: allowed to do what needs a user's gesture. */
  void click(String selector);

  /** Presses a key, or several together, such as {@code Shift+Tab}, as Playwright names them. */
  void press(String keys);

  /** Writes where the focus is. */
  void type(String text);

  /** Chooses in a list. */
  void select(String selector, String value);

  /** The page as PNG. */
  byte[] screenshot();

  /** Closes the page as a user does: its {@code pagehide} runs. */
  @Override
  void close();
}
