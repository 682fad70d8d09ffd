package dev.parley.core.sdp;

/** What user name fragments and passwords are made of (RFC 8839 section 5.4). Any thread. */
public final class IceText {
  private static final int LEAST_UFRAG = 4;
  private static final int LEAST_PWD = 22;
  private static final int MOST = 256;

  private IceText() {}

  public static boolean isUfrag(String text) {
    return isIceText(text, LEAST_UFRAG);
  }

  public static boolean isPwd(String text) {
    return isIceText(text, LEAST_PWD);
  }

  /** Browsers and other stacks use a few characters beyond RFC 8839's ice-char. */
  private static boolean isIceText(String text, int least) {
    boolean good = text.length() >= least && text.length() <= MOST;
    for (int i = 0; good && i < text.length(); i++) {
      char c = text.charAt(i);
      good = c < 0x7f && (Character.isLetterOrDigit(c) || "+/-_=#".indexOf(c) >= 0);
    }
    return good;
  }
}
