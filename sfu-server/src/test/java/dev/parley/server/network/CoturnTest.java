package dev.parley.server.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.server.browser.DistantCaller.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * coturn beside the server instead of its own relay, with docker/turnserver.conf as an operator has
 * it: changed in the secret and the address, and with a certificate.
 */
@Tag("network")
@EnabledIfSystemProperty(named = "parley.network", matches = "full")
class CoturnTest {
  private static final Path PROGRAM = Path.of("/usr/bin/turnserver");
  private static final Path TEMPLATE = Path.of("..", "docker", "turnserver.conf");
  private static final String SECRET = "the-secret-of-this-test";

  private static @Nullable Lab lab;
  private static @Nullable Process coturn;

  @BeforeAll
  static void open() throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(PROGRAM), "coturn is not installed. On Debian: apt-get install coturn");
    Lab opened =
        Lab.open(
            """
            turn.enabled = false
            iceServers = [{
              urls = ["turn:%1$s:3478?transport=udp", "turn:%1$s:3478?transport=tcp", "turns:%1$s:5349?transport=tcp"]
              secret = "%2$s"
            }]
            """
                .formatted(Lab.IPV4, SECRET));
    lab = opened;
    coturn = start(opened);
  }

  private static Process start(Lab lab) throws IOException {
    String config =
        Files.readString(TEMPLATE)
            .replace("static-auth-secret=CHANGE-ME", "static-auth-secret=" + SECRET)
            .replace("allowed-peer-ip=203.0.113.5", "allowed-peer-ip=" + Lab.IPV4);
    Path file = Lab.FOLDER.resolve("turnserver.conf");
    Files.writeString(
        file,
        config
            + """

            listening-ip=%s
            tls-listening-port=5349
            cert=%s
            pkey=%s
            pidfile=%s
            """
                .formatted(
                    Lab.IPV4,
                    lab.certificate().file(),
                    lab.certificate().key(),
                    Lab.FOLDER.resolve("turnserver.pid")));
    Process process =
        new ProcessBuilder(
                lab.serverSide().inside(List.of(PROGRAM.toString(), "-c", file.toString())))
            .redirectErrorStream(true)
            .redirectOutput(Lab.FOLDER.resolve("turnserver.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "coturn-end"));
    return process;
  }

  @AfterAll
  static void close() {
    if (coturn != null) {
      coturn.destroyForcibly();
    }
    if (lab != null) {
      lab.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"udp, udp 3478", "tcp, tcp 3478", "tls, tcp 5349"})
  void shouldRelay(String protocol, String open) {
    Lab opened = Objects.requireNonNull(lab, "the lab is not open");
    Nat nat = Nat.only("tcp " + Lab.TLS_PORT, open);
    try (Site site = Site.behind(opened, nat)) {
      Way way = Row.meet("coturn by " + protocol, opened, site).ben().way();
      assertEquals("relay", way.localType(), way::toString);
      assertEquals(protocol, way.protocol(), way::toString);
    }
  }
}
