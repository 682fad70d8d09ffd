package dev.parley.core.sdp;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaException.Code;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a description (RFC 8866) as browsers, WHIP clients and this package write it (RFC 9429):
 * strict with the attributes it understands, silent about the others. Work and memory are bounded
 * by the length of the text, which may be up to 512 KiB. Any thread.
 */
public final class SdpReader {
  private static final int MAX_SECTIONS = 128;

  private final SessionAttributes session = new SessionAttributes();
  private final List<SectionReader> sections = new ArrayList<>();
  private @Nullable SectionReader section;
  private String sessionId = "";
  private String sessionVersion = "";

  private SdpReader() {}

  /**
   * Reads an offer or an answer.
   *
   * @throws MediaException {@code SDP_INVALID}; the message names the line
   */
  public static SessionDescription read(String text) {
    return new SdpReader().readLines(SdpLine.split(text));
  }

  private SessionDescription readLines(List<SdpLine> lines) {
    if (lines.isEmpty()) {
      throw new MediaException(Code.SDP_INVALID, "the description is empty");
    }
    if (!lines.getFirst().value().equals("0") || lines.getFirst().type() != 'v') {
      throw lines.getFirst().invalid("a description starts with v=0");
    }
    if (lines.size() < 2 || lines.get(1).type() != 'o') {
      throw new MediaException(Code.SDP_INVALID, "line 2 is no o= line");
    }
    origin(lines.get(1));
    for (SdpLine line : lines.subList(2, lines.size())) {
      line(line);
    }
    SessionDescription description =
        new SessionDescription(
            sessionId,
            sessionVersion,
            session.iceLite(),
            session.allowMixed(),
            session.bundles(),
            sections.stream().map(s -> s.build(session)).toList());
    checkMids(description);
    return description;
  }

  /** {@code o=username session-id version IN IP4 address}. */
  private void origin(SdpLine line) {
    List<String> words = SdpLine.split(line.value(), ' ');
    if (words.size() != 6) {
      throw line.invalid("expected o=username session-id version IN IP4 address");
    }
    sessionId = line.digits(words.get(1), "the session id");
    sessionVersion = line.digits(words.get(2), "the session version");
  }

  private void line(SdpLine line) {
    switch (line.type()) {
      case 'm' -> {
        SectionReader next = new SectionReader(line);
        line.add(sections, next, MAX_SECTIONS, "sections");
        section = next;
      }
      case 'a' -> {
        SectionReader open = section;
        if (open == null) {
          session.attribute(line);
        } else {
          open.attribute(line);
        }
      }
      case 'v', 'o' -> throw line.invalid("a second v= or o= line");
      default -> {} // s= t= c= b= and others say nothing that WebRTC needs
    }
  }

  /** Every MID once; every bundled MID exists and is in one bundle only (RFC 5888, RFC 9143). */
  private static void checkMids(SessionDescription description) {
    Set<String> mids = new HashSet<>();
    for (MediaDescription media : description.media()) {
      if (!media.mid().isEmpty() && !mids.add(media.mid())) {
        throw new MediaException(
            Code.SDP_INVALID,
            "line %d: the section has the MID \"%s\" of another section"
                .formatted(media.line(), media.mid()));
      }
    }
    Set<String> bundled = new HashSet<>();
    for (List<String> bundle : description.bundles()) {
      for (String mid : bundle) {
        if (!mids.contains(mid) || !bundled.add(mid)) {
          throw new MediaException(
              Code.SDP_INVALID,
              "a=group:BUNDLE names the MID \"%s\", which %s"
                  .formatted(
                      mid.substring(0, Math.min(mid.length(), 64)),
                      mids.contains(mid) ? "it names twice" : "no section has"));
        }
      }
    }
  }
}
