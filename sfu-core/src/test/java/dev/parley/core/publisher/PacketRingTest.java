package dev.parley.core.publisher;

import static dev.parley.core.fixtures.RtpBuilder.rtp;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.rtp.RtpPacket;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketRingTest {
  private static final long MILLI = 1_000_000;

  private final PacketRing ring = new PacketRing();
  private final byte[] out = new byte[2000];

  private static RtpPacket packet(int sequence, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    new Random(sequence).nextBytes(payload);
    return rtp().sequence(sequence).payload(payload).packet();
  }

  private void assertKept(int sequence, int payloadBytes) {
    assertEquals(12 + payloadBytes, ring.copy(sequence, out, 100));
    RtpPacket copy = new RtpPacket();
    assertTrue(copy.wrap(out, 100, 12 + payloadBytes));
    assertEquals(sequence & 0xffff, copy.sequence16());
    byte[] payload = new byte[payloadBytes];
    new Random(sequence).nextBytes(payload);
    for (int i = 0; i < payloadBytes; i++) {
      assertEquals(payload[i], out[112 + i]);
    }
  }

  @Test
  void shouldKeepWhatWasPutIn() {
    ring.put(7, packet(7, 500), 0);
    ring.put(9, packet(9, 0), 0);
    assertKept(7, 500);
    assertKept(9, 0);
    assertFalse(ring.contains(8));
    assertEquals(-1, ring.copy(8, out, 0));
    assertEquals(9, ring.newest());
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 100, 400})
  void shouldHoldASecondOfTheStream(int packetsPerSecond) {
    int count = 5 * packetsPerSecond;
    for (int i = 0; i < count; i++) {
      ring.put(i, packet(i, 900 + i % 200), 1000 * MILLI * i / packetsPerSecond);
    }
    for (int i = count - packetsPerSecond * 9 / 10; i < count; i++) {
      assertKept(i, 900 + i % 200);
    }
  }

  @Test
  void shouldNotShowWhatWasOverwritten() {
    int known = 0;
    for (int i = 0; i < 5000; i++) {
      ring.put(i, packet(i, 1200), i * MILLI / 10);
    }
    for (int i = 0; i < 5000; i++) {
      if (ring.contains(i)) {
        assertKept(i, 1200);
        known++;
      }
    }
    assertTrue(known > 800 && known <= 1024, "kept " + known);
  }

  @Test
  void shouldTakeReorderedNumbers() {
    for (int i : new int[] {10, 12, 11, 15, 13}) {
      ring.put(i, packet(i, 100), 0);
    }
    for (int i : new int[] {10, 11, 12, 13, 15}) {
      assertKept(i, 100);
    }
    assertFalse(ring.contains(14));
  }
}
