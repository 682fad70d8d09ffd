package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class DeframerTest {
  private final List<byte[]> got = new ArrayList<>();
  private final Deframer deframer = new Deframer(this::take);

  private boolean take(byte[] bytes, int offset, int lengthBytes) {
    got.add(Arrays.copyOfRange(bytes, offset, offset + lengthBytes));
    // A taker may overwrite what it is lent.
    Arrays.fill(bytes, offset, offset + lengthBytes, (byte) 0x5a);
    return true;
  }

  private static void frame(ByteArrayOutputStream out, byte[] packet) {
    out.write(packet.length >>> 8);
    out.write(packet.length);
    out.writeBytes(packet);
  }

  @Property(tries = 300)
  void shouldGiveTheSamePacketsHoweverTheStreamIsCut(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4000) int longestPiece) {
    Random random = new Random(seed);
    List<byte[]> sent = new ArrayList<>();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = random.nextInt(30); i >= 0; i--) {
      byte[] packet = new byte[random.nextInt(10) == 0 ? 0 : 1 + random.nextInt(1500)];
      random.nextBytes(packet);
      frame(stream, packet);
      if (packet.length > 0) {
        sent.add(packet);
      }
    }
    byte[] bytes = stream.toByteArray();
    List<byte[]> seen = new ArrayList<>();
    Deframer cut =
        new Deframer(
            (b, offset, length) -> seen.add(Arrays.copyOfRange(b, offset, offset + length)));
    for (int at = 0; at < bytes.length; ) {
      int piece = Math.min(1 + random.nextInt(longestPiece), bytes.length - at);
      byte[] lent = new byte[piece + 7];
      System.arraycopy(bytes, at, lent, 3, piece);
      assertTrue(cut.read(lent, 3, piece));
      Arrays.fill(lent, (byte) 0);
      at += piece;
    }
    assertEquals(sent.size(), seen.size());
    for (int i = 0; i < sent.size(); i++) {
      assertArrayEquals(sent.get(i), seen.get(i), "packet " + i);
    }
  }

  @Test
  void shouldTakeTheLongestPacketByteByByte() {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    byte[] packet = new byte[Deframer.MAX_FRAME_BYTES];
    Arrays.fill(packet, (byte) 7);
    frame(stream, packet);
    frame(stream, new byte[] {1});
    for (byte b : stream.toByteArray()) {
      assertTrue(deframer.read(new byte[] {b}, 0, 1));
    }
    assertArrayEquals(packet, got.getFirst());
    assertArrayEquals(new byte[] {1}, got.getLast());
    assertEquals(2, got.size());
  }

  @Test
  void shouldRefuseAPacketThatIsTooLongByItsLengthAlone() {
    assertTrue(deframer.read(new byte[] {5}, 0, 1));
    assertFalse(deframer.read(new byte[] {(byte) 0xdd}, 0, 1), "1501");
    assertEquals(0, got.size());
  }

  @Test
  void shouldStopWhenItsTakerSaysSo() {
    List<Integer> lengths = new ArrayList<>();
    Deframer once =
        new Deframer((bytes, offset, length) -> {
          lengths.add(length);
          return false;
        });
    assertTrue(once.read(new byte[] {0, 1, 9, 0, 1, 9}, 0, 6));
    assertEquals(List.of(1), lengths);
  }
}
