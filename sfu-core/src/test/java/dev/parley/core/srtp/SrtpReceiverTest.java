package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Replay, bounds and forgeries, for the preferred engine of every profile. */
class SrtpReceiverTest {
  private final Random random = new Random(7);

  /** A sender, a receiver, and memory between them. */
  private record Pair(SrtpProfile profile, SrtpSender sender, SrtpReceiver receiver, Arena arena)
      implements AutoCloseable {
    static Pair of(SrtpProfile profile, int maxStreams) {
      byte[] key = new byte[profile.keyLength()];
      byte[] salt = new byte[profile.saltLength()];
      return new Pair(
          profile,
          new SrtpSender(profile, key, salt),
          new SrtpReceiver(profile, key, salt, SrtpEngine.preferred(profile), maxStreams),
          Arena.ofConfined());
    }

    byte[] sealed(byte[] plain) {
      MemorySegment out = arena.allocate(2048);
      int length = sender.protect(plain, 0, plain.length, out, 0);
      assertEquals(plain.length + profile.rtpOverhead(), length);
      return out.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }

    int receive(byte[] sealed) {
      return receiver.unprotect(sealed.clone(), 0, sealed.length);
    }

    @Override
    public void close() {
      sender.close();
      receiver.close();
      arena.close();
    }
  }

  private static byte[] packet(int ssrc, int seq16) {
    byte[] b = new byte[200];
    b[0] = (byte) 0x80;
    ByteBuffer.wrap(b).putShort(2, (short) seq16).putInt(8, ssrc);
    return b;
  }

  @ParameterizedTest
  @EnumSource
  void shouldAcceptEachPacketOnceWithinTheWindow(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 4)) {
      byte[][] sealed = new byte[3000][];
      for (int i = 0; i < sealed.length; i++) {
        sealed[i] = pair.sealed(packet(9, 64_000 + i));
      }
      assertEquals(200, pair.receive(sealed[0]));
      assertEquals(200, pair.receive(sealed[2000]), "a jump over the roll-over");
      assertEquals(200, pair.receive(sealed[2000 - 1023]), "the oldest in the window");
      assertEquals(SrtpStatus.REPLAYED, pair.receive(sealed[2000 - 1024]), "just too old");
      assertEquals(SrtpStatus.REPLAYED, pair.receive(sealed[2000]));
      assertEquals(SrtpStatus.REPLAYED, pair.receive(sealed[2000 - 1023]));
      for (int i = 1999; i > 2000 - 1023; i--) {
        assertEquals(200, pair.receive(sealed[i]));
        assertEquals(SrtpStatus.REPLAYED, pair.receive(sealed[i]));
      }
      assertEquals(200, pair.receive(sealed[2999]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldChangeNothingOnForgedAndTruncatedPackets(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 2)) {
      byte[] first = pair.sealed(packet(1, 100));
      for (int bit = 0; bit < 8 * first.length; bit++) {
        byte[] forged = first.clone();
        forged[bit / 8] ^= (byte) (1 << bit % 8);
        byte[] before = forged.clone();
        int status = pair.receiver().unprotect(forged, 0, forged.length);
        assertTrue(
            status == SrtpStatus.AUTH_FAILED || status == SrtpStatus.MALFORMED, "bit " + bit);
        assertArrayEquals(before, forged);
      }
      assertEquals(0, pair.receiver().streams());
      for (int length = 0; length < first.length; length++) {
        byte[] cut = Arrays.copyOf(first, length);
        int status = pair.receiver().unprotect(cut, 0, length);
        assertTrue(status == SrtpStatus.AUTH_FAILED || status == SrtpStatus.MALFORMED);
      }
      assertEquals(0, pair.receiver().streams());
      assertEquals(200, pair.receive(first));
      byte[] farAhead = pair.sealed(packet(1, 30_000));
      farAhead[50] ^= 1;
      assertEquals(SrtpStatus.AUTH_FAILED, pair.receive(farAhead));
      assertEquals(200, pair.receive(pair.sealed(packet(1, 30_001))), "the window has not moved");
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldRefuseStreamsBeyondTheBound(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 64)) {
      for (int ssrc = 0; ssrc < 64; ssrc++) {
        assertEquals(200, pair.receive(pair.sealed(packet(ssrc * 65_537, 5))));
      }
      assertEquals(SrtpStatus.TOO_MANY_STREAMS, pair.receive(pair.sealed(packet(0x7777_7777, 5))));
      for (int ssrc = 0; ssrc < 64; ssrc++) {
        assertEquals(200, pair.receive(pair.sealed(packet(ssrc * 65_537, 6))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldSurviveRandomBytes(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 4)) {
      for (int i = 0; i < 20_000; i++) {
        byte[] b = new byte[random.nextInt(100)];
        random.nextBytes(b);
        if (b.length > 0 && random.nextBoolean()) {
          b[0] = (byte) (0x80 | (b[0] & 0x3f));
        }
        assertTrue(pair.receiver().unprotect(b, 0, b.length) < 0);
        assertTrue(pair.receiver().unprotectRtcp(b, 0, b.length) < 0);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void shouldChangeNothingOnForgedRtcp(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 2)) {
      byte[] plain = TestPackets.rtcp(random, 3);
      byte[] sealed = Arrays.copyOf(plain, plain.length + profile.rtcpOverhead());
      assertEquals(sealed.length, pair.sender().protectRtcp(sealed, 0, plain.length));
      for (int i = 0; i < sealed.length; i++) {
        byte[] forged = sealed.clone();
        forged[i] ^= 0x10;
        byte[] before = forged.clone();
        assertTrue(pair.receiver().unprotectRtcp(forged, 0, forged.length) < 0, "byte " + i);
        assertArrayEquals(before, forged);
        assertTrue(pair.receiver().unprotectRtcp(sealed.clone(), 0, i) < 0);
      }
      assertEquals(plain.length, pair.receiver().unprotectRtcp(sealed, 0, sealed.length));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
  void shouldNeverUseANonceTwice(SrtpProfile profile) {
    try (Pair pair = Pair.of(profile, 2)) {
      MemorySegment out = pair.arena().allocate(2048);
      byte[] b = packet(1, 10);
      assertEquals(216, pair.sender().protect(b, 0, 200, out, 0));
      assertEquals(SrtpStatus.INDEX_REUSED, pair.sender().protect(b, 0, 200, out, 0));
      assertEquals(216, pair.sender().protect(packet(1, 12), 0, 200, out, 0));
      assertEquals(216, pair.sender().protect(packet(1, 11), 0, 200, out, 0));
      assertEquals(SrtpStatus.INDEX_REUSED, pair.sender().protect(packet(1, 11), 0, 200, out, 0));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AEAD_AES_128_GCM", "AEAD_AES_256_GCM"})
  void shouldRefuseWorkAfterCloseAndWithoutRoom(SrtpProfile profile) {
    Pair pair = Pair.of(profile, 2);
    MemorySegment out = pair.arena().allocate(215);
    byte[] b = packet(1, 10);
    assertThrows(IndexOutOfBoundsException.class, () -> pair.sender().protect(b, 0, 200, out, 0));
    pair.close();
    pair.sender().close();
    assertThrows(
        IllegalStateException.class,
        () ->
            pair.receive(
                new byte[] {
                  (byte) 0x80,
                  0,
                  0,
                  1,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  1,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0
                }));
  }
}
