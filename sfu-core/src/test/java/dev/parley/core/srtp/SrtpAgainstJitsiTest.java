package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The own AEAD path and jitsi-srtp give the same bytes and the same verdicts. */
class SrtpAgainstJitsiTest {
  private static final long SEED = 20260721;
  private static final int[] SSRCS = {1, 0x8000_0000, -1, 0x1234_5678};

  @ParameterizedTest
  @EnumSource(names = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
  void shouldAgreeOverWrapsReorderingAndReplays(SrtpProfile profile) {
    assumeTrue(LibCrypto.available(), "libcrypto.so.3 is missing");
    Random random = new Random(SEED);
    byte[] key = new byte[profile.keyLength()];
    byte[] salt = new byte[profile.saltLength()];
    random.nextBytes(key);
    random.nextBytes(salt);
    long[] index = {0, 65_000, 30_000, 40_000};
    try (Arena arena = Arena.ofConfined();
        SrtpSender own = new SrtpSender(profile, key, salt, SrtpEngine.OPENSSL);
        SrtpSender jitsi = new SrtpSender(profile, key, salt, SrtpEngine.JITSI);
        SrtpReceiver ownReceiver = new SrtpReceiver(profile, key, salt, SrtpEngine.OPENSSL, 8);
        SrtpReceiver jitsiReceiver = new SrtpReceiver(profile, key, salt, SrtpEngine.JITSI, 8)) {
      MemorySegment out = arena.allocate(2048);
      byte[][] held = new byte[40][];
      for (int i = 0; i < 60_000; i++) {
        int which = random.nextInt(SSRCS.length);
        // Long jumps make several roll-overs in one run.
        index[which] += random.nextInt(100) == 0 ? random.nextInt(20_000) : 1;
        byte[] plain = TestPackets.rtp(random, SSRCS[which], (int) index[which] & 0xffff);
        byte[] sealed = seal(own, plain, out);
        assertArrayEquals(sealed, seal(jitsi, plain, out), () -> "seed " + SEED);

        int slot = random.nextInt(held.length);
        byte[] late = held[slot];
        held[slot] = sealed;
        if (late != null) {
          check(ownReceiver, jitsiReceiver, late);
          if (random.nextInt(10) == 0) {
            check(ownReceiver, jitsiReceiver, late);
          }
        }
        if (random.nextInt(20) == 0) {
          byte[] forged = sealed.clone();
          forged[random.nextInt(forged.length)] ^= (byte) (1 << random.nextInt(8));
          check(ownReceiver, jitsiReceiver, forged);
        }
      }
      assertEquals(SSRCS.length, ownReceiver.streams());
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldReadTheRtcpOfEachOther(SrtpProfile profile) {
    Random random = new Random(SEED);
    byte[] key = new byte[profile.keyLength()];
    byte[] salt = new byte[profile.saltLength()];
    random.nextBytes(key);
    SrtpEngine own = SrtpEngine.preferred(profile);
    try (SrtpSender a = new SrtpSender(profile, key, salt, own);
        SrtpSender b = new SrtpSender(profile, key, salt, SrtpEngine.JITSI);
        SrtpReceiver ra = new SrtpReceiver(profile, key, salt, own, 8);
        SrtpReceiver rb = new SrtpReceiver(profile, key, salt, SrtpEngine.JITSI, 8)) {
      for (int i = 0; i < 2000; i++) {
        byte[] plain = TestPackets.rtcp(random, SSRCS[random.nextInt(SSRCS.length)]);
        byte[] x = Arrays.copyOf(plain, plain.length + profile.rtcpOverhead());
        byte[] y = x.clone();
        assertEquals(x.length, a.protectRtcp(x, 0, plain.length));
        assertEquals(y.length, b.protectRtcp(y, 0, plain.length));
        assertArrayEquals(x, y);
        byte[] again = x.clone();
        assertEquals(plain.length, ra.unprotectRtcp(x, 0, x.length));
        assertEquals(plain.length, rb.unprotectRtcp(y, 0, y.length));
        assertArrayEquals(plain, Arrays.copyOf(x, plain.length));
        assertArrayEquals(plain, Arrays.copyOf(y, plain.length));
        assertEquals(SrtpStatus.REPLAYED, ra.unprotectRtcp(again.clone(), 0, again.length));
        assertEquals(SrtpStatus.REPLAYED, rb.unprotectRtcp(again, 0, again.length));
      }
    }
  }

  private static byte[] seal(SrtpSender sender, byte[] plain, MemorySegment out) {
    int length = sender.protect(plain, 0, plain.length, out, 3);
    assertEquals(plain.length + 16, length);
    return out.asSlice(3, length).toArray(ValueLayout.JAVA_BYTE);
  }

  private static void check(SrtpReceiver own, SrtpReceiver jitsi, byte[] sealed) {
    byte[] x = sealed.clone();
    byte[] y = sealed.clone();
    int length = own.unprotect(x, 0, x.length);
    assertEquals(length, jitsi.unprotect(y, 0, y.length), () -> "seed " + SEED);
    assertArrayEquals(x, y);
    if (length < 0) {
      assertArrayEquals(sealed, x, "a refused packet is as it came");
    }
  }
}
