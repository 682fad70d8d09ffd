package dev.parley.core.srtp;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;

/**
 * CPU time and allocation per packet of 1100 payload bytes, by engine and profile, in one run:
 * {@code java --enable-native-access=ALL-UNNAMED -cp ... dev.parley.core.srtp.SecurityBenchmark}.
 */
public final class SecurityBenchmark {
  private static final int PACKETS = 200_000;
  private static final int LENGTH = 1112;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private SecurityBenchmark() {}

  public static void main(String[] args) {
    for (int round = 0; round < 5; round++) {
      for (SrtpProfile profile : SrtpProfile.values()) {
        for (SrtpEngine engine : SrtpEngine.values()) {
          if (engine == SrtpEngine.JITSI || profile.isAead()) {
            measure(profile, engine);
          }
        }
      }
    }
  }

  private static void measure(SrtpProfile profile, SrtpEngine engine) {
    byte[] key = new byte[profile.keyLength()];
    byte[] salt = new byte[profile.saltLength()];
    int sealed = LENGTH + profile.rtpOverhead();
    try (Arena arena = Arena.ofConfined();
        SrtpSender sender = new SrtpSender(profile, key, salt, engine);
        SrtpReceiver receiver = new SrtpReceiver(profile, key, salt, engine, 64)) {
      MemorySegment slab = arena.allocate(64 * 1536L);
      byte[] b = new byte[1500];
      b[0] = (byte) 0x80;
      ByteBuffer packet = ByteBuffer.wrap(b);
      long sealNanos = 0;
      long openNanos = 0;
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      for (int batch = 0; batch < PACKETS / 64; batch++) {
        long begin = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < 64; i++) {
          packet.putShort(2, (short) (batch * 64 + i));
          if (sender.protect(b, 0, LENGTH, slab, i * 1536L) != sealed) {
            throw new AssertionError("protect");
          }
        }
        long middle = THREADS.getCurrentThreadCpuTime();
        sealNanos += middle - begin;
        for (int i = 0; i < 64; i++) {
          MemorySegment.copy(slab, ValueLayout.JAVA_BYTE, i * 1536L, b, 0, sealed);
          if (receiver.unprotect(b, 0, sealed) != LENGTH) {
            throw new AssertionError("unprotect");
          }
        }
        openNanos += THREADS.getCurrentThreadCpuTime() - middle;
      }
      long perPacket = (THREADS.getCurrentThreadAllocatedBytes() - allocated) / PACKETS;
      System.out.printf(
          "%-24s %-8s protect %5d ns  unprotect %5d ns  %5d B allocated for both%n",
          profile, engine, sealNanos / PACKETS, openNanos / PACKETS, perPacket);
    }
  }
}
