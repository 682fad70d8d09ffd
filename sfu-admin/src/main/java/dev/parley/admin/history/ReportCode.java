package dev.parley.admin.history;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** A code that people can read out: eight of Crockford's 32 digits, 40 bits. */
final class ReportCode {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 8;

  private ReportCode() {}

  static String make(RandomGenerator random) {
    StringBuilder code = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      code.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
    }
    return code.toString();
  }

  /**
   * As somebody wrote it down: in any case, with dashes and spaces, with O for 0 and I, L for 1.
   */
  static String read(String written) {
    return written
        .toUpperCase(Locale.ROOT)
        .replaceAll("[\\s-]", "")
        .replace('O', '0')
        .replaceAll("[IL]", "1");
  }
}
