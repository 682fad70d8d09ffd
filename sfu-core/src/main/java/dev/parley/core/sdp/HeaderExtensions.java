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

  private HeaderExtensions() {}
}
