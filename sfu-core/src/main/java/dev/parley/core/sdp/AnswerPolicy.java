package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the server takes of an offer. Everything that is not named here is left out of the answer.
 *
 * @param codecs in the server's order of preference, redundancy after what it repeats; each is
 *     taken at most once in a section
 * @param maxAudioSlots the most receiving audio sections of one participant
 * @param maxVideoSlots the most receiving video sections of one participant
 * @param maxLayers the most simulcast layers of one section
 */
public record AnswerPolicy(
    List<CodecRule> codecs,
    List<ExtensionRule> extensions,
    int maxAudioSlots,
    int maxVideoSlots,
    int maxLayers) {
  public static final int DEFAULT_MAX_AUDIO_SLOTS = 8;
  public static final int DEFAULT_MAX_VIDEO_SLOTS = 49;
  public static final int DEFAULT_MAX_LAYERS = 4;

  static final String TRANSPORT_CC = "transport-cc";
  static final String REMB = "goog-remb";

  private static final List<CodecRule> CODECS =
      List.of(
          audio("opus", Set.of("minptime", "useinbandfec")),
          audio(CodecRule.REDUNDANCY, Set.of()),
          video("VP8", Set.of()),
          video(
              "H264", Set.of("level-asymmetry-allowed", "packetization-mode", "profile-level-id")),
          video("VP9", Set.of("profile-id")),
          video("AV1", Set.of("level-idx", "profile", "tier")));

  private static final Set<MediaKind> BOTH = Set.of(MediaKind.AUDIO, MediaKind.VIDEO);
  private static final Set<MediaKind> VIDEO = Set.of(MediaKind.VIDEO);
  private static final List<ExtensionRule> EXTENSIONS =
      List.of(
          new ExtensionRule(HeaderExtensions.MID, BOTH, Condition.ALWAYS),
          new ExtensionRule(
              HeaderExtensions.AUDIO_LEVEL, Set.of(MediaKind.AUDIO), Condition.ALWAYS),
          new ExtensionRule(HeaderExtensions.VIDEO_ORIENTATION, VIDEO, Condition.ALWAYS),
          new ExtensionRule(HeaderExtensions.TRANSPORT_WIDE_CC, BOTH, Condition.TRANSPORT_CC),
          new ExtensionRule(HeaderExtensions.ABS_SEND_TIME, VIDEO, Condition.REMB_ALONE),
          // Slots carry neither. But an extension that all sections refused is not in Chromium's
          // next offer, and without RID it refuses its own offer of simulcast.
          new ExtensionRule(HeaderExtensions.RID, VIDEO, Condition.ALWAYS),
          new ExtensionRule(HeaderExtensions.REPAIRED_RID, VIDEO, Condition.ALWAYS),
          new ExtensionRule(
              HeaderExtensions.DEPENDENCY_DESCRIPTOR, VIDEO, Condition.FRAME_DEPENDENCIES));

  public AnswerPolicy {
    codecs = List.copyOf(codecs);
    extensions = List.copyOf(extensions);
  }

  /** All that the engine forwards, with the default limits. */
  public static AnswerPolicy standard() {
    return standard(DEFAULT_MAX_AUDIO_SLOTS, DEFAULT_MAX_VIDEO_SLOTS);
  }

  /** All that the engine forwards. */
  public static AnswerPolicy standard(int maxAudioSlots, int maxVideoSlots) {
    return new AnswerPolicy(CODECS, EXTENSIONS, maxAudioSlots, maxVideoSlots, DEFAULT_MAX_LAYERS);
  }

  private static CodecRule audio(String name, Set<String> keptParameters) {
    return new CodecRule(
        MediaKind.AUDIO, name, 48_000, 2, keptParameters, Map.of(), Set.of(TRANSPORT_CC));
  }

  private static CodecRule video(String name, Set<String> keptParameters) {
    return new CodecRule(
        MediaKind.VIDEO,
        name,
        90_000,
        1,
        keptParameters,
        // Without it Chromium starts at 300 kbit/s and climbs for many seconds. It stands in every
        // section: Chromium refuses a bundle where a payload type has two sets of parameters.
        Map.of("x-google-start-bitrate", "1000"),
        Set.of("nack", "nack pli", "ccm fir", TRANSPORT_CC, REMB));
  }

  int maxSlots(MediaKind kind) {
    return switch (kind) {
      case AUDIO -> maxAudioSlots;
      case VIDEO -> maxVideoSlots;
      case APPLICATION -> 0;
    };
  }

  /**
   * A codec that is taken.
   *
   * @param keptParameters the {@code a=fmtp} parameters that the answer repeats where offered
   * @param addedParameters the {@code a=fmtp} parameters that the answer adds
   * @param feedback the {@code a=rtcp-fb} values that the answer repeats where offered
   */
  public record CodecRule(
      MediaKind kind,
      String name,
      int clockRate,
      int channels,
      Set<String> keptParameters,
      Map<String, String> addedParameters,
      Set<String> feedback) {
    /** Repeats frames of another codec (RFC 2198). */
    static final String REDUNDANCY = "red";

    public CodecRule {
      keptParameters = Set.copyOf(keptParameters);
      addedParameters = Map.copyOf(addedParameters);
      feedback = Set.copyOf(feedback);
    }

    boolean takes(Codec codec) {
      return codec.is(name)
          && codec.clockRate() == clockRate
          && codec.channels() == channels
          && !collidesWithRtcp(codec.payloadType());
    }

    boolean redundancy() {
      return name.equals(REDUNDANCY);
    }

    /** With rtcp-mux, 64 to 95 look like RTCP packet types (RFC 5761 section 4). */
    static boolean collidesWithRtcp(int payloadType) {
      return payloadType >= 64 && payloadType <= 95;
    }
  }

  /** Where a header extension is of use. */
  public enum Condition {
    ALWAYS,
    /** Where a codec has transport-wide feedback, which needs the extension. */
    TRANSPORT_CC,
    /** Where a codec has REMB and none has better. */
    REMB_ALONE,
    /**
     * Where two-byte headers are allowed, for the extension grows beyond 16 bytes: in slots, and
     * where the publisher's preferred codec is AV1, which describes its frames nowhere else. VP8
     * would lose its own description of layers: Chromium's shrinks to one byte.
     */
    FRAME_DEPENDENCIES
  }

  /** A header extension that is taken in sections of some kinds. */
  public record ExtensionRule(String uri, Set<MediaKind> kinds, Condition condition) {
    public ExtensionRule {
      kinds = Set.copyOf(kinds);
    }

    /**
     * @param codecs as answered
     */
    boolean takes(MediaDescription offered, List<NegotiatedCodec> codecs) {
      boolean slot = offered.direction() == Direction.RECVONLY;
      return kinds.contains(offered.kind())
          && switch (condition) {
            case ALWAYS -> true;
            case TRANSPORT_CC -> feedback(codecs, AnswerPolicy.TRANSPORT_CC);
            case REMB_ALONE ->
                feedback(codecs, REMB) && !feedback(codecs, AnswerPolicy.TRANSPORT_CC);
            case FRAME_DEPENDENCIES ->
                offered.extmapAllowMixed() && (slot || describesFrames(codecs.getFirst()));
          };
    }

    private static boolean feedback(List<NegotiatedCodec> codecs, String value) {
      return codecs.stream().anyMatch(c -> c.rtcpFeedback().contains(value));
    }

    private static boolean describesFrames(NegotiatedCodec codec) {
      return codec.name().equalsIgnoreCase("AV1");
    }
  }
}
