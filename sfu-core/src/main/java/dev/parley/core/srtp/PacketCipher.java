package dev.parley.core.srtp;

import dev.parley.core.common.HotPath;
import java.lang.foreign.MemorySegment;

/**
 * One direction of one engine: turns a packet whose bounds, stream and index are known into its
 * protected form or back. Knows nothing of replay; {@link SrtpReceiver} and {@link SrtpSender} ask
 * it only for packets that passed. A {@code stream} is the dense number of {@link StreamTable},
 * {@link StreamTable#NONE} for an SSRC not seen before.
 */
abstract class PacketCipher implements AutoCloseable {

  static PacketCipher create(
      SrtpEngine engine, SrtpProfile profile, byte[] key, byte[] salt, boolean sender) {
    if (key.length != profile.keyLength() || salt.length != profile.saltLength()) {
      throw new IllegalArgumentException(
          profile + " with a key of " + key.length + " and a salt of " + salt.length + " bytes");
    }
    return switch (engine) {
      case OPENSSL -> GcmPacketCipher.derive(profile, key, salt, sender);
      case JITSI -> new JitsiPacketCipher(profile, key, salt, sender);
    };
  }

  /** As {@link SrtpSender#warm}. */
  @HotPath
  int warm() {
    return 0;
  }

  /** Writes the SRTP packet; returns its length or a negative status. */
  abstract int sealRtp(
      byte[] b,
      int off,
      int len,
      int headerLength,
      int stream,
      int ssrc,
      long index,
      MemorySegment out,
      long outOffset);

  /** Decrypts in place; returns the RTP packet's length or a negative status. */
  abstract int openRtp(
      byte[] b, int off, int len, int headerLength, int stream, int ssrc, long index);

  /** Appends what RFC 3711 section 3.4 and RFC 7714 section 9 ask for, in place. */
  abstract int sealRtcp(byte[] b, int off, int len, int ssrc);

  /** Decrypts in place; {@code indexWord} is the E flag and the SRTCP index. */
  abstract int openRtcp(byte[] b, int off, int len, int stream, int ssrc, int indexWord);

  /** The RTP stream that was NONE in the last, successful call got this number. */
  void adoptRtp(int stream) {}

  /** The RTCP stream that was NONE in the last, successful call got this number. */
  void adoptRtcp(int stream) {}

  @Override
  public abstract void close();
}
