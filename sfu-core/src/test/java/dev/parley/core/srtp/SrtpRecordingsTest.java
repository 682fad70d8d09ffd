package dev.parley.core.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers really sent, with the keys their DTLS handshake gave. */
class SrtpRecordingsTest {
  @ParameterizedTest
  @CsvSource({
    "chromium-aescm, AES_CM_128_HMAC_SHA1_80, JITSI",
    "firefox-aescm, AES_CM_128_HMAC_SHA1_80, JITSI",
    "chromium-gcm128, AEAD_AES_128_GCM, JITSI",
    "chromium-gcm128, AEAD_AES_128_GCM, OPENSSL",
  })
  void shouldDecryptEveryRecordedPacket(String name, SrtpProfile profile, SrtpEngine engine)
      throws IOException {
    assumeTrue(engine == SrtpEngine.JITSI || LibCrypto.available(), "libcrypto.so.3 is missing");
    JsonNode json;
    try (InputStream in = getClass().getResourceAsStream("/corpus/srtp/" + name + ".json")) {
      json = new ObjectMapper().readTree(present(in));
    }
    SrtpKeys keys =
        SrtpKeys.fromExporter(
            profile, HexFormat.of().parseHex(json.get("keyingMaterial").asText()));
    assertArrayEquals(
        HexFormat.of().parseHex(json.get("serverMasterSalt").asText()), keys.serverSalt());
    List<byte[]> sealed = TestPackets.pcap(name + ".srtp.pcap");
    List<byte[]> plain = TestPackets.pcap(name + ".plain.pcap");
    assertEquals(json.get("packets").asInt(), sealed.size());
    try (SrtpReceiver receiver =
        new SrtpReceiver(profile, keys.clientKey(), keys.clientSalt(), engine, 64)) {
      for (int i = 0; i < sealed.size(); i++) {
        byte[] b = sealed.get(i).clone();
        int length =
            TestPackets.isRtcp(b)
                ? receiver.unprotectRtcp(b, 0, b.length)
                : receiver.unprotect(b, 0, b.length);
        assertEquals(plain.get(i).length, length, "packet " + i);
        assertArrayEquals(plain.get(i), Arrays.copyOf(b, length), "packet " + i);
      }
      for (byte[] b : sealed) {
        int again =
            TestPackets.isRtcp(b)
                ? receiver.unprotectRtcp(b.clone(), 0, b.length)
                : receiver.unprotect(b.clone(), 0, b.length);
        assertEquals(SrtpStatus.REPLAYED, again);
      }
    }
  }

  private static InputStream present(@org.jspecify.annotations.Nullable InputStream in) {
    assertNotNull(in);
    return in;
  }
}
