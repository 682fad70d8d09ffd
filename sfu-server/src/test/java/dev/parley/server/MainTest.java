package dev.parley.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.server.config.AuthKeys;
import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.doctor.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class MainTest {
  @TempDir private Path directory = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void shouldSuggestTheCommandThatWasMeant() {
    assertEquals(2, run("tokn"));
    assertTrue(err.toString().contains("Did you mean: sfu token"), err.toString());
    assertTrue(err.toString().endsWith("Try: ./sfu --help\n"), err.toString());
  }

  @Test
  void shouldAskForACommand() {
    assertEquals(2, run());
    assertEquals("sfu: A command is missing.\nTry: ./sfu --help\n", err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "serve", "token", "doctor"})
  void shouldExplainItselfWithinEightyColumns(String command) {
    assertEquals(0, command.isEmpty() ? run("--help") : run(command, "--help"));
    assertTrue(out.toString().lines().allMatch(line -> line.length() <= 80), out.toString());
    assertTrue(out.toString().startsWith("Usage: sfu"), out.toString());
  }

  @Test
  void shouldPrintItsVersion() {
    assertEquals(0, run("--version"));
    assertTrue(out.toString().matches("Parley \\d+\\.\\d+\\.\\S+ on JDK .*\\n"), out.toString());
  }

  @Test
  void shouldNameWhatIsWrongWithTheConfiguration() {
    assertEquals(2, run("serve", "--config", "no-such.conf", "--dev"));
    assertEquals(
        """
        The configuration has a problem:
          no-such.conf: there is no such file, or it may not be read
        """,
        err.toString());
  }

  @Test
  void shouldSignAJoinToken() throws Exception {
    assertEquals(
        0,
        run(
            "token",
            "--dev",
            "--room",
            "standup",
            "--identity",
            "ann",
            "--name",
            "Ann",
            "--ttl",
            "15m"));
    List<String> parts = List.of(out.toString().strip().split("\\.", -1));
    JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts.get(1)));
    assertEquals("parley", claims.get("iss").asText());
    assertEquals("ann", claims.get("sub").asText());
    assertEquals("standup", claims.get("room").asText());
    assertEquals("Ann", claims.get("name").asText());
    assertEquals(900, claims.get("exp").asLong() - claims.get("iat").asLong());
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            AuthKeys.SAMPLE_SECRET.value().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] signed = (parts.get(0) + "." + parts.get(1)).getBytes(StandardCharsets.US_ASCII);
    assertEquals(
        Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(signed)), parts.get(2));
  }

  @Test
  void shouldSignWhatItsOptionsSay() throws Exception {
    assertEquals(
        0,
        run(
            "token",
            "--dev",
            "--identity=ann",
            "--room=lab-*",
            "--room=standup",
            "--role=moderator",
            "--publish=microphone,screenAudio",
            "--no-subscribe",
            "--no-moderate",
            "--priority=7",
            "--max-session=10m",
            "--attribute=team=red"),
        err::toString);
    JsonNode claims = claims(out.toString());
    assertEquals("[\"lab-*\",\"standup\"]", claims.get("room").toString());
    assertEquals("moderator", claims.get("role").asText());
    assertEquals("[\"microphone\",\"screenAudio\"]", claims.get("publish").toString());
    assertFalse(claims.get("subscribe").asBoolean(true));
    assertFalse(claims.get("moderate").asBoolean(true));
    assertFalse(claims.has("bypassQueue"), "as the role has it");
    assertEquals(7, claims.get("priority").asInt());
    assertEquals(600, claims.get("maxSessionSec").asInt());
    assertEquals("{\"team\":\"red\"}", claims.get("attributes").toString());
  }

  @ParameterizedTest
  @CsvSource({"RSA, RS256", "Ed25519, EdDSA"})
  void shouldSignWithAPrivateKey(String kind, String algorithm) throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
    Path file =
        Files.writeString(
            directory.resolve("key.pem"),
            "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n");
    assertEquals(
        0, run("token", "--dev", "--identity=ann", "--key=" + file, "--kid=one"), err::toString);
    String[] parts = out.toString().strip().split("\\.", -1);
    JsonNode header = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));
    assertEquals(algorithm, header.get("alg").asText());
    assertEquals("one", header.get("kid").asText());
    Signature signature = Signature.getInstance(kind.equals("RSA") ? "SHA256withRSA" : "Ed25519");
    signature.initVerify(pair.getPublic());
    signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
    assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
  }

  @Test
  void shouldTellWhatATokenSaysAndWhetherItCounts() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("parley.conf"), "auth.secret = one-secret-of-this-test-long-enough");
    assertEquals(
        0, run("token", "--config=" + file, "--identity=ann", "--room=standup", "--role=viewer"));
    String token = out.toString().strip();
    assertEquals(0, decode(token, "--config=" + file));
    assertTrue(out.toString().contains("\"sub\" : \"ann\""), out.toString());
    assertTrue(out.toString().contains("verdict  accepted for 3"), out.toString());
    assertTrue(out.toString().contains("rooms    [standup]\nrole     viewer\n"), out.toString());
    assertTrue(out.toString().contains("grants   subscribe, chat\n"), out.toString());
    Path other =
        Files.writeString(
            directory.resolve("other.conf"), "auth.secret = another-secret-of-this-test-long");
    assertEquals(1, decode(token, "--config=" + other));
    assertTrue(out.toString().contains("verdict  token_invalid: "), out.toString());
    assertTrue(out.toString().contains("\"sub\" : \"ann\""), out.toString());
    assertEquals(1, decode("no token \u001b[2J", "--config=" + file));
    assertFalse(out.toString().contains("\u001b"), out.toString());
    assertEquals(0, decode(token, "--dev"));
    assertTrue(out.toString().contains("verdict  not checked"), out.toString());
  }

  private int decode(String token, String config) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream((token + "\n").getBytes(StandardCharsets.UTF_8)));
    out.getBuffer().setLength(0);
    try {
      return run("token", "--decode", config);
    } finally {
      System.setIn(before);
    }
  }

  private static JsonNode claims(String token) throws IOException {
    return new ObjectMapper()
        .readTree(Base64.getUrlDecoder().decode(token.strip().split("\\.", -1)[1]));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--role=admin",
        "--publish=camera,tv",
        "--publish=",
        "--priority=10",
        "--max-session=25h",
        "--room=*x",
        "--attribute=x",
        "--key=no-such.pem",
        "--key=pom.xml",
        "--kid=one"
      })
  void shouldSignNothingElse(String option) {
    assertEquals(2, run("token", "--dev", "--identity=ann", option));
    assertTrue(err.toString().endsWith("Try: ./sfu token --help\n"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void shouldAskWhoATokenIsFor() {
    assertEquals(2, run("token", "--dev"));
    assertTrue(err.toString().contains("'--identity=ID'"), err.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "0m", "1y", "-1h", "1h30m"})
  void shouldRefuseATimeToLive(String ttl) {
    assertEquals(2, run("token", "--dev", "--room", "a", "--identity", "b", "--ttl", ttl));
    assertTrue(err.toString().contains("for instance 15m"), err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "'',standup,--identity is a text of 1 to 128 characters",
    "' ',standup,--identity is a text of 1 to 128 characters",
    "ann,'bad room!/',--room 'bad room!/' is no room",
    "ann,'',--room '' is no room",
  })
  void shouldSignNoTokenThatTheServerRefuses(String identity, String room, String expected) {
    assertEquals(2, run("token", "--dev", "--room", room, "--identity", identity));
    assertTrue(err.toString().startsWith("sfu: " + expected), err.toString());
    assertTrue(err.toString().endsWith("Try: ./sfu token --help\n"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void shouldReportFindingsAndAnswerWithTheExitCode() {
    StringWriter text = new StringWriter();
    int code =
        DoctorCommand.report(
            List.of(new Finding(Finding.Verdict.PROBLEM, "It is so", "Of this", "That")),
            new PrintWriter(text),
            Ansi.OFF);
    assertEquals(1, code);
    assertEquals(
        """
        problem  It is so
                 why   Of this
                 do    That

        1 check, 0 warnings, 1 problem
        """,
        text.toString());
  }

  @Test
  void shouldShowWhereToOpenIt() throws Exception {
    ParleyConfig config = ConfigLoader.load(Optional.empty(), Map.of(), true);
    String banner =
        ServeCommand.banner(
            config,
            new Assembly.Endpoints(
                8080, OptionalInt.empty(), 8081, List.of("192.0.2.1:10000"), List.of()),
            640);
    assertTrue(banner.contains("Open    http://127.0.0.1:8080/\n"), banner);
    assertTrue(banner.contains("Media   UDP 192.0.2.1:10000\n"), banner);
    assertTrue(banner.contains("is ready after 0.6 s."), banner);
  }

  @Test
  void shouldRehearseAStartForTheArchiveOfClasses() throws Exception {
    Process rehearsal =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--rehearse")
            .redirectErrorStream(true)
            .start();
    String text = new String(rehearsal.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(rehearsal.waitFor(20, TimeUnit.SECONDS));
    assertEquals(0, rehearsal.exitValue(), text);
    assertEquals("", text);
  }

  @Test
  void shouldBeReachedByTheWrapperForEveryCommand() throws Exception {
    Process help =
        new ProcessBuilder(Path.of("../sfu").toString(), "--help")
            .redirectErrorStream(true)
            .start();
    String text = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(help.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, help.exitValue(), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 80), text);
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      assertTrue(command.equals("help") || text.contains("\n  " + command + " "), command);
    }
    assertFalse(text.contains("\t"));
  }

  private int run(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true));
    commandLine.setErr(new PrintWriter(err, true));
    commandLine.setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
    return commandLine.execute(args);
  }
}
