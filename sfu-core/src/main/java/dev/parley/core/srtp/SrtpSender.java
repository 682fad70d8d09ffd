package dev.parley.core.srtp;

import dev.parley.core.common.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * The outgoing half of one SRTP association. The worker's thread only. Follows each SSRC's 16-bit
 * sequence numbers to the 48-bit packet index (RFC 3711 section 3.3.1): slots must number their
 * packets without jumps of 32768 or more.
 */
public final class SrtpSender implements AutoCloseable {
  /** SSRCs per association: a slot and its RTX are two. */
  public static final int DEFAULT_MAX_STREAMS = 512;

  private static final int WINDOW = 256;

  private final SrtpProfile profile;
  private final PacketCipher cipher;
  private final StreamTable streams;

  /** Copies key and salt; picks the engine by {@link SrtpEngine#preferred}. */
  public SrtpSender(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    this(profile, masterKey, masterSalt, SrtpEngine.preferred(profile));
  }

  public SrtpSender(SrtpProfile profile, byte[] masterKey, byte[] masterSalt, SrtpEngine engine) {
    this(profile, PacketCipher.create(engine, profile, masterKey, masterSalt, true));
  }

  SrtpSender(SrtpProfile profile, PacketCipher cipher) {
    this.profile = profile;
    this.cipher = cipher;
    this.streams = new StreamTable(DEFAULT_MAX_STREAMS, WINDOW);
  }

  /**
   * Protects the RTP packet {@code b[off, off + len)}. Borrows {@code b} and leaves it unchanged;
   * writes {@code len + rtpOverhead()} bytes to the native segment {@code out} at {@code
   * outOffset}.
   *
   * @return the SRTP packet's length, or a negative {@link SrtpStatus}: MALFORMED,
   *     TOO_MANY_STREAMS, or for AEAD profiles INDEX_REUSED; then what {@code out} holds there is
   *     undefined
   * @throws IndexOutOfBoundsException if {@code out} has no room
   */
  @HotPath
  public int protect(byte[] b, int off, int len, MemorySegment out, long outOffset) {
    int headerLength = RtpBounds.headerLength(b, off, len);
    if (headerLength < 0 || len > NativeScratch.MAX_PACKET) {
      return SrtpStatus.MALFORMED;
    }
    int ssrc = RtpBounds.int32(b, off + 8);
    int seq16 = RtpBounds.seq16(b, off);
    int stream = streams.find(ssrc);
    if (stream < 0) {
      return protectFirst(b, off, len, headerLength, ssrc, seq16, out, outOffset);
    }
    long index = streams.estimate(stream, seq16);
    if (index < 0 || (streams.isReplay(stream, index) && profile.isAead())) {
      return SrtpStatus.INDEX_REUSED;
    }
    int sealed = cipher.sealRtp(b, off, len, headerLength, stream, ssrc, index, out, outOffset);
    if (sealed >= 0) {
      streams.accept(stream, index);
    }
    return sealed;
  }

  /** Fetches what the next packet needs into the processor's cache; the value means nothing. */
  @HotPath
  public int warm() {
    return streams.warm() + cipher.warm();
  }

  private int protectFirst(
      byte[] b,
      int off,
      int len,
      int headerLength,
      int ssrc,
      int seq16,
      MemorySegment out,
      long outOffset) {
    if (streams.isFull()) {
      return SrtpStatus.TOO_MANY_STREAMS;
    }
    int sealed =
        cipher.sealRtp(b, off, len, headerLength, StreamTable.NONE, ssrc, seq16, out, outOffset);
    if (sealed >= 0) {
      cipher.adoptRtp(streams.add(ssrc, seq16));
    }
    return sealed;
  }

  /**
   * Protects the (compound) RTCP packet {@code b[off, off + len)} in place; {@code b} needs {@link
   * SrtpProfile#rtcpOverhead()} bytes more behind it.
   *
   * @return the SRTCP packet's length, or a negative {@link SrtpStatus}
   */
  @HotPath
  public int protectRtcp(byte[] b, int off, int len) {
    if (len < 8 || len > NativeScratch.MAX_PACKET || (b[off] & 0xc0) != 0x80) {
      return SrtpStatus.MALFORMED;
    }
    if (off + len + profile.rtcpOverhead() > b.length) {
      throw noRoom(b, off, len);
    }
    return cipher.sealRtcp(b, off, len, RtpBounds.int32(b, off + 4));
  }

  private static IndexOutOfBoundsException noRoom(byte[] b, int off, int len) {
    return new IndexOutOfBoundsException(
        "no room to protect " + len + " bytes at " + off + " of " + b.length);
  }

  /** Frees native memory; no method may be called afterwards. Twice is harmless. */
  @Override
  public void close() {
    cipher.close();
  }
}
