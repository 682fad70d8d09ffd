package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the server takes of an offer. Everything that is not named here is left out of the answer.
 *
 * @param codecs in the server's order of preference; each is taken at most once in a section
 * @param maxAudioSlots the most receiving audio sections of one participant
 * @param maxVideoSlots the most receiving video sections of one participant
 */
public record AnswerPolicy(
    List<CodecRule> codecs, List<ExtensionRule> extensions, int maxAudioSlots, int maxVideoSlots) {
  public static final int DEFAULT_MAX_AUDIO_SLOTS = 8;
  public static final int DEFAULT_MAX_VIDEO_SLOTS = 49;

  private static final CodecRule OPUS =
      new CodecRule(
          MediaKind.AUDIO,
          "opus",
          48_000,
          2,
          Set.of("minptime", "useinbandfec"),
          Map.of(),
          Set.of());
  private static final CodecRule VP8 =
      new CodecRule(
          MediaKind.VIDEO,
          "VP8",
          90_000,
          1,
          Set.of(),
          // Without feedback on bandwidth Chromium starts at 300 kbit/s and climbs for many
          // seconds.
          Map.of("x-google-start-bitrate", "1000"),
          Set.of("nack pli", "ccm fir"));
  private static final List<ExtensionRule> EXTENSIONS =
      List.of(
          new ExtensionRule(HeaderExtensions.MID, Set.of(MediaKind.AUDIO, MediaKind.VIDEO), true),
          new ExtensionRule(HeaderExtensions.AUDIO_LEVEL, Set.of(MediaKind.AUDIO), true),
          new ExtensionRule(HeaderExtensions.VIDEO_ORIENTATION, Set.of(MediaKind.VIDEO), true),
          // Once it has offered simulcast, taken or not, Chromium refuses its own next offer
          // unless this one was taken.
          new ExtensionRule(HeaderExtensions.RID, Set.of(MediaKind.VIDEO), false));

  public AnswerPolicy {
    codecs = List.copyOf(codecs);
    extensions = List.copyOf(extensions);
  }

  /** Opus and VP8, key-frame requests, with the default limits. */
  public static AnswerPolicy standard() {
    return standard(DEFAULT_MAX_AUDIO_SLOTS, DEFAULT_MAX_VIDEO_SLOTS);
  }

  /** Opus and VP8, key-frame requests. */
  public static AnswerPolicy standard(int maxAudioSlots, int maxVideoSlots) {
    return new AnswerPolicy(List.of(OPUS, VP8), EXTENSIONS, maxAudioSlots, maxVideoSlots);
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

    /** With rtcp-mux, 64 to 95 look like RTCP packet types (RFC 5761 section 4). */
    private static boolean collidesWithRtcp(int payloadType) {
      return payloadType >= 64 && payloadType <= 95;
    }
  }

  /**
   * A header extension that is taken in sections of some kinds.
   *
   * @param inSlots false: only where the participant publishes
   */
  public record ExtensionRule(String uri, Set<MediaKind> kinds, boolean inSlots) {
    public ExtensionRule {
      kinds = Set.copyOf(kinds);
    }

    boolean takes(MediaDescription offered) {
      return kinds.contains(offered.kind())
          && (inSlots || offered.direction() != Direction.RECVONLY);
    }
  }
}
