package dev.parley.core.srtp;

import org.jspecify.annotations.Nullable;

/** The protection profiles of DTLS-SRTP that Parley speaks, best first. */
public enum SrtpProfile {
  /** RFC 7714. */
  AEAD_AES_128_GCM(0x0007, 16, 12, 16, 16),
  /** RFC 7714. */
  AEAD_AES_256_GCM(0x0008, 32, 12, 16, 16),
  /** RFC 5764 section 4.1.2. */
  AES_CM_128_HMAC_SHA1_80(0x0001, 16, 14, 10, 10);

  private final int id;
  private final int keyLength;
  private final int saltLength;
  private final int rtpOverhead;
  private final int tagLength;

  SrtpProfile(int id, int keyLength, int saltLength, int rtpOverhead, int tagLength) {
    this.id = id;
    this.keyLength = keyLength;
    this.saltLength = saltLength;
    this.rtpOverhead = rtpOverhead;
    this.tagLength = tagLength;
  }

  /** The number in the {@code use_srtp} extension. */
  public int id() {
    return id;
  }

  /** Bytes of the master key, and of the session encryption key. */
  public int keyLength() {
    return keyLength;
  }

  /** Bytes of the master salt. */
  public int saltLength() {
    return saltLength;
  }

  /** Bytes that protection adds to an RTP packet. */
  public int rtpOverhead() {
    return rtpOverhead;
  }

  /** Bytes that protection adds to an RTCP packet: the tag and the index word. */
  public int rtcpOverhead() {
    return tagLength + 4;
  }

  /** Bytes that the DTLS exporter must give: two keys and two salts. */
  public int keyingMaterialLength() {
    return 2 * (keyLength + saltLength);
  }

  public boolean isAead() {
    return this != AES_CM_128_HMAC_SHA1_80;
  }

  /** The profile with this number in {@code use_srtp}, or null if Parley does not speak it. */
  public static @Nullable SrtpProfile ofId(int id) {
    for (SrtpProfile profile : values()) {
      if (profile.id == id) {
        return profile;
      }
    }
    return null;
  }
}
