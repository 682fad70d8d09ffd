package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of RFC 3711 appendix B.3 and RFC 7714 sections 16 and 17. */
class SrtpVectorsTest {
  private static final byte[] SALT = "Quid pro quo".getBytes(StandardCharsets.US_ASCII);
  private static final String RTP =
      "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e697320646976697361"
          + "20696e207061727465732074726573";
  private static final String RTCP =
      "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61"
          + "deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";
  private static final int SRTCP_INDEX = 0x5d4;

  @BeforeEach
  void needsLibcrypto() {
    assumeTrue(LibCrypto.available(), "libcrypto.so.3 is missing");
  }

  @Test
  void shouldDeriveTheSessionKeysOfRfc3711() {
    KeyDerivation keys =
        new KeyDerivation(
            hex("e1f97a0d3e018be0d64fa32c06de4139"), hex("0ec675ad498afeebb6960b3aabe6"));
    assertArrayEquals(
        hex("c61e7a93744f39ee10734afe3ff7a087"), keys.derive(KeyDerivation.RTP_ENCRYPTION, 16));
    assertArrayEquals(hex("30cbbc08863d8c85d49db34a9ae1"), keys.derive(KeyDerivation.RTP_SALT, 14));
    assertArrayEquals(
        hex(
            "cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbce"
                + "e049646c43d9327ad175578ef72270986371c10c9a369ac2f94a8c5fbcdddc25"),
        Arrays.copyOf(keys.derive(KeyDerivation.RTP_AUTHENTICATION, 94), 64));
  }

  @ParameterizedTest
  @CsvSource({
    "16, f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce",
    "32, 32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13",
  })
  void shouldProtectAndUnprotectTheRtpPacketOfRfc7714(int keyLength, String sealed) {
    byte[] plain = hex(RTP);
    byte[] expected = hex(RTP.substring(0, 24) + sealed);
    SrtpProfile profile = profile(keyLength);
    try (Arena arena = Arena.ofConfined();
        SrtpSender sender = new SrtpSender(profile, cipher(keyLength, true));
        SrtpReceiver receiver = new SrtpReceiver(profile, cipher(keyLength, false), 4)) {
      MemorySegment out = arena.allocate(200);
      int length = sender.protect(plain, 0, plain.length, out, 7);
      assertArrayEquals(expected, out.asSlice(7, length).toArray(ValueLayout.JAVA_BYTE));
      assertArrayEquals(hex(RTP), plain, "protect leaves the packet as it was");
      assertEquals(plain.length, receiver.unprotect(expected, 0, expected.length));
      assertArrayEquals(plain, Arrays.copyOf(expected, plain.length));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "16, 63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4",
    "32, d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4",
  })
  void shouldProtectAndUnprotectTheRtcpPacketOfRfc7714(int keyLength, String sealed) {
    byte[] plain = hex(RTCP);
    byte[] expected = hex(RTCP.substring(0, 16) + sealed);
    SrtpProfile profile = profile(keyLength);
    try (SrtpSender sender = new SrtpSender(profile, cipher(keyLength, true));
        SrtpReceiver receiver = new SrtpReceiver(profile, cipher(keyLength, false), 4)) {
      byte[] b = new byte[plain.length + profile.rtcpOverhead()];
      for (int i = 0; i < SRTCP_INDEX; i++) {
        System.arraycopy(plain, 0, b, 0, plain.length);
        sender.protectRtcp(b, 0, plain.length);
      }
      System.arraycopy(plain, 0, b, 0, plain.length);
      assertEquals(b.length, sender.protectRtcp(b, 0, plain.length));
      assertArrayEquals(expected, b);
      assertEquals(plain.length, receiver.unprotectRtcp(b, 0, b.length));
      assertArrayEquals(plain, Arrays.copyOf(b, plain.length));
    }
  }

  @Test
  void shouldAcceptTheAuthenticatedOnlyRtcpPacketOfRfc7714() {
    byte[] b = hex(RTCP + "841dd9683dd78ec92ae58790125f62b3000005d4");
    try (SrtpReceiver receiver = new SrtpReceiver(profile(16), cipher(16, false), 4)) {
      assertEquals(RTCP.length() / 2, receiver.unprotectRtcp(b, 0, b.length));
      assertArrayEquals(hex(RTCP), Arrays.copyOf(b, RTCP.length() / 2));
    }
  }

  private static GcmPacketCipher cipher(int keyLength, boolean seal) {
    byte[] key = new byte[keyLength];
    for (int i = 0; i < keyLength; i++) {
      key[i] = (byte) i;
    }
    return new GcmPacketCipher(new GcmContext(key, SALT, seal), new GcmContext(key, SALT, seal));
  }

  private static SrtpProfile profile(int keyLength) {
    return keyLength == 16 ? SrtpProfile.AEAD_AES_128_GCM : SrtpProfile.AEAD_AES_256_GCM;
  }

  private static byte[] hex(String s) {
    return HexFormat.of().parseHex(s);
  }
}
