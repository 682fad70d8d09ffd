package dev.parley.core.srtp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Native working memory of one thread, shared by all its transports: a nonce, an output length, and
 * room for one packet. Lives as long as its thread.
 */
final class NativeScratch {
  /** The longest packet that {@link SrtpReceiver} takes, in bytes. */
  static final int MAX_PACKET = 8192;

  static final int IV = 0;
  static final int WRITTEN = 16;
  static final int PACKET = 64;

  private static final ThreadLocal<NativeScratch> OF_THREAD =
      ThreadLocal.withInitial(NativeScratch::new);

  final MemorySegment memory = Arena.ofAuto().allocate(PACKET + MAX_PACKET + 64, 64);
  final long address = memory.address();

  private NativeScratch() {}

  static NativeScratch ofThread() {
    return OF_THREAD.get();
  }
}
