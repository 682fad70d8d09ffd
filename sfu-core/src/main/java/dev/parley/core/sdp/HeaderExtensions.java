package dev.parley.core.sdp;

/** The URIs of the RTP header extensions that the engine knows. */
public final class HeaderExtensions {
  /** The section's MID (RFC 9143 section 15). */
  public static final String MID = "urn:ietf:params:rtp-hdrext:sdes:mid";

  /** The audio level of a packet (RFC 6464). */
  public static final String AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

  /** The camera's rotation (3GPP TS 26.114). */
  public static final String VIDEO_ORIENTATION = "urn:3gpp:video-orientation";

  /** The RID of a simulcast layer (RFC 8852). */
  public static final String RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

  /** The RID of the layer that a packet retransmits (RFC 8852). */
  public static final String REPAIRED_RID =
      "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";

  /** A number for every packet of a transport (draft-holmer-rmcat-transport-wide-cc-extensions). */
  public static final String TRANSPORT_WIDE_CC =
      "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

  /** When a packet left; what REMB is computed from (draft-alvestrand-rmcat-remb). */
  public static final String ABS_SEND_TIME =
      "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";

  /** The layers of a frame and the frames it needs (AV1 RTP specification, appendix A). */
  public static final String DEPENDENCY_DESCRIPTOR =
      "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

  private HeaderExtensions() {}
}
