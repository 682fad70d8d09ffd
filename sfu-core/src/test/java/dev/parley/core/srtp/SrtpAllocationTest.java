package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SrtpAllocationTest {
  private static final int WARM_UP = 60_000;
  private static final int MEASURED = 20_000;

  @ParameterizedTest
  @EnumSource(names = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
  void shouldAllocateNothingPerPacket(SrtpProfile profile) {
    assumeTrue(LibCrypto.available(), "libcrypto.so.3 is missing");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] key = new byte[profile.keyLength()];
    byte[] salt = new byte[profile.saltLength()];
    try (Arena arena = Arena.ofConfined();
        SrtpSender sender = new SrtpSender(profile, key, salt, SrtpEngine.OPENSSL);
        SrtpReceiver receiver = new SrtpReceiver(profile, key, salt, SrtpEngine.OPENSSL, 64)) {
      MemorySegment out = arena.allocate(2048);
      byte[] b = new byte[1500];
      byte[] rtcp = new byte[200];
      ByteBuffer packet = ByteBuffer.wrap(b);
      long before = 0;
      for (int i = 0; i < WARM_UP + MEASURED; i++) {
        if (i == WARM_UP) {
          before = threads.getCurrentThreadAllocatedBytes();
        }
        b[0] = (byte) 0x80;
        packet.putShort(2, (short) (i >> 2));
        packet.putInt(8, i & 3);
        int length = sender.protect(b, 0, 1112, out, 0);
        MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, b, 0, length);
        if (receiver.unprotect(b, 0, length) != 1112) {
          throw new AssertionError("packet " + i);
        }
        rtcp[0] = (byte) 0x80;
        if (receiver.unprotectRtcp(rtcp, 0, sender.protectRtcp(rtcp, 0, 100)) != 100) {
          throw new AssertionError("packet " + i);
        }
      }
      // Asking for the figure allocates a few bytes itself on some JVMs.
      long perPacket = (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
      assertEquals(0, perPacket);
    }
  }
}
