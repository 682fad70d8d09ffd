package dev.parley.core.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks of a type, an offset of 14 and a length of 10 bits (RFC 2198 section 3). */
class RedPayloadTest {
  private final RedPayload red = new RedPayload();

  /** Hex, and where the present sound begins and how long it is. */
  @ParameterizedTest
  @CsvSource({
    "6f 010203, 1, 3",
    "6f, 1, 0",
    "ef 0f0002 6f aabb 010203, 7, 3",
    "ef 0f0002 6f aabb, 7, 0",
    "ef 1e0001 ef 0f0002 6f cc aabb 01, 12, 1",
    "ef 0f0000 6f 01, 5, 1",
  })
  void shouldFindThePresentSound(String hex, int offset, int bytes) {
    byte[] b = hex("eeee" + hex);
    assertTrue(red.read(b, 2, b.length - 2));
    assertEquals(offset, red.primaryOffset() - 2);
    assertEquals(bytes, red.primaryBytes());
  }

  @ParameterizedTest
  @CsvSource({"ef 1e0001 ef 0f0002 6f cc aabb", "ef 0f03ff 6f 01"})
  void shouldRefuseBlocksThatDoNotFit(String hex) {
    byte[] b = hex(hex);
    boolean whole = red.read(b, 0, b.length);
    for (int length = 0; length < b.length; length++) {
      assertFalse(red.read(Arrays.copyOf(b, length), 0, length), "first " + length + " bytes");
    }
    assertEquals(b.length > 10, whole);
  }

  @Test
  void shouldGiveAllBlocksAnotherType() {
    byte[] b = hex("ef 1e0001 ef 0f0002 6f cc aabb 01");
    assertTrue(red.read(b, 0, b.length));
    byte[] out = new byte[b.length + 3];
    System.arraycopy(b, 0, out, 2, b.length);
    red.rewritePayloadTypes(out, 2, 96);
    assertArrayEquals(hex("0000 e0 1e0001 e0 0f0002 60 cc aabb 01 00"), out);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
