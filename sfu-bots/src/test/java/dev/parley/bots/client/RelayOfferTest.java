package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is made of a relay's address, and what is none. */
class RelayOfferTest {
  @ParameterizedTest
  @CsvSource({
    "turn:192.0.2.1:3479?transport=tcp, 192.0.2.1, 3479, false",
    "turn:relay.example?transport=tcp, relay.example, 3478, false",
    "turns:relay.example?transport=tcp, relay.example, 5349, true",
    "turns:relay.example:443, relay.example, 443, true",
    "turn:[2001:db8::1]:80?transport=tcp, 2001:db8::1, 80, false"
  })
  void shouldReadARelayThatIsReachedByTcp(String uri, String host, int port, boolean tls) {
    assertEquals(
        Optional.of(new RelayOffer(host, port, tls, "u", "p")), RelayOffer.of(uri, "u", "p"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stun:192.0.2.1",
        "turn:192.0.2.1",
        "turn:192.0.2.1?transport=udp",
        "turns:192.0.2.1?transport=udp",
        "turn:192.0.2.1:0?transport=tcp",
        "turn:192.0.2.1:65536?transport=tcp",
        "turn:192.0.2.1:port?transport=tcp",
        "turn:?transport=tcp",
        "turn://192.0.2.1?transport=tcp",
        ""
      })
  void shouldLeaveOutWhatIsNone(String uri) {
    assertEquals(Optional.empty(), RelayOffer.of(uri, "u", "p"));
  }

  @Test
  void shouldTellThatAHostHasNoAddress() {
    RelayOffer offer = RelayOffer.of("turns:nobody.invalid", "u", "p").orElseThrow();
    assertThrows(ExecutionException.class, () -> offer.way().get(30, TimeUnit.SECONDS));
    assertFalse(offer.toString().contains("p]"), "no password in a log");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "<turn:h:1?transport=tcp>; rel=\"ice-server\"; username=\"1:a\"; credential=\"x;=\\\"y\""
            + " | 1:a | x;=\"y",
        " <turn:h:1?transport=tcp>;rel=\"ice-server\" ; Username=\"n\"; credential=\"c\";"
            + " credential-type=\"password\" | n | c"
      })
  void shouldReadALink(String link, String username, String password) {
    assertEquals(
        Optional.of(new RelayOffer("h", 1, false, username, password)), WhipSignaling.relay(link));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<turn:h:1?transport=tcp>; rel=\"next\"",
        "<turn:h:1?transport=udp>; rel=\"ice-server\"",
        "<turn:h:1?transport=tcp>",
        "turn:h:1?transport=tcp; rel=\"ice-server\"",
        "<"
      })
  void shouldFollowNoOtherLink(String link) {
    assertEquals(Optional.empty(), WhipSignaling.relay(link));
  }
}
