package dev.parley.core.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.srtp.SrtpKeys;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ClientHello of real browsers: two datagrams, DTLS 1.3 and 1.2, a post-quantum key share. */
class DtlsRecordingsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chromium-aescm",
        "chromium-gcm-first",
        "chromium-rsa",
        "firefox-aescm",
        "firefox-gcm-first",
        "firefox-rsa"
      })
  void shouldAnswerARecordedClientHello(String name) throws Exception {
    LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    List<byte[]> answers = new ArrayList<>();
    DtlsLink.Side side = new DtlsLink.Side();
    try (HandshakeExecutor executor = new HandshakeExecutor(1, 1)) {
      DtlsEndpoint server =
          new DtlsEndpoint(
              DtlsEndpoint.Role.SERVER,
              DtlsIdentity.generate(),
              List.of(new DtlsFingerprint("sha-256", "00")),
              tasks::add,
              executor,
              (b, off, len) -> answers.add(java.util.Arrays.copyOfRange(b, off, off + len)),
              side);
      List<byte[]> flight = firstFlight(name);
      assertTrue(flight.size() >= 1);
      for (byte[] datagram : flight) {
        assertNull(server.handle(datagram, 0, datagram.length));
      }
      while (answers.isEmpty() && side.failure == null) {
        Runnable task = tasks.poll(10, TimeUnit.SECONDS);
        if (task == null) {
          break;
        }
        task.run();
      }
      assertNull(side.failure, side.message);
      assertEquals(1, answers.size(), "one datagram for the whole flight");
      assertEquals(List.of(2, 11, 12, 13, 14), handshakeTypes(answers.get(0)));
      SrtpKeys none = side.keys;
      assertNull(none);
      server.close();
    }
  }

  private static List<byte[]> firstFlight(String name) throws Exception {
    List<byte[]> flight = new ArrayList<>();
    try (InputStream in =
        DtlsRecordingsTest.class.getResourceAsStream("/corpus/dtls/" + name + ".json")) {
      for (JsonNode datagram : new ObjectMapper().readTree(in).get("datagrams")) {
        if (datagram.get("kind").asText().equals("dtls")) {
          if (datagram.get("dir").asText().equals("server->browser")) {
            break;
          }
          flight.add(HexFormat.of().parseHex(datagram.get("hex").asText()));
        }
      }
    }
    return flight;
  }

  /** Of each record in one datagram. */
  private static List<Integer> handshakeTypes(byte[] b) {
    List<Integer> types = new ArrayList<>();
    for (int at = 0; at < b.length; ) {
      assertEquals(22, b[at], "a handshake record");
      types.add((int) b[at + 13]);
      at += 13 + ((b[at + 11] & 0xff) << 8 | (b[at + 12] & 0xff));
    }
    return types;
  }
}
