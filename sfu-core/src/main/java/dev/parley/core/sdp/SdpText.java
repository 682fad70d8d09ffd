package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A description being written: what offers and answers write alike. */
final class SdpText {
  private static final int DISCARD_PORT = 9;

  private final StringBuilder text = new StringBuilder(4096);

  /** The lines before the attributes of the session. */
  SdpText(LocalParameters local) {
    line("v=0");
    line("o=- " + local.sessionId() + " " + local.sessionVersion() + " IN IP4 127.0.0.1");
    line("s=-");
    line("t=0 0");
  }

  private void line(String line) {
    text.append(line).append("\r\n");
  }

  void attribute(String name) {
    line("a=" + name);
  }

  void attribute(String name, Object value) {
    line("a=" + name + ":" + value);
  }

  /**
   * {@code m=} and {@code c=} of an open section: the default candidate's address (RFC 8839 section
   * 4.2.1.2), or the discard port when there are no candidates.
   */
  void open(String mediaType, String protocol, List<String> formats, List<Candidate> candidates) {
    int port = DISCARD_PORT;
    String connection = "IN IP4 0.0.0.0";
    for (Candidate candidate : candidates) {
      if (candidate.transport() == Candidate.Transport.UDP) {
        port = candidate.port();
        String family = candidate.address().indexOf(':') >= 0 ? "IN IP6 " : "IN IP4 ";
        connection = family + candidate.address();
        break;
      }
    }
    media(mediaType, port, protocol, formats, connection);
  }

  /** {@code m=} with port 0: the section is closed. */
  void closed(String mediaType, String protocol, List<String> formats) {
    media(mediaType, 0, protocol, formats, "IN IP4 0.0.0.0");
  }

  private void media(
      String mediaType, int port, String protocol, List<String> formats, String connection) {
    line("m=" + mediaType + " " + port + " " + protocol + " " + String.join(" ", formats));
    line("c=" + connection);
  }

  /** ICE and DTLS, without candidates. */
  void transport(LocalParameters local, Setup setup) {
    attribute("ice-ufrag", local.iceUfrag());
    attribute("ice-pwd", local.icePwd());
    attribute("ice-options", "trickle");
    attribute("fingerprint", local.fingerprintAlgorithm() + " " + local.fingerprint());
    attribute("setup", setup.wireName());
  }

  void candidates(LocalParameters local) {
    for (Candidate candidate : local.candidates()) {
      attribute("candidate", candidate.argument());
    }
  }

  void codec(
      int payloadType,
      String name,
      int clockRate,
      int channels,
      Map<String, String> fmtp,
      Set<String> rtcpFeedback) {
    String tail = channels == 1 ? "" : "/" + channels;
    attribute("rtpmap", payloadType + " " + name + "/" + clockRate + tail);
    for (String feedback : rtcpFeedback) {
      attribute("rtcp-fb", payloadType + " " + feedback);
    }
    if (!fmtp.isEmpty()) {
      List<String> parameters = new ArrayList<>();
      fmtp.forEach((key, value) -> parameters.add(value.isEmpty() ? key : key + "=" + value));
      attribute("fmtp", payloadType + " " + String.join(";", parameters));
    }
  }

  /** Retransmissions of a payload type (RFC 4588 section 8.6). */
  void rtx(int payloadType, int retransmitted, int clockRate) {
    attribute("rtpmap", payloadType + " rtx/" + clockRate);
    attribute("fmtp", payloadType + " apt=" + retransmitted);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
