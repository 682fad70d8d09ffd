package dev.parley.core.sdp;

/** Small offers for tests, each with one property. */
final class Offers {
  private Offers() {}

  /** One bundle of sections whose MIDs are their positions; lines end with LF. */
  static String bundle(String... sections) {
    StringBuilder text = new StringBuilder("v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nt=0 0\n");
    text.append("a=group:BUNDLE");
    for (int i = 0; i < sections.length; i++) {
      text.append(' ').append(i);
    }
    text.append("\na=ice-ufrag:abcd\na=ice-pwd:0123456789012345678901\na=setup:actpass\n")
        .append("a=fingerprint:sha-256 ")
        .append(Answers.SHA_256)
        .append('\n');
    for (int i = 0; i < sections.length; i++) {
      text.append(sections[i]).append("a=mid:").append(i).append('\n');
    }
    return text.toString();
  }

  /**
   * @param m {@code audio 111} or {@code video 96 97}
   */
  static String section(String m, String direction, String... attributes) {
    int space = m.indexOf(' ');
    StringBuilder text = new StringBuilder("m=").append(m, 0, space);
    text.append(" 9 UDP/TLS/RTP/SAVPF").append(m, space, m.length()).append("\na=rtcp-mux\na=");
    text.append(direction).append('\n');
    for (String attribute : attributes) {
      text.append("a=").append(attribute).append('\n');
    }
    return text.toString();
  }
}
