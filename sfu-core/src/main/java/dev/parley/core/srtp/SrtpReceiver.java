package dev.parley.core.srtp;

import dev.parley.core.common.HotPath;

/**
 * The incoming half of one SRTP association: authenticates, decrypts, and refuses replays (RFC 3711
 * section 3.3). The worker's thread only. The cheap checks come first: bounds, number of streams
 * and replay window before any cryptography; and state changes only after a packet proved
 * authentic, so forged packets cost time but never memory or a place in the window.
 */
public final class SrtpReceiver implements AutoCloseable {
  /** SSRCs per association: simulcast video with RTX, audio and screen, several times over. */
  public static final int DEFAULT_MAX_STREAMS = 64;

  /** Packets; at 2000 packets/s of one stream, half a second of reordering. */
  static final int RTP_WINDOW = 1024;

  static final int RTCP_WINDOW = 128;

  private final int rtpOverhead;
  private final int rtcpOverhead;
  private final int rtcpWordFromEnd;
  private final PacketCipher cipher;
  private final StreamTable rtp;
  private final StreamTable rtcp;

  /** Copies key and salt; picks the engine by {@link SrtpEngine#preferred}. */
  public SrtpReceiver(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    this(profile, masterKey, masterSalt, SrtpEngine.preferred(profile), DEFAULT_MAX_STREAMS);
  }

  /**
   * @param maxStreams SSRCs remembered, for RTP and RTCP each; a further one is refused. None is
   *     ever forgotten: that would open its packets to replay
   */
  public SrtpReceiver(
      SrtpProfile profile, byte[] masterKey, byte[] masterSalt, SrtpEngine engine, int maxStreams) {
    this(profile, PacketCipher.create(engine, profile, masterKey, masterSalt, false), maxStreams);
  }

  SrtpReceiver(SrtpProfile profile, PacketCipher cipher, int maxStreams) {
    this.rtpOverhead = profile.rtpOverhead();
    this.rtcpOverhead = profile.rtcpOverhead();
    // RFC 7714 section 9.2 puts the index word last, RFC 3711 section 3.4 before the tag.
    this.rtcpWordFromEnd = profile.isAead() ? 4 : rtcpOverhead;
    this.cipher = cipher;
    this.rtp = new StreamTable(maxStreams, RTP_WINDOW);
    this.rtcp = new StreamTable(maxStreams, RTCP_WINDOW);
  }

  /**
   * Turns the SRTP packet {@code b[off, off + len)} into RTP, in place. Borrows {@code b}.
   *
   * @return the RTP packet's length, or a negative {@link SrtpStatus}; then the packet is unchanged
   */
  @HotPath
  public int unprotect(byte[] b, int off, int len) {
    int headerLength = RtpBounds.headerLength(b, off, len - rtpOverhead);
    if (headerLength < 0 || len > NativeScratch.MAX_PACKET) {
      return SrtpStatus.MALFORMED;
    }
    int ssrc = RtpBounds.int32(b, off + 8);
    int seq16 = RtpBounds.seq16(b, off);
    int stream = rtp.find(ssrc);
    if (stream < 0) {
      return unprotectFirst(b, off, len, headerLength, ssrc, seq16);
    }
    long index = rtp.estimate(stream, seq16);
    if (rtp.isReplay(stream, index)) {
      return SrtpStatus.REPLAYED;
    }
    int plain = cipher.openRtp(b, off, len, headerLength, stream, ssrc, index);
    if (plain >= 0) {
      rtp.accept(stream, index);
    }
    return plain;
  }

  private int unprotectFirst(byte[] b, int off, int len, int headerLength, int ssrc, int seq16) {
    if (rtp.isFull()) {
      return SrtpStatus.TOO_MANY_STREAMS;
    }
    int plain = cipher.openRtp(b, off, len, headerLength, StreamTable.NONE, ssrc, seq16);
    if (plain >= 0) {
      cipher.adoptRtp(rtp.add(ssrc, seq16));
    }
    return plain;
  }

  /**
   * Turns the SRTCP packet {@code b[off, off + len)} into (compound) RTCP, in place. Borrows {@code
   * b}.
   *
   * @return the RTCP packet's length, or a negative {@link SrtpStatus}; then the packet is
   *     unchanged
   */
  @HotPath
  public int unprotectRtcp(byte[] b, int off, int len) {
    if (len < 8 + rtcpOverhead || len > NativeScratch.MAX_PACKET || (b[off] & 0xc0) != 0x80) {
      return SrtpStatus.MALFORMED;
    }
    int ssrc = RtpBounds.int32(b, off + 4);
    int word = RtpBounds.int32(b, off + len - rtcpWordFromEnd);
    int index = word & 0x7fff_ffff;
    int stream = rtcp.find(ssrc);
    if (stream < 0 ? rtcp.isFull() : rtcp.isReplay(stream, index)) {
      return stream < 0 ? SrtpStatus.TOO_MANY_STREAMS : SrtpStatus.REPLAYED;
    }
    int plain = cipher.openRtcp(b, off, len, stream, ssrc, word);
    if (plain >= 0) {
      if (stream < 0) {
        cipher.adoptRtcp(rtcp.add(ssrc, index));
      } else {
        rtcp.accept(stream, index);
      }
    }
    return plain;
  }

  /** Whether authentic RTP, or RTCP, came from this SSRC. */
  public boolean knows(int ssrc, boolean inRtcp) {
    return (inRtcp ? rtcp : rtp).find(ssrc) >= 0;
  }

  /** SSRCs that sent authentic RTP, for snapshots. */
  public int streams() {
    return rtp.size();
  }

  /** Frees native memory; no method may be called afterwards. Twice is harmless. */
  @Override
  public void close() {
    cipher.close();
  }
}
