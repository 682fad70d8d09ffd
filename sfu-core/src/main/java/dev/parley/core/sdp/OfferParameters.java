package dev.parley.core.sdp;

import dev.parley.core.api.MediaKind;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a client offers: sections it sends in, then audio slots, then video slots. The MIDs are the
 * sections' positions: {@code 0}, {@code 1}, …
 *
 * @param audioCodecs of every audio section, in order of preference; likewise {@code videoCodecs}
 * @param audioExtensions of every audio section; likewise {@code videoExtensions}
 */
public record OfferParameters(
    LocalParameters local,
    List<SendSection> sends,
    int audioSlots,
    int videoSlots,
    List<Codec> audioCodecs,
    List<Codec> videoCodecs,
    List<ExtensionMap> audioExtensions,
    List<ExtensionMap> videoExtensions) {

  private static final Codec OPUS =
      new Codec(111, "opus", 48_000, 2, Map.of("useinbandfec", "1"), Set.of(), OptionalInt.empty());
  private static final Codec VP8 =
      new Codec(96, "VP8", 90_000, 1, Map.of(), Set.of("nack pli", "ccm fir"), OptionalInt.empty());
  private static final ExtensionMap MID = new ExtensionMap(4, HeaderExtensions.MID);
  private static final ExtensionMap LEVEL = new ExtensionMap(1, HeaderExtensions.AUDIO_LEVEL);

  public OfferParameters {
    sends = List.copyOf(sends);
    audioCodecs = List.copyOf(audioCodecs);
    videoCodecs = List.copyOf(videoCodecs);
    audioExtensions = List.copyOf(audioExtensions);
    videoExtensions = List.copyOf(videoExtensions);
  }

  /** Opus as 111, VP8 as 96; MID as extension 4, audio level as 1. */
  public static OfferParameters opusAndVp8(
      LocalParameters local, List<SendSection> sends, int audioSlots, int videoSlots) {
    return new OfferParameters(
        local,
        sends,
        audioSlots,
        videoSlots,
        List.of(OPUS),
        List.of(VP8),
        List.of(LEVEL, MID),
        List.of(MID));
  }

  /**
   * A section the client sends in.
   *
   * @param kind audio or video
   * @param rtxSsrc announced with {@code ssrc} in an FID group
   */
  public record SendSection(MediaKind kind, long ssrc, OptionalLong rtxSsrc) {
    /** Without retransmissions. */
    public SendSection(MediaKind kind, long ssrc) {
      this(kind, ssrc, OptionalLong.empty());
    }
  }
}
