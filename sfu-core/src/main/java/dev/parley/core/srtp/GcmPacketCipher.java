package dev.parley.core.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.parley.core.common.HotPath;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * AEAD_AES_128_GCM and AEAD_AES_256_GCM (RFC 7714) by libcrypto, without allocation. Outgoing RTP
 * is copied once, into the send slab, and encrypted there. Incoming RTP is decrypted in the
 * thread's scratch and copied back: two copies of a packet cost less than handing a heap array to a
 * native call, and a packet that proves false leaves its array untouched.
 */
final class GcmPacketCipher extends PacketCipher {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final int RTCP_HEADER = 8;

  private final GcmContext rtp;
  private final GcmContext rtcp;
  private int nextRtcpIndex;

  static GcmPacketCipher derive(
      SrtpProfile profile, byte[] masterKey, byte[] masterSalt, boolean sender) {
    if (!profile.isAead()) {
      throw new IllegalArgumentException("the OpenSSL engine has no " + profile);
    }
    KeyDerivation keys = new KeyDerivation(masterKey, masterSalt);
    int key = profile.keyLength();
    int salt = profile.saltLength();
    return new GcmPacketCipher(
        new GcmContext(
            keys.derive(KeyDerivation.RTP_ENCRYPTION, key),
            keys.derive(KeyDerivation.RTP_SALT, salt),
            sender),
        new GcmContext(
            keys.derive(KeyDerivation.RTCP_ENCRYPTION, key),
            keys.derive(KeyDerivation.RTCP_SALT, salt),
            sender));
  }

  /** Takes contexts keyed with session keys, as the vectors of RFC 7714 give them. */
  GcmPacketCipher(GcmContext rtp, GcmContext rtcp) {
    this.rtp = rtp;
    this.rtcp = rtcp;
  }

  @Override
  @HotPath
  int warm() {
    return rtp.warm();
  }

  @Override
  @HotPath
  int sealRtp(
      byte[] b,
      int off,
      int len,
      int headerLength,
      int stream,
      int ssrc,
      long index,
      MemorySegment out,
      long outOffset) {
    // Writes through a raw address below: prove the room first, as the copy alone would not.
    if (outOffset < 0 || outOffset + len + GcmContext.TAG > out.byteSize() || !out.isNative()) {
      throw noRoom(out, outOffset, len);
    }
    MemorySegment.copy(b, off, out, JAVA_BYTE, outOffset, len);
    boolean sealed =
        rtp.seal(
            NativeScratch.ofThread(),
            ssrc,
            index,
            out.address() + outOffset,
            headerLength,
            len - headerLength);
    return sealed ? len + GcmContext.TAG : SrtpStatus.CIPHER_FAILED;
  }

  @Override
  @HotPath
  int openRtp(byte[] b, int off, int len, int headerLength, int stream, int ssrc, long index) {
    NativeScratch scratch = NativeScratch.ofThread();
    MemorySegment.copy(b, off, scratch.memory, JAVA_BYTE, NativeScratch.PACKET, len);
    int text = len - GcmContext.TAG - headerLength;
    if (!rtp.open(
        scratch, ssrc, index, scratch.address + NativeScratch.PACKET, headerLength, text)) {
      return SrtpStatus.AUTH_FAILED;
    }
    MemorySegment.copy(
        scratch.memory,
        JAVA_BYTE,
        NativeScratch.PACKET + headerLength,
        b,
        off + headerLength,
        text);
    return len - GcmContext.TAG;
  }

  @Override
  int sealRtcp(byte[] b, int off, int len, int ssrc) {
    int index = nextRtcpIndex;
    nextRtcpIndex = (index + 1) & 0x7fff_ffff;
    NativeScratch scratch = NativeScratch.ofThread();
    int word = NativeScratch.PACKET + len + GcmContext.TAG;
    MemorySegment.copy(b, off, scratch.memory, JAVA_BYTE, NativeScratch.PACKET, len);
    scratch.memory.set(INT, word, 0x8000_0000 | index);
    boolean sealed =
        rtcp.sealRtcp(
            scratch,
            ssrc,
            index,
            scratch.address + NativeScratch.PACKET,
            RTCP_HEADER,
            len - RTCP_HEADER,
            scratch.address + word);
    if (!sealed) {
      return SrtpStatus.CIPHER_FAILED;
    }
    int sealedLength = len + GcmContext.TAG + 4;
    MemorySegment.copy(scratch.memory, JAVA_BYTE, NativeScratch.PACKET, b, off, sealedLength);
    return sealedLength;
  }

  @Override
  int openRtcp(byte[] b, int off, int len, int stream, int ssrc, int indexWord) {
    NativeScratch scratch = NativeScratch.ofThread();
    MemorySegment.copy(b, off, scratch.memory, JAVA_BYTE, NativeScratch.PACKET, len);
    int plain = len - GcmContext.TAG - 4;
    // Without the E flag nothing is encrypted, everything is authenticated (RFC 7714 section 9.3).
    int aad = indexWord < 0 ? RTCP_HEADER : plain;
    long at = scratch.address + NativeScratch.PACKET;
    if (!rtcp.openRtcp(scratch, ssrc, indexWord, at, aad, plain - aad, at + len - 4)) {
      return SrtpStatus.AUTH_FAILED;
    }
    MemorySegment.copy(
        scratch.memory, JAVA_BYTE, NativeScratch.PACKET + aad, b, off + aad, plain - aad);
    return plain;
  }

  private static IndexOutOfBoundsException noRoom(MemorySegment out, long offset, int len) {
    return new IndexOutOfBoundsException(
        "no room for " + len + " + 16 bytes at " + offset + " of " + out);
  }

  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }
}
