package dev.parley.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.admin.webhook.WebhookEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookKeysTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @TempDir private Path directory = Path.of("");

  private ParleyConfig.Webhooks load(String hocon) throws Exception {
    Path file = Files.writeString(directory.resolve("parley.conf"), hocon);
    return ConfigLoader.load(Optional.of(file), Map.of(), true).webhooks();
  }

  private static String endpoint(String fields) {
    return "webhooks.endpoints = [{ name = crm, url = \"https://crm.example/\", secret = \""
        + SECRET
        + "\" "
        + fields
        + " }]";
  }

  @Test
  void shouldTellNobodyByDefault() throws Exception {
    ParleyConfig.Webhooks none = load("");
    assertEquals(List.of(), none.endpoints());
    assertEquals(Optional.empty(), none.directory());
    assertEquals(10, none.timeoutSec());
    assertEquals(259_200, none.giveUpAfterSec());
    assertEquals(259_200, none.keepSec());
    assertEquals(100_000, none.maxEvents());
  }

  @Test
  void shouldReadEndpoints() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    ParleyConfig.Webhooks read =
        load(
            "webhooks.endpoints = [{ name = crm, url = \"https://crm.example/\", secretFile = \""
                + secret
                + "\", previousSecret = \""
                + SECRET
                + "\", events = [\"room.*\"], rooms = [\"clinic-*\"] }]");
    WebhookEndpoint endpoint = read.endpoints().getFirst().endpoint();
    assertEquals("crm", endpoint.name());
    assertEquals(2, endpoint.secrets().size());
    assertEquals(List.of("room.*"), endpoint.events());
    assertEquals(List.of("clinic-*"), endpoint.rooms());
    assertFalse(read.toString().contains(SECRET));
    assertFalse(endpoint.toString().contains(SECRET));
  }

  @Test
  void shouldReadEndpointsFromTheEnvironment() throws Exception {
    String list = "[{ name = crm, url = \"https://crm.example/\", secret = \"" + SECRET + "\" }]";
    ParleyConfig.Webhooks read =
        ConfigLoader.load(Optional.empty(), Map.of("PARLEY_WEBHOOKS_ENDPOINTS", list), true)
            .webhooks();
    assertEquals("crm", read.endpoints().getFirst().name());
  }

  @Test
  void shouldKeepTheOutboxBesideTheStateOfRooms() throws Exception {
    Path state = directory.resolve("rooms.json");
    String rooms = "rooms.stateFile = \"" + state + "\"\n";
    assertEquals(Optional.of(directory), load(rooms).directory());
    assertEquals(
        Optional.of(Path.of("/var/lib/hooks")),
        load(rooms + "webhooks.directory = /var/lib/hooks").directory());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", secret = short|crm: secret: expected whsec_",
        ", secret = \"whsec_c2hvcnQ=\"|crm: secret: expected whsec_",
        ", previousSecret = \"whsec_c2hvcnQ=\"|crm: previousSecret: expected whsec_",
        ", secretFile = /nowhere|crm: secret: expected this or secretFile",
        ", url = \"crm.example\"|crm: url: expected https://host/path",
        ", url = \"https://me:secret@crm.example/\"|crm: url: expected no user and password",
        ", url = \"http://crm.example/\"|crm: url: expected https",
        ", url = \"https://127.0.0.1/\"|crm: url: the address is loopback",
        ", url = \"https://[fd00::1]/\"|crm: url: the address is not public",
        ", url = \"https://169.254.169.254/\"|crm: url: the address is link-local",
        ", name = \"c r m\"|name: expected 1 to 64 letters",
        ", events = [\"rooms.*\"]|crm: events: rooms.* is no type",
        ", rooms = [\"a b\"]|crm: rooms: a b",
        ", event = \"room.*\"|expected a list of { name",
        ", events = 7|expected a list of { name",
        ", name = []|expected a list of { name"
      })
  void shouldSayWhatIsWrongWithAnEndpoint(String fields, String expected) {
    InvalidConfigException refused =
        assertThrows(InvalidConfigException.class, () -> load(endpoint(fields)));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains(expected), message);
    assertFalse(message.contains(SECRET.substring(6)), message);
    assertFalse(message.contains("me:secret"), message);
  }

  @Test
  void shouldRefuseTwoEndpointsOfOneName() {
    String one = endpoint("").replaceAll("^.*\\[|]$", "");
    InvalidConfigException refused =
        assertThrows(
            InvalidConfigException.class,
            () -> load("webhooks.endpoints = [" + one + "," + one + "]"));
    assertTrue(String.valueOf(refused.getMessage()).contains("no other endpoint has"));
  }

  @Test
  void shouldTakeInnerNetworksThatAreNamed() throws Exception {
    String inside = endpoint(", url = \"http://10.1.2.3:8080/hook\"");
    assertThrows(InvalidConfigException.class, () -> load(inside));
    assertEquals(
        "http://10.1.2.3:8080/hook",
        load(inside + "\nwebhooks.allowedNetworks = [\"10.1.0.0/16\"]")
            .endpoints()
            .getFirst()
            .url());
    assertThrows(
        InvalidConfigException.class,
        () -> load(inside + "\nwebhooks.allowedNetworks = [\"10.2.0.0/16\"]"));
    assertThrows(
        InvalidConfigException.class, () -> load("webhooks.allowedNetworks = [\"inside\"]"));
  }
}
