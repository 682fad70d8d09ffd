package dev.parley.core.srtp;

import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.parley.core.common.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * AES-GCM under one session key in one direction, by libcrypto. The SSRC enters only the nonce (RFC
 * 7714 section 8.1), so one context serves all streams of a transport. Confined to the worker's
 * thread; {@link #close} frees the native context.
 */
final class GcmContext implements AutoCloseable {
  static final int TAG = 16;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private final int saltHigh;
  private final long saltLow;
  private long context;

  /** Copies key (16 or 32 bytes) and salt (12 bytes). */
  GcmContext(byte[] key, byte[] salt, boolean encrypt) {
    if ((key.length != 16 && key.length != 32) || salt.length != 12) {
      throw new IllegalArgumentException("key " + key.length + ", salt " + salt.length + " bytes");
    }
    MemorySegment s = MemorySegment.ofArray(salt);
    saltHigh = s.get(INT, 0);
    saltLow = s.get(LONG, 4);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment nativeKey = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
      context = LibCrypto.newGcm(key.length, nativeKey.address(), encrypt);
      nativeKey.fill((byte) 0);
    }
  }

  @HotPath
  int warm() {
    return (int) saltLow;
  }

  /**
   * Encrypts in place and appends the tag. {@code at} points to associated data of {@code aad}
   * bytes followed by {@code text} bytes of plaintext and room for the tag.
   *
   * @param index the low 48 bits of the nonce: RTP packet index, or SRTCP index
   * @return false if libcrypto refuses
   */
  @HotPath
  boolean seal(NativeScratch scratch, int ssrc, long index, long at, int aad, int text) {
    writeIv(scratch, ssrc, index);
    long written = scratch.address + NativeScratch.WRITTEN;
    long data = at + aad;
    int ok = LibCrypto.start(live(), scratch.address + NativeScratch.IV);
    ok &= LibCrypto.update(context, 0, written, at, aad);
    if (text > 0) {
      ok &= LibCrypto.update(context, data, written, data, text);
    }
    ok &= LibCrypto.finish(context, data + text, written);
    ok &= LibCrypto.tag(context, LibCrypto.GET_TAG, data + text);
    return ok == 1;
  }

  /**
   * As {@link #seal} for SRTCP, where the associated data is in two pieces (RFC 7714 section 9.2):
   * {@code aad} bytes at {@code at} and the index word at {@code word}.
   */
  @HotPath
  boolean sealRtcp(NativeScratch s, int ssrc, int index, long at, int aad, int text, long word) {
    writeIv(s, ssrc, index & 0x7fff_ffffL);
    long written = s.address + NativeScratch.WRITTEN;
    long data = at + aad;
    int ok = LibCrypto.start(live(), s.address + NativeScratch.IV);
    ok &= LibCrypto.update(context, 0, written, at, aad);
    ok &= LibCrypto.update(context, 0, written, word, 4);
    if (text > 0) {
      ok &= LibCrypto.update(context, data, written, data, text);
    }
    ok &= LibCrypto.finish(context, data + text, written);
    ok &= LibCrypto.tag(context, LibCrypto.GET_TAG, data + text);
    return ok == 1;
  }

  /** The inverse of {@link #seal}; {@code text} counts without the tag. False: not authentic. */
  @HotPath
  boolean open(NativeScratch scratch, int ssrc, long index, long at, int aad, int text) {
    writeIv(scratch, ssrc, index);
    long written = scratch.address + NativeScratch.WRITTEN;
    long data = at + aad;
    int ok = LibCrypto.start(live(), scratch.address + NativeScratch.IV);
    ok &= LibCrypto.tag(context, LibCrypto.SET_TAG, data + text);
    ok &= LibCrypto.update(context, 0, written, at, aad);
    if (text > 0) {
      ok &= LibCrypto.update(context, data, written, data, text);
    }
    return (ok & LibCrypto.finish(context, data + text, written)) == 1;
  }

  /** The inverse of {@link #sealRtcp}. */
  @HotPath
  boolean openRtcp(NativeScratch s, int ssrc, int index, long at, int aad, int text, long word) {
    writeIv(s, ssrc, index & 0x7fff_ffffL);
    long written = s.address + NativeScratch.WRITTEN;
    long data = at + aad;
    int ok = LibCrypto.start(live(), s.address + NativeScratch.IV);
    ok &= LibCrypto.tag(context, LibCrypto.SET_TAG, data + text);
    ok &= LibCrypto.update(context, 0, written, at, aad);
    ok &= LibCrypto.update(context, 0, written, word, 4);
    if (text > 0) {
      ok &= LibCrypto.update(context, data, written, data, text);
    }
    return (ok & LibCrypto.finish(context, data + text, written)) == 1;
  }

  /** (00 00 | SSRC | 48-bit index) xor salt, RFC 7714 sections 8.1 and 9.1. */
  @HotPath
  private void writeIv(NativeScratch scratch, int ssrc, long index) {
    scratch.memory.set(INT, NativeScratch.IV, saltHigh ^ (ssrc >>> 16));
    scratch.memory.set(LONG, NativeScratch.IV + 4, saltLow ^ ((long) ssrc << 48 | index));
  }

  /** Guards libcrypto, and so the process, against the use of a freed context. */
  @HotPath
  private long live() {
    if (context == 0) {
      throw closed();
    }
    return context;
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("this SRTP context was closed");
  }

  @Override
  public void close() {
    long freed = context;
    context = 0;
    if (freed != 0) {
      LibCrypto.free(freed);
    }
  }

  /** One round trip, to prove that every function is there and works together. */
  static boolean selfTest() {
    NativeScratch scratch = NativeScratch.ofThread();
    long at = scratch.address + NativeScratch.PACKET;
    byte[] key = new byte[16];
    byte[] salt = new byte[12];
    try (GcmContext seal = new GcmContext(key, salt, true);
        GcmContext open = new GcmContext(key, salt, false)) {
      return seal.seal(scratch, 1, 1, at, 12, 20) && open.open(scratch, 1, 1, at, 12, 20);
    }
  }
}
