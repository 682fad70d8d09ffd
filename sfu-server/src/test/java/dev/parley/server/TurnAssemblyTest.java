package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.server.MediaConfig;
import dev.parley.core.server.SfuServer;
import dev.parley.core.turn.TurnCredentials;
import dev.parley.core.turn.TurnLink;
import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.session.IceOffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnAssemblyTest {
  private static final long NOW_MS = 1_800_000_000_000L;

  private static ParleyConfig config(boolean dev, String... env) throws InvalidConfigException {
    Map<String, String> all = new HashMap<>();
    all.put("PARLEY_AUTH_SECRET", "a-secret-that-is-long-enough-for-hs256");
    for (int i = 0; i < env.length; i += 2) {
      all.put(env[i], env[i + 1]);
    }
    return ConfigLoader.load(Optional.empty(), all, dev);
  }

  @Test
  void shouldRunWhereASecretIsSetOrDevAsksForIt() throws Exception {
    String secret = "0123456789abcdef";
    assertTrue(new TurnAssembly(config(false)).relay().isEmpty());
    assertTrue(new TurnAssembly(config(true)).relay().isEmpty());
    assertTrue(new TurnAssembly(config(true, "PARLEY_TURN_ENABLED", "true")).relay().isPresent());
    assertTrue(new TurnAssembly(config(false, "PARLEY_TURN_SECRET", secret)).relay().isPresent());
    assertTrue(
        new TurnAssembly(
                config(false, "PARLEY_TURN_SECRET", secret, "PARLEY_TURN_ENABLED", "false"))
            .relay()
            .isEmpty());
  }

  @Test
  void shouldHandOutCredentialsThatTheRelayTakes() throws Exception {
    ParleyConfig config =
        config(
            true,
            "PARLEY_TURN_ENABLED",
            "true",
            "PARLEY_TURN_PORT",
            "0",
            "PARLEY_MEDIA_UDP_BIND_ADDRESS",
            "127.0.0.1");
    TurnAssembly turn = new TurnAssembly(config);
    try (SfuServer media = new SfuServer(MediaConfig.loopback(), turn.relay())) {
      int port = media.relay().orElseThrow().localAddress().getPort();
      IceOffer offer = turn.offer(media, "S_1", System.currentTimeMillis());
      SignalingConfig.IceServer server = offer.servers().getFirst();
      assertEquals(
          List.of(
              "turn:127.0.0.1:%d?transport=udp".formatted(port),
              "turn:127.0.0.1:%d?transport=tcp".formatted(port)),
          server.urls());
      TurnCredentials.Minted who =
          new TurnCredentials.Minted(
              server.username().orElseThrow(), server.credential().orElseThrow());
      try (TurnLink link = TurnLink.open("udp", media.relay().orElseThrow().localAddress(), who)) {
        assertEquals(0, link.allocate().error());
      }
    }
  }

  @Test
  void shouldMakeCredentialsForAnotherServerWithTheSameSecret() throws Exception {
    ParleyConfig config =
        config(
            false,
            "PARLEY_ICE_SERVERS",
            "[{urls: [\"turn:turn.example\"], secret: \"shared\"}, {urls: [\"stun:stun.example\"]}]");
    TurnAssembly turn = new TurnAssembly(config);
    try (SfuServer media = new SfuServer(MediaConfig.loopback(), turn.relay())) {
      IceOffer offer = turn.offer(media, "anna@example.org", NOW_MS);
      assertEquals(OptionalLong.of(NOW_MS + 3_600_000), offer.expiresAtMs());
      SignalingConfig.IceServer server = offer.servers().getFirst();
      String username = server.username().orElseThrow();
      assertTrue(username.matches("1800003600:[0-9a-f]{24}"), username);
      assertEquals(
          new TurnCredentials("shared").mint(username.substring(11), 1_800_003_600L).password(),
          server.credential().orElseThrow());
      assertEquals(Optional.empty(), offer.servers().get(1).username());
      assertNotEquals(
          username,
          turn.offer(media, "bob@example.org", NOW_MS)
              .servers()
              .getFirst()
              .username()
              .orElseThrow());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PARLEY_TURN_SECRET, short, turn.secret",
    "PARLEY_TURN_REALM, parley, turn.realm",
    "PARLEY_TURN_TLS_PORT, 443, turn.tlsPort",
    "PARLEY_ICE_SERVERS, '[{urls: [\"turn:a\"], username: u, secret: s}]', iceServers",
  })
  void shouldRefuseWhatCannotWork(String name, String value, String key) {
    String message =
        String.valueOf(
            assertThrows(InvalidConfigException.class, () -> config(false, name, value))
                .getMessage());
    assertTrue(message.contains(key), message);
  }
}
