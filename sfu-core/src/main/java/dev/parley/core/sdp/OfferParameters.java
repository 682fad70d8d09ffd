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
  private static final Codec OPUS_WITH_FEEDBACK =
      new Codec(
          OPUS.payloadType(),
          OPUS.name(),
          OPUS.clockRate(),
          OPUS.channels(),
          OPUS.fmtp(),
          Set.of("transport-cc"),
          OptionalInt.empty());
  private static final Codec VP8_WITH_REPAIR =
      new Codec(
          VP8.payloadType(),
          VP8.name(),
          VP8.clockRate(),
          VP8.channels(),
          VP8.fmtp(),
          Set.of("nack", "nack pli", "ccm fir", "transport-cc"),
          OptionalInt.of(97));
  private static final ExtensionMap MID = new ExtensionMap(4, HeaderExtensions.MID);
  private static final ExtensionMap LEVEL = new ExtensionMap(1, HeaderExtensions.AUDIO_LEVEL);

  private static final ExtensionMap TRANSPORT_CC =
      new ExtensionMap(3, HeaderExtensions.TRANSPORT_WIDE_CC);
  private static final ExtensionMap RID = new ExtensionMap(10, HeaderExtensions.RID);
  private static final ExtensionMap REPAIRED_RID =
      new ExtensionMap(11, HeaderExtensions.REPAIRED_RID);

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
   * As {@link #opusAndVp8}, with retransmissions of VP8 as 97, transport-wide feedback with
   * extension 3, and the extensions of simulcast: RID as 10, repaired RID as 11.
   */
  public static OfferParameters opusAndVp8WithRepair(
      LocalParameters local, List<SendSection> sends, int audioSlots, int videoSlots) {
    return new OfferParameters(
        local,
        sends,
        audioSlots,
        videoSlots,
        List.of(OPUS_WITH_FEEDBACK),
        List.of(VP8_WITH_REPAIR),
        List.of(LEVEL, TRANSPORT_CC, MID),
        List.of(TRANSPORT_CC, MID, RID, REPAIRED_RID));
  }

  /**
   * A section the client sends in.
   *
   * @param kind audio or video
   * @param ssrc announced, unless there are {@code rids}
   * @param rtxSsrc announced with {@code ssrc} in an FID group
   * @param rids the simulcast layers, worst first; none: a single stream
   */
  public record SendSection(MediaKind kind, long ssrc, OptionalLong rtxSsrc, List<String> rids) {
    public SendSection {
      rids = List.copyOf(rids);
    }

    /** Without retransmissions. */
    public SendSection(MediaKind kind, long ssrc) {
      this(kind, ssrc, OptionalLong.empty(), List.of());
    }

    /** With retransmissions. */
    public SendSection(MediaKind kind, long ssrc, long rtxSsrc) {
      this(kind, ssrc, OptionalLong.of(rtxSsrc), List.of());
    }

    /** Simulcast, whose packets say themselves where they belong. */
    public static SendSection simulcast(List<String> rids) {
      return new SendSection(MediaKind.VIDEO, 0, OptionalLong.empty(), rids);
    }
  }
}
