package dev.parley.core.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.core.address.CloudMetadata.Cloud;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against services of the test's own, which answer what the clouds document. */
class CloudMetadataTest {
  private static final String AWS = "/latest/meta-data/public-ipv4";

  /** Method, path, query and the header that is needed, to the body. */
  private final Map<String, String> answers = new ConcurrentHashMap<>();

  private HttpServer http;

  @BeforeEach
  void start() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    http.createContext("/", this::answer);
    http.start();
  }

  @AfterEach
  void stop() {
    http.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String key =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"), "")
            + Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token-ttl-seconds"), "")
            + Objects.requireNonNullElse(
                exchange.getRequestHeaders().getFirst("Metadata-Flavor"), "")
            + Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Metadata"), "");
    String body = answers.get(key);
    byte[] bytes = (body == null ? "not found: " + key : body).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private CloudMetadata metadata(Cloud cloud) {
    return new CloudMetadata(cloud, URI.create("http://127.0.0.1:" + http.getAddress().getPort()));
  }

  @Test
  void shouldAskAwsWithAToken() throws IOException {
    answers.put("PUT /latest/api/token 60", "the-token");
    answers.put("GET " + AWS + " the-token", "203.0.113.9\n");
    assertEquals(List.of(InetAddress.ofLiteral("203.0.113.9")), metadata(Cloud.AWS).ask());
  }

  @ParameterizedTest
  @CsvSource({
    "GCP, /computeMetadata/v1/instance/network-interfaces/0/access-configs/0/external-ip, Google",
    "AZURE, /metadata/instance/network/interface/0/ipv4/ipAddress/0/publicIpAddress"
        + "?api-version=2021-02-01&format=text, true"
  })
  void shouldAskWithTheHeaderThatIsWanted(Cloud cloud, String path, String header)
      throws IOException {
    answers.put("GET " + path + " " + header, "203.0.113.9");
    assertEquals(List.of(InetAddress.ofLiteral("203.0.113.9")), metadata(cloud).ask());
  }

  @Test
  void shouldSayWhatTheServiceSaid() {
    answers.put("PUT /latest/api/token 60", "the-token");
    IOException e = assertThrows(IOException.class, () -> metadata(Cloud.AWS).ask());
    assertEquals("GET " + AWS + " gave status 404", e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "example.org", "<html>", "203.0.113.999"})
  void shouldRefuseWhatIsNoAddress(String body) {
    answers.put("PUT /latest/api/token 60", "the-token");
    answers.put("GET " + AWS + " the-token", body);
    IOException e = assertThrows(IOException.class, () -> metadata(Cloud.AWS).ask());
    assertTrue(String.valueOf(e.getMessage()).contains("no address"), e.getMessage());
  }

  @Test
  void shouldNotReadWithoutEnd() {
    answers.put("PUT /latest/api/token 60", "x".repeat(100_000));
    assertThrows(IOException.class, () -> metadata(Cloud.AWS).ask());
  }

  @Test
  void shouldSayThatNobodyIsThere() {
    CloudMetadata metadata = metadata(Cloud.GCP);
    http.stop(0);
    assertThrows(IOException.class, metadata::ask);
  }
}
