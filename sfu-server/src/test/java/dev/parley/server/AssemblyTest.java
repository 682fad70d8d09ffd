package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.ParleyConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssemblyTest {
  @ParameterizedTest
  @CsvSource({
    "http, PARLEY_HTTP_PORT, PARLEY_ADMIN_PORT",
    "admin, PARLEY_ADMIN_PORT, PARLEY_HTTP_PORT",
  })
  void shouldNameAPortThatIsTaken(String section, String takenKey, String freeKey)
      throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Map<String, String> env =
          Map.of(
              takenKey,
              Integer.toString(taken.getLocalPort()),
              freeKey,
              "0",
              "PARLEY_MEDIA_UDP_PORT",
              "0",
              "PARLEY_MEDIA_TCP_PORT",
              "0",
              "PARLEY_MEDIA_WORKERS",
              "1");
      ParleyConfig config = ConfigLoader.load(Optional.empty(), env, true);
      ParleyServer server = new ParleyServer(new Assembly(config).parts());
      String message =
          String.valueOf(assertThrows(StartException.class, server::start).getMessage());
      assertTrue(
          message.contains(
              "TCP 127.0.0.1:%d (%s.host, %s.port) cannot be opened: "
                  .formatted(taken.getLocalPort(), section, section)),
          message);
      assertTrue(message.contains("in use"), message);
    }
  }
}
