package dev.parley.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a server of the test's own on loopback. */
class StunServerTest {
  private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");
  private static final InetAddress MAPPED = InetAddress.ofLiteral("203.0.113.7");

  private static StunServer asked(LoopbackStun server, String... own) {
    return new StunServer(
        "127.0.0.1:" + server.port(),
        () -> List.of(own).stream().map(InetAddress::ofLiteral).toList());
  }

  @Test
  void shouldLearnWhatTheNatMadeOfTheAddress() throws IOException {
    try (LoopbackStun server = LoopbackStun.answering(MAPPED)) {
      assertEquals(List.of(MAPPED), asked(server, "127.0.0.1", "10.0.0.1", "::1").ask());
    }
  }

  @Test
  void shouldLearnAnAddressOfTheOtherFamily() throws IOException {
    InetAddress v6 = InetAddress.ofLiteral("2001:db8::7");
    try (LoopbackStun server = LoopbackStun.answering(v6)) {
      assertEquals(List.of(v6), asked(server, "127.0.0.1").ask());
    }
  }

  @Test
  void shouldSayThatNobodyAnswers() {
    StunServer silent =
        new StunServer("127.0.0.1", () -> List.of(LOOPBACK), (local, server) -> Optional.empty());
    IOException e = assertThrows(IOException.class, silent::ask);
    assertTrue(String.valueOf(e.getMessage()).contains("no answer"), e.getMessage());
  }

  @Test
  void shouldKeepWhatIsKnownOfAnOwnAddressThatGetsNoAnswer() throws IOException {
    InetAddress second = InetAddress.ofLiteral("127.0.0.2");
    InetAddress other = InetAddress.ofLiteral("203.0.113.8");
    Map<InetAddress, InetAddress> answers =
        new ConcurrentHashMap<>(Map.of(LOOPBACK, MAPPED, second, other));
    List<InetAddress> own = new ArrayList<>(List.of(LOOPBACK, second));
    StunServer server =
        new StunServer(
            "127.0.0.1",
            () -> List.copyOf(own),
            (local, asked) -> Optional.ofNullable(answers.get(local)));
    assertEquals(List.of(MAPPED, other), server.ask());
    answers.remove(LOOPBACK);
    assertEquals(List.of(MAPPED, other), server.ask(), "one question without an answer");
    InetAddress changed = InetAddress.ofLiteral("203.0.113.9");
    answers.put(LOOPBACK, changed);
    assertEquals(List.of(changed, other), server.ask());
    answers.clear();
    assertThrows(IOException.class, server::ask, "nobody answers at all");
    answers.put(second, other);
    assertEquals(List.of(changed, other), server.ask(), "known still");
    own.remove(LOOPBACK);
    assertEquals(List.of(other), server.ask(), "this machine has it no longer");
    own.addFirst(LOOPBACK);
    assertEquals(List.of(other), server.ask(), "and knows nothing of it");
  }

  @Test
  void shouldNotTakeAnAddressThatNobodyCanReach() throws IOException {
    try (LoopbackStun server = LoopbackStun.answering(InetAddress.ofLiteral("0.0.0.0"))) {
      assertThrows(IOException.class, () -> asked(server, "127.0.0.1").ask());
    }
  }

  @Test
  void shouldSayThatItHasNoAddressOfTheServersFamily() throws IOException {
    try (LoopbackStun server = LoopbackStun.answering(MAPPED)) {
      IOException e = assertThrows(IOException.class, () -> asked(server, "::1").ask());
      assertTrue(String.valueOf(e.getMessage()).contains("family"), e.getMessage());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "stun.example.org, stun.example.org:3478",
    "stun.example.org:19302, stun.example.org:19302",
    "192.0.2.1, 192.0.2.1:3478",
    "[2001:db8::1], [2001:db8::1]:3478",
    "[2001:db8::1]:5000, [2001:db8::1]:5000"
  })
  void shouldReadHostsAndPorts(String text, String name) {
    assertEquals(name, new StunServer(text, () -> List.of(LOOPBACK)).name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "stun:stun.example.org", "a b", "host/path", "me@host", "host:99999"})
  void shouldRefuseWhatIsNoHost(String text) {
    assertThrows(
        IllegalArgumentException.class, () -> new StunServer(text, () -> List.of(LOOPBACK)));
  }
}
