package dev.parley.core.turn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class TurnDeframerTest {
  private static byte[] message(SplittableRandom random) {
    boolean stun = random.nextBoolean();
    int body = random.nextInt(stun ? 300 : 1500);
    int length = stun ? 20 + (body & ~3) : 4 + (body + 3 & ~3);
    byte[] message = new byte[length];
    random.nextBytes(message);
    message[0] = (byte) (stun ? random.nextInt(0x40) : 0x40 + random.nextInt(0x40));
    Stun.putUint16(message, 2, stun ? body & ~3 : body);
    return message;
  }

  @RepeatedTest(50)
  void shouldGiveTheSameMessagesHoweverTheStreamIsSplit(RepetitionInfo info) {
    SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
    List<byte[]> sent = new ArrayList<>();
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (int i = 0; i < 20; i++) {
      sent.add(message(random));
      stream.writeBytes(sent.getLast());
    }
    byte[] all = stream.toByteArray();
    List<byte[]> got = new ArrayList<>();
    TurnDeframer deframer = new TurnDeframer();
    int most = 1 + random.nextInt(random.nextBoolean() ? 4 : 4000);
    for (int at = 0; at < all.length; ) {
      int count = Math.min(all.length - at, 1 + random.nextInt(most));
      assertTrue(
          deframer.take(
              all, at, count, (b, off, len) -> got.add(Arrays.copyOfRange(b, off, off + len))));
      at += count;
    }
    assertEquals(sent.size(), got.size());
    for (int i = 0; i < sent.size(); i++) {
      assertArrayEquals(sent.get(i), got.get(i), "message " + i);
    }
  }

  @Test
  void shouldEndAStreamThatIsNone() {
    byte[][] bad = {
      "GET / HTTP/1.1\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
      {0x16, 3, 1, 2},
      {(byte) 0x80, 0, 0, 4},
      {0, 1, 0, 3},
      {0, 1, (byte) 0xff, (byte) 0xfc},
      {0x40, 1, (byte) 0xff, (byte) 0xff},
    };
    for (byte[] bytes : bad) {
      assertFalse(
          new TurnDeframer()
              .take(bytes, 0, bytes.length, (b, off, len) -> assertTrue(len <= 64, "no message")),
          Arrays.toString(bytes));
    }
  }
}
