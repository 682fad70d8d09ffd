package dev.parley.core.sdp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects {@code a=rtpmap}, {@code a=fmtp} and {@code a=rtcp-fb} of one section, in any order, and
 * joins them to codecs. Lines for payload types that the section does not list are ignored.
 */
final class CodecReader {
  private static final int MAX_FEEDBACK = 64;
  private static final int MAX_PARAMETERS = 64;

  private record Mapping(String name, int clockRate, int channels) {}

  /** RFC 3551 section 6: those that browsers still list; others need an rtpmap. */
  private static final Map<Integer, Mapping> STATIC =
      Map.of(
          0, new Mapping("PCMU", 8000, 1),
          8, new Mapping("PCMA", 8000, 1),
          9, new Mapping("G722", 8000, 1),
          13, new Mapping("CN", 8000, 1));

  private final List<Integer> payloadTypes;
  private final Map<Integer, Mapping> mappings = new HashMap<>();
  private final Map<Integer, Map<String, String>> parameters = new HashMap<>();
  private final Map<Integer, Set<String>> feedback = new HashMap<>();
  private final Set<String> feedbackOfAll = new LinkedHashSet<>();

  /**
   * @param payloadTypes as the section lists them
   */
  CodecReader(List<Integer> payloadTypes) {
    this.payloadTypes = List.copyOf(payloadTypes);
  }

  /** {@code a=rtpmap:111 opus/48000/2}. */
  void rtpmap(SdpLine line) {
    List<String> words = line.words(2, "a=rtpmap:payload-type name/clock-rate");
    int payloadType = payloadType(line, words.get(0));
    List<String> parts = SdpLine.split(words.get(1), '/');
    if (parts.size() < 2) {
      throw line.invalid("expected a=rtpmap:payload-type name/clock-rate");
    }
    Mapping mapping =
        new Mapping(
            line.token(parts.get(0), 64, "the name"),
            line.integer(parts.get(1), 1, 10_000_000, "the clock rate"),
            parts.size() == 2 ? 1 : line.integer(parts.get(2), 1, 255, "the channel count"));
    Mapping before = mappings.put(payloadType, mapping);
    if (before != null && !before.equals(mapping)) {
      throw line.invalid("a second mapping of payload type " + payloadType);
    }
  }

  /** {@code a=fmtp:111 minptime=10;useinbandfec=1}. */
  void fmtp(SdpLine line) {
    String payloadType = line.words(2, "a=fmtp:payload-type parameters").get(0);
    Map<String, String> map =
        parameters.computeIfAbsent(payloadType(line, payloadType), k -> new LinkedHashMap<>());
    for (String text : SdpLine.split(line.argument().substring(payloadType.length()), ';')) {
      int equals = text.indexOf('=');
      if (map.size() >= MAX_PARAMETERS) {
        throw line.invalid("more than %d parameters".formatted(MAX_PARAMETERS));
      }
      map.put(
          equals < 0 ? text : text.substring(0, equals).strip(),
          equals < 0 ? "" : text.substring(equals + 1).strip());
    }
  }

  /** {@code a=rtcp-fb:96 nack pli}, or {@code *} for every payload type. */
  void rtcpFeedback(SdpLine line) {
    List<String> words = line.words(2, "a=rtcp-fb:payload-type value");
    Set<String> set =
        words.get(0).equals("*")
            ? feedbackOfAll
            : feedback.computeIfAbsent(payloadType(line, words.get(0)), k -> new LinkedHashSet<>());
    if (set.size() >= MAX_FEEDBACK) {
      throw line.invalid("more than %d feedback messages".formatted(MAX_FEEDBACK));
    }
    set.add(String.join(" ", words.subList(1, words.size())));
  }

  private static int payloadType(SdpLine line, String text) {
    return line.integer(text, 0, 127, "the payload type");
  }

  /** In the section's order. A payload type that nothing describes is left out. */
  List<Codec> build() {
    Map<Integer, Integer> rtxOf = new HashMap<>();
    for (int payloadType : payloadTypes) {
      Mapping mapping = mapping(payloadType);
      if (mapping != null && mapping.name().equalsIgnoreCase("rtx")) {
        long apt = SdpLine.decimal(fmtp(payloadType).getOrDefault("apt", ""));
        if (apt >= 0 && apt <= 127) {
          rtxOf.putIfAbsent((int) apt, payloadType);
        }
      }
    }
    List<Codec> codecs = new ArrayList<>();
    for (int payloadType : payloadTypes) {
      Mapping mapping = mapping(payloadType);
      if (mapping != null) {
        Integer rtx = rtxOf.get(payloadType);
        Set<String> fed = new LinkedHashSet<>(feedback.getOrDefault(payloadType, Set.of()));
        fed.addAll(feedbackOfAll);
        codecs.add(
            new Codec(
                payloadType,
                mapping.name(),
                mapping.clockRate(),
                mapping.channels(),
                fmtp(payloadType),
                fed,
                rtx == null ? OptionalInt.empty() : OptionalInt.of(rtx)));
      }
    }
    return codecs;
  }

  private @Nullable Mapping mapping(int payloadType) {
    Mapping mapping = mappings.get(payloadType);
    return mapping != null ? mapping : STATIC.get(payloadType);
  }

  private Map<String, String> fmtp(int payloadType) {
    return parameters.getOrDefault(payloadType, Map.of());
  }
}
