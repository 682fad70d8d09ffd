package dev.parley.signaling.whip;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code application/trickle-ice-sdpfrag} says of ICE (RFC 8840 section 9). There is one
 * transport, so it does not matter in which section a line stands.
 *
 * @param candidates {@code candidate:…} each
 * @param end whether no more follow
 */
record SdpFragment(Optional<Credentials> credentials, List<String> candidates, boolean end) {
  static final String TYPE = "application/trickle-ice-sdpfrag";

  private static final int MOST_CANDIDATES = 128;
  private static final String UFRAG = "a=ice-ufrag:";
  private static final String PWD = "a=ice-pwd:";
  private static final String CANDIDATE = "a=candidate:";
  private static final Pattern LINE = Pattern.compile("[a-z]=\\S.*");

  /** RFC 8839 section 5.1. */
  private static final Pattern CANDIDATE_LINE =
      Pattern.compile(
          "a=candidate:\\S{1,32} \\d{1,3} \\S+ \\d{1,10} \\S+ \\d{1,5} typ \\S+( \\S+ \\S+)*");

  /** A user name fragment and its password. */
  record Credentials(String ufrag, String pwd) {
    @Override
    public String toString() {
      return "Credentials[" + ufrag + "]";
    }
  }

  SdpFragment {
    candidates = List.copyOf(candidates);
  }

  /**
   * Reads a client's fragment; other attributes are ignored.
   *
   * @return refused with {@code bad_request} when it is none, with {@code sdp_unsupported} when it
   *     names several transports
   */
  static Outcome<SdpFragment> read(String body) {
    List<String> ufrags = new ArrayList<>();
    List<String> passwords = new ArrayList<>();
    List<String> candidates = new ArrayList<>();
    boolean end = false;
    List<String> lines = body.lines().toList();
    for (String line : lines) {
      if (!LINE.matcher(line).matches()) {
        return bad("a line is none of SDP");
      } else if (line.startsWith(UFRAG)) {
        addNew(ufrags, line.substring(UFRAG.length()));
      } else if (line.startsWith(PWD)) {
        addNew(passwords, line.substring(PWD.length()));
      } else if (line.startsWith(CANDIDATE)) {
        if (!CANDIDATE_LINE.matcher(line).matches() || candidates.size() == MOST_CANDIDATES) {
          return bad("a candidate is malformed, or there are more than " + MOST_CANDIDATES);
        }
        candidates.add(line.substring("a=".length()));
      } else if (line.equals("a=end-of-candidates")) {
        end = true;
      }
    }
    if (lines.isEmpty() || ufrags.isEmpty() != passwords.isEmpty()) {
      return bad("the body has no lines, or a ufrag or a password alone");
    }
    if (ufrags.size() > 1 || passwords.size() > 1) {
      return Outcome.refused(
          Refusal.of(ErrorCode.SDP_UNSUPPORTED, "all sections share one transport"));
    }
    Optional<Credentials> credentials =
        ufrags.isEmpty()
            ? Optional.empty()
            : Optional.of(new Credentials(ufrags.getFirst(), passwords.getFirst()));
    return Outcome.done(new SdpFragment(credentials, candidates, end));
  }

  private static void addNew(List<String> values, String value) {
    if (!values.contains(value)) {
      values.add(value);
    }
  }

  private static Outcome<SdpFragment> bad(String what) {
    return Outcome.refused(Refusal.of(ErrorCode.BAD_REQUEST, what));
  }

  /** The ufrag that an offer gives first. */
  static Optional<String> ufragOf(String sdp) {
    return sdp.lines()
        .filter(line -> line.startsWith(UFRAG))
        .map(line -> line.substring(UFRAG.length()))
        .findFirst();
  }

  /** The server's side of a restart: the first open section stands for all of the bundle. */
  static String write(List<MediaSession.Section> sections, MediaSession.LocalIce local) {
    List<MediaSession.Section> open =
        sections.stream().filter(s -> s.direction() != MediaSession.Direction.REJECTED).toList();
    StringBuilder text = new StringBuilder();
    line(text, "a=ice-lite");
    line(text, "a=ice-options:trickle");
    line(
        text,
        open.stream()
            .map(MediaSession.Section::mid)
            .collect(Collectors.joining(" ", "a=group:BUNDLE ", "")));
    if (!open.isEmpty()) {
      MediaSession.Section first = open.getFirst();
      String kind = first.kind().name().toLowerCase(Locale.ROOT);
      line(text, "m=" + kind + " 9 UDP/TLS/RTP/SAVPF 0");
      line(text, "a=mid:" + first.mid());
    }
    line(text, UFRAG + local.ufrag());
    line(text, PWD + local.pwd());
    local.candidates().forEach(candidate -> line(text, "a=" + candidate));
    line(text, "a=end-of-candidates");
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append("\r\n");
  }
}
