package dev.parley.core.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.SentDatagrams;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vectors of RFC 5769, and the checks of real browsers. */
class StunVectorsTest {
  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  /** Section 2.1. */
  private static final String REQUEST =
      "000100582112a442b7e7a701bc34d686fa87dfae"
          + "802200105354554e207465737420636c69656e74"
          + "002400046e0001ff"
          + "80290008932ff9b151263b36"
          + "000600096576746a3a68367659202020"
          + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
          + "80280004e57a3bcf";

  /** Section 2.2. */
  private static final String RESPONSE =
      "0101003c2112a442b7e7a701bc34d686fa87dfae"
          + "8022000b7465737420766563746f7220"
          + "002000080001a147e112a643"
          + "000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7"
          + "80280004c07d4c96";

  /** Section 2.3. */
  private static final String RESPONSE_V6 =
      "010100482112a442b7e7a701bc34d686fa87dfae"
          + "8022000b7465737420766563746f7220"
          + "002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
          + "00080014a382954e4be67bf11784c97c8292c275bfe3ed41"
          + "80280004c8fb0b4c";

  @ParameterizedTest
  @ValueSource(strings = {REQUEST, RESPONSE, RESPONSE_V6})
  void shouldVerifyTheVectorsOfRfc5769(String hex) {
    byte[] b = HexFormat.of().parseHex(hex);
    StunView view = new StunView();
    assertTrue(view.parse(b, 0, b.length));
    assertTrue(new StunSeal(PASSWORD).verifies(b, 0, view));
    assertFalse(new StunSeal("VOkJxbRl1RmTxUk/WvJxBT").verifies(b, 0, view));
  }

  @Test
  void shouldReadTheRequestOfRfc5769() {
    byte[] b = HexFormat.of().parseHex(REQUEST);
    StunView view = new StunView();
    assertTrue(view.parse(b, 0, b.length));
    assertTrue(view.controlled());
    assertFalse(view.useCandidate());
    assertFalse(view.hasUnknown());
    assertEquals("evtj", StunPeek.localUfrag(b, 0, b.length));
  }

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
  void shouldAnswerEveryRecordedCheck(String name) throws Exception {
    JsonNode json;
    try (InputStream in = getClass().getResourceAsStream("/corpus/dtls/" + name + ".json")) {
      json = new ObjectMapper().readTree(in);
    }
    JsonNode server = json.get("iceOfServer");
    IceCredentials local =
        new IceCredentials(server.get("ufrag").asText(), server.get("pwd").asText());
    String offer = json.get("offer").asText();
    IceCredentials remote =
        new IceCredentials(line(offer, "a=ice-ufrag:"), line(offer, "a=ice-pwd:"));
    SentDatagrams sink = new SentDatagrams();
    Counters counters = new Counters();
    PeerAddress[] selected = new PeerAddress[1];
    IceLite agent =
        new IceLite(
            local,
            remote,
            IceLite.Settings.DEFAULT,
            sink,
            new IceLite.Listener() {
              @Override
              public void onValidAddress(PeerAddress address) {}

              @Override
              public void onSelected(PeerAddress address) {
                selected[0] = address;
              }

              @Override
              public void onConsentLost() {}

              @Override
              public void onGraceOver() {}

              @Override
              public void onNeverConnected() {}
            },
            counters,
            0);
    PeerAddress browser = PeerAddress.ofV4(0x7f000001, 40_000);
    int checks = 0;
    for (JsonNode datagram : json.get("datagrams")) {
      if (!datagram.get("kind").asText().equals("stun")
          || !datagram.get("dir").asText().equals("browser->server")) {
        continue;
      }
      byte[] b = HexFormat.of().parseHex(datagram.get("hex").asText());
      if (ByteBuffer.wrap(b).getShort(0) == 1) {
        checks++;
        assertEquals(local.ufrag(), StunPeek.localUfrag(b, 0, b.length));
        agent.handle(b, 0, b.length, browser, checks);
        assertEquals(checks, sink.sent().size());
        StunFixture.read(sink.last(), local.pwd());
      }
    }
    assertTrue(checks > 0);
    assertEquals(checks, counters.total(Counter.STUN_CHECKS));
    assertEquals(0, counters.total(DropReason.STUN_INTEGRITY));
    assertNotNull(selected[0], "the browser nominated");
  }

  private static String line(String sdp, String prefix) {
    int at = sdp.indexOf(prefix) + prefix.length();
    return sdp.substring(at, sdp.indexOf("\r\n", at));
  }
}
