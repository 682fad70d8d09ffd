package dev.parley.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.admin.history.HistoryPlace;
import dev.parley.admin.rest.AdminRole;
import dev.parley.admin.rest.AdminToken;
import dev.parley.server.config.ParleyConfig.LogFormat;
import dev.parley.server.config.ParleyConfig.MediaIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  private static final String SECRET = "a-secret-that-is-long-enough-for-hs256";

  @TempDir private Path directory = Path.of("");

  @Test
  void shouldTakeTheDefaultsWhenNothingIsSet() throws Exception {
    ParleyConfig config = ConfigLoader.load(Optional.empty(), Map.of(), true);
    assertEquals(8080, config.http().port());
    assertEquals(10000, config.media().udp().port());
    assertEquals(MediaIo.AUTO, config.media().io());
    assertEquals(new ParleyConfig.Slots(3, 9, 8, 49), config.media().slots());
    assertEquals(List.of(), config.iceServers());
  }

  @Test
  void shouldKeepTheHistoryWhereItIsToldOrBesideTheRooms() throws Exception {
    assertTrue(place(true, "") instanceof HistoryPlace.Memory);
    assertTrue(place(false, "") instanceof HistoryPlace.None);
    assertEquals(
        new HistoryPlace.File(Path.of("/var/lib/parley")),
        place(false, "rooms.stateFile = /var/lib/parley/rooms.json"));
    assertEquals(
        new HistoryPlace.File(Path.of("/data")),
        place(true, "rooms.stateFile = /x/rooms.json, history.directory = /data"));
    assertEquals(
        new HistoryPlace.Server("jdbc:postgresql://db/x", "ann", "secret"),
        place(
            false,
            "history { url = \"jdbc:postgresql://db/x\", user = ann, password = secret,"
                + " directory = /data }"));
    assertTrue(
        place(true, "history { enabled = false, directory = /data }") instanceof HistoryPlace.None);
    assertThrows(
        InvalidConfigException.class, () -> place(true, "history.url = \"jdbc:mysql://db/x\""));
    assertFalse(
        place(false, "history { url = \"jdbc:postgresql://db/x\", password = secret }")
            .toString()
            .contains("secret"));
  }

  private HistoryPlace place(boolean dev, String text) throws Exception {
    return ConfigLoader.load(Optional.of(file(text)), Map.of("PARLEY_AUTH_SECRET", SECRET), dev)
        .history()
        .place();
  }

  @Test
  void shouldListenOnLoopbackOnlyUnderDev() throws Exception {
    Map<String, String> env = Map.of("PARLEY_AUTH_SECRET", SECRET);
    assertEquals("127.0.0.1", ConfigLoader.load(Optional.empty(), env, true).http().host());
    assertEquals("0.0.0.0", ConfigLoader.load(Optional.empty(), env, false).http().host());
  }

  @Test
  void shouldLetTheEnvironmentWinOverTheFile() throws Exception {
    Path file = file("http { port = 9000 }, media.udp.port = 20000, log.format = json");
    Map<String, String> env =
        Map.of(
            "PARLEY_HTTP_PORT", "9001",
            "PARLEY_MEDIA_UDP_RECEIVE_BUFFER_BYTES", "1 MiB",
            "PARLEY_HTTP_ALLOWED_ORIGINS", "https://a.example, https://b.example",
            "PARLEY_LOG_REDACT_ADDRESSES", "true");
    ParleyConfig config = ConfigLoader.load(Optional.of(file), env, true);
    assertEquals(9001, config.http().port());
    assertEquals(20000, config.media().udp().port());
    assertEquals(1 << 20, config.media().udp().receiveBufferBytes());
    assertEquals(List.of("https://a.example", "https://b.example"), config.http().allowedOrigins());
    assertEquals(LogFormat.JSON, config.log().format());
    assertTrue(config.log().redactAddresses());
  }

  @Test
  void shouldReadSecretsFromFiles() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
    Map<String, String> env = Map.of("PARLEY_AUTH_SECRET_FILE", secret.toString());
    ParleyConfig config = ConfigLoader.load(Optional.empty(), env, false);
    assertEquals(SECRET, config.auth().secret().value());
  }

  @Test
  void shouldReadIceServersFromTheEnvironment() throws Exception {
    Map<String, String> env =
        Map.of(
            "PARLEY_ICE_SERVERS",
            "[{ urls: [\"turn:turn.example:3478?transport=udp\"], username: u, credential: c }]");
    IceServer server = ConfigLoader.load(Optional.empty(), env, true).iceServers().getFirst();
    assertEquals(List.of("turn:turn.example:3478?transport=udp"), server.urls());
    assertEquals(Optional.of(new Secret("c")), server.credential());
  }

  @Test
  void shouldNeverShowSecrets() throws Exception {
    Map<String, String> env =
        Map.of(
            "PARLEY_AUTH_SECRET",
            SECRET,
            "PARLEY_ICE_SERVERS",
            "[{ urls: [\"turn:t\"], username: u, credential: hush }]");
    String text = ConfigLoader.load(Optional.empty(), env, false).toString();
    assertFalse(text.contains(SECRET) || text.contains("hush"), text);
    assertEquals(
        "environment variable PARLEY_ICE_SERVERS: iceServers = (hidden): expected "
            + new ConfigType.IceServers().expected(),
        problems(Optional.empty(), Map.of("PARLEY_ICE_SERVERS", "[{ credential: hush }]"))
            .getFirst()
            .toString());
  }

  @Test
  void shouldTellAllProblemsAtOnceEachWithItsPlace() throws Exception {
    Path file =
        file(
            """
            http.port = high
            media {
              udp { prot = 10000 }
              workers = -1
              slots.video = 60
            }
            log = json
            """);
    Map<String, String> env =
        Map.of("PARLEY_MEDIA_UPD_PORT", "1", "PARLEY_ADMIN_PORT", "70000", "HOME", "/nowhere");
    assertEquals(
        List.of(
            file + ":3: media.udp.prot is unknown; did you mean media.udp.port?",
            file
                + ":7: log is a section, not a key; its keys: log.format, log.level,"
                + " log.redactAddresses",
            "environment variable PARLEY_MEDIA_UPD_PORT: PARLEY_MEDIA_UPD_PORT is unknown; did you"
                + " mean PARLEY_MEDIA_UDP_PORT?",
            file + ":1: http.port = \"high\": expected a whole number from 0 to 65535",
            "environment variable PARLEY_ADMIN_PORT: admin.port = \"70000\": expected a whole"
                + " number from 0 to 65535",
            file + ":4: media.workers = -1: expected a whole number from 0 to 256",
            file
                + ":5: media.slots.video = 60: expected at most media.slots.maxVideo, which is 49"),
        problems(Optional.of(file), env).stream().map(Object::toString).toList());
  }

  @Test
  void shouldSayWhereTheFileCannotBeParsed() throws Exception {
    ConfigProblem problem =
        problems(Optional.of(file("http.port = 1\nmedia { udp\n")), Map.of()).getFirst();
    assertTrue(problem.where().matches(".*parley\\.conf:\\d"), problem.toString());
  }

  @Test
  void shouldSayThatTheFileIsMissing() {
    Path missing = directory.resolve("none.conf");
    assertEquals(
        missing + ": there is no such file, or it may not be read",
        problems(Optional.of(missing), Map.of()).getFirst().toString());
  }

  @Test
  void shouldBlameNothingElseForAFileThatCannotBeRead() throws Exception {
    Path broken = file("http.port = 1\nmedia { udp\n");
    for (Path unreadable : List.of(directory.resolve("none.conf"), directory, broken)) {
      List<ConfigProblem> problems =
          assertThrows(
                  InvalidConfigException.class,
                  () -> ConfigLoader.load(Optional.of(unreadable), Map.of(), false))
              .problems();
      assertEquals(1, problems.size(), problems.toString());
      assertTrue(
          problems.getFirst().where().startsWith(unreadable.toString()), problems.toString());
    }
  }

  @Test
  void shouldRefuseTheSampleSecretWithoutDev() {
    InvalidConfigException refused =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigLoader.load(Optional.empty(), Map.of(), false));
    String message = refused.problems().toString();
    assertTrue(message.contains("auth.secret is still the public sample value"), message);
    assertFalse(message.contains(AuthKeys.SAMPLE_SECRET.value()), message);
  }

  @Test
  void shouldRefuseAShortSecretWithoutDev() {
    InvalidConfigException refused =
        assertThrows(
            InvalidConfigException.class,
            () ->
                ConfigLoader.load(Optional.empty(), Map.of("PARLEY_AUTH_SECRET", "short"), false));
    String message = refused.problems().toString();
    assertTrue(message.contains("auth.secret has 5 bytes"), message);
  }

  @Test
  void shouldRotateSecretsByName() throws Exception {
    String both =
        "[{ kid = b, secret = %s-b }, { kid = a, secret = %s-a }]".formatted(SECRET, SECRET);
    Path file = Files.writeString(directory.resolve("secrets"), both + "\n");
    for (Map<String, String> env :
        List.of(
            Map.of("PARLEY_AUTH_SECRETS", both),
            Map.of("PARLEY_AUTH_SECRETS_FILE", file.toString()))) {
      ParleyConfig.Auth auth = ConfigLoader.load(Optional.empty(), env, false).auth();
      assertEquals(List.of("b", "a"), auth.secrets().stream().map(SigningSecret::kid).toList());
      assertEquals(SECRET + "-b", auth.secrets().getFirst().secret().value());
      assertFalse(auth.toString().contains(SECRET), auth.toString());
    }
  }

  @Test
  void shouldReadTheTokensOfTheAdminPort() throws Exception {
    Map<String, String> env =
        Map.of(
            "PARLEY_AUTH_SECRET",
            SECRET,
            "PARLEY_ADMIN_TOKEN",
            "0123456789abcdef",
            "PARLEY_ADMIN_TOKENS",
            "[{ name = grafana, token = fedcba9876543210, role = read }]");
    List<AdminToken> tokens = ConfigLoader.load(Optional.empty(), env, false).admin().tokens();
    assertEquals(
        List.of(
            new AdminToken("grafana", "fedcba9876543210", AdminRole.READ),
            new AdminToken("admin.token", "0123456789abcdef", AdminRole.OPERATE)),
        tokens);
    assertFalse(tokens.toString().contains("0123456789abcdef"), tokens.toString());
  }

  @Test
  void shouldNeedNoSecretBesideAKeySet() throws Exception {
    Map<String, String> env = Map.of("PARLEY_AUTH_KEY_SET_URL", "https://id.example/jwks.json");
    ParleyConfig.Auth auth = ConfigLoader.load(Optional.empty(), env, false).auth();
    assertEquals(Optional.of("https://id.example/jwks.json"), auth.keySet().url());
    assertEquals(Optional.of("parley"), auth.issuer());
  }

  @Test
  void shouldTakeNothingForNone() throws Exception {
    Map<String, String> env = Map.of("PARLEY_AUTH_ISSUER", "", "PARLEY_AUTH_SECRET", SECRET);
    ParleyConfig.Auth auth = ConfigLoader.load(Optional.empty(), env, false).auth();
    assertEquals(Optional.empty(), auth.issuer());
    assertEquals(Optional.empty(), auth.audience());
    assertEquals(5, auth.leewaySec());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PARLEY_AUTH_SECRETS|[{ kid = a, secret = short }]|auth.secrets has 5 bytes for a",
        "PARLEY_AUTH_SECRETS|[{ kid = a, secret = change-me-this-sample-secret-protects-nothing }]"
            + "|auth.secrets holds the public sample value as a",
        "PARLEY_AUTH_SECRETS|[{ kid = a, secret = b }, { kid = a, secret = c }]|(hidden)",
        "PARLEY_AUTH_SECRETS|[{ secret = hush }]|(hidden)",
        "PARLEY_AUTH_SECRETS|hush|(hidden)",
        "PARLEY_ADMIN_TOKEN|hush|(hidden)",
        "PARLEY_ADMIN_TOKENS|[{ name = a, token = hush, role = read }]|(hidden)",
        "PARLEY_ADMIN_TOKENS|[{ name = a, token = hushhushhushhush, role = rule }]|(hidden)",
        "PARLEY_ADMIN_TOKENS|[{ token = hushhushhushhush, role = read }]|(hidden)",
        "PARLEY_AUTH_KEY_SET_URL|http://id.example/keys|expected an https URL",
        "PARLEY_AUTH_KEY_SET_URL|https://|expected an https URL",
        "PARLEY_AUTH_KEY_SET_FILE|no-such-file|there is no such file",
        "PARLEY_AUTH_KEY_SET_FILE|pom.xml|it is not JSON",
        "PARLEY_AUTH_KEY_SET_RETRY_SEC|601|expected at most auth.keySet.refreshSec",
        "PARLEY_AUTH_LEEWAY_SEC|301|expected a whole number"
      })
  void shouldSayWhatIsWrongWithTheKeys(String name, String value, String expected) {
    Map<String, String> env = Map.of(name, value, "PARLEY_AUTH_SECRET", SECRET);
    List<String> problems =
        assertThrows(
                InvalidConfigException.class, () -> ConfigLoader.load(Optional.empty(), env, false))
            .problems()
            .stream()
            .map(Object::toString)
            .toList();
    assertTrue(
        problems.stream().anyMatch(problem -> problem.contains(expected)), problems::toString);
    assertFalse(problems.toString().contains("hush"), problems::toString);
  }

  @Test
  void shouldRefuseASecretBesideTheList() {
    Map<String, String> env =
        Map.of(
            "PARLEY_AUTH_SECRET",
            SECRET,
            "PARLEY_AUTH_SECRETS",
            "[{ kid = a, secret = " + SECRET + " }]");
    List<ConfigProblem> problems = problems(Optional.empty(), env);
    assertEquals(1, problems.size());
    assertTrue(problems.getFirst().toString().contains("are both set"), problems::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "PARLEY_HTTP_PORT, 8081",
    "PARLEY_SIGNALING_SILENCE_TIMEOUT_SEC, 10",
    "PARLEY_MEDIA_SLOTS_AUDIO, 9",
    "PARLEY_LIMITS_CONNECTIONS, 2",
    "PARLEY_MEDIA_UDP_PORT, 65535",
    "PARLEY_MEDIA_TCP_PORT, 65535",
    "PARLEY_MEDIA_TCP_MAX_CONNECTIONS, 0",
    "PARLEY_MEDIA_ANNOUNCED_ADDRESSES, parley.example",
    "PARLEY_MEDIA_ANNOUNCED_ADDRESSES, 0.0.0.0",
    "PARLEY_MEDIA_IO, io_uring",
    "PARLEY_HTTP_ALLOWED_ORIGINS, a.example",
    "PARLEY_LOG_REDACT_ADDRESSES, perhaps",
    "PARLEY_ICE_SERVERS, '[{ urls: [\"http://a\"] }]'",
    "PARLEY_ICE_SERVERS, '[{ urls: [\"turn:a\"] }]'",
    "PARLEY_ICE_SERVERS, '[{'",
    "PARLEY_AUTH_SECRET_FILE, no-such-file",
    "PARLEY_LIMITS_SDP_BYTES, 1k"
  })
  void shouldRefuse(String name, String value) {
    Map<String, String> env = Map.of(name, value, "PARLEY_MEDIA_WORKERS", "2");
    assertEquals(1, problems(Optional.empty(), env).size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PARLEY_SERVICE_HOST=10.0.0.1",
        "PARLEY_SERVICE_PORT_HTTP=8080",
        "PARLEY_PORT=tcp://10.0.0.1:8080",
        "PARLEY_PORT_8080_TCP_ADDR=10.0.0.1",
        "PARLEY_ADMIN_SERVICE_HOST=10.0.0.1",
        "PARLEY_ADMIN_PORT_8081_TCP=tcp://10.0.0.1:8081"
      })
  void shouldIgnoreWhatKubernetesAddsForServices(String variable) throws Exception {
    String[] parts = variable.split("=", 2);
    assertTrue(ConfigLoader.load(Optional.empty(), Map.of(parts[0], parts[1]), true).dev());
  }

  @Test
  void shouldGiveEveryKeyItsOwnEnvironmentVariable() {
    Set<String> names = new HashSet<>();
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      assertTrue(names.add(key.environmentName()), key.path());
      assertTrue(names.add(key.environmentName() + "_FILE"), key.path());
    }
  }

  @ParameterizedTest
  @CsvSource({"port, port, 0", "prot, port, 1", "por, port, 1", "udp, upd, 1", "a, xyz, 3"})
  void shouldCountEdits(String a, String b, int edits) {
    assertEquals(edits, NearestName.distance(a, b));
    assertEquals(edits, NearestName.distance(b, a));
  }

  @Test
  void shouldSuggestNothingForWhatIsNoSlip() {
    assertEquals(Optional.empty(), NearestName.of("zzzzzz", List.of("http.port", "log.level")));
  }

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("parley.conf"), text);
  }

  private static List<ConfigProblem> problems(Optional<Path> file, Map<String, String> env) {
    return assertThrows(InvalidConfigException.class, () -> ConfigLoader.load(file, env, true))
        .problems();
  }
}
