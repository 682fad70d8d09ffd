package dev.parley.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.server.config.ParleyConfig;
import dev.parley.server.config.ParleyConfig.LogFormat;
import dev.parley.server.config.ParleyConfig.LogLevel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class LogSetupTest {
  private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJl";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Logger log = LoggerFactory.getLogger("dev.parley.test");

  @AfterEach
  void quiet() {
    MDC.clear();
    LogSetup.install(new ParleyConfig.Log(LogFormat.PLAIN, LogLevel.WARN, false), System.err);
  }

  @Test
  void shouldWriteOneLineAnEventWithTheFieldsThatMatterFirst() {
    install(LogFormat.PLAIN, false);
    MDC.put("session", "se_7");
    log.atInfo()
        .addKeyValue("tookMs", 12)
        .addKeyValue("room", "rm_1")
        .addKeyValue("event", "session.joined")
        .log("Ann joined");
    assertEquals(
        "INFO  event=session.joined room=rm_1 session=se_7 tookMs=12 msg=\"Ann joined\"\n",
        withoutTime());
  }

  @Test
  void shouldWriteJson() throws Exception {
    install(LogFormat.JSON, false);
    log.atWarn()
        .addKeyValue("event", "ice.failed")
        .addKeyValue("room", "r\"1\"")
        .setCause(new IllegalStateException("no\npath"))
        .log("No path\tfound");
    JsonNode line = new ObjectMapper().readTree(text());
    assertEquals("ice.failed", line.get("event").asText());
    assertEquals("r\"1\"", line.get("room").asText());
    assertEquals("WARN", line.get("level").asText());
    assertEquals("No path\tfound", line.get("msg").asText());
    assertTrue(line.get("error").asText().contains("IllegalStateException: no\npath"));
    assertEquals(1, text().lines().count());
  }

  @Test
  void shouldKeepAnExceptionOnTheLineOfItsEvent() {
    install(LogFormat.PLAIN, false);
    log.atError()
        .addKeyValue("event", "part.failed")
        .setCause(new IllegalStateException("a\nb"))
        .log("");
    assertEquals(1, text().lines().count());
    assertTrue(text().contains("error=\"java.lang.IllegalStateException: a\\nb\" at="), text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nINFO event=forged", "a\r\nb", "a\u2028b", "\u001b[31mred"})
  void shouldNotLetAValueForgeALine(String value) {
    install(LogFormat.PLAIN, false);
    log.atInfo().addKeyValue("event", "chat").addKeyValue("name", value).log(value);
    assertEquals(1, text().lines().count());
    assertFalse(text().contains("\u001b") || text().contains("\u2028"));
  }

  @Test
  void shouldNameTheLoggerOfLibraries() {
    install(LogFormat.PLAIN, false);
    log.warn("odd");
    assertEquals("WARN  logger=dev.parley.test msg=odd\n", withoutTime().replace("\"", ""));
  }

  @Test
  void shouldTakeUpWhatLibrariesLogByTheJdksWay() {
    install(LogFormat.PLAIN, false);
    java.util.logging.Logger.getLogger("org.jitsi.any").warning("from below");
    assertTrue(text().contains("logger=org.jitsi.any msg=\"from below\""), text());
  }

  @Test
  void shouldNotWriteBelowTheLevel() {
    install(LogFormat.PLAIN, false);
    log.debug("unseen");
    LoggerFactory.getLogger("io.netty.any").info("unseen");
    assertEquals("", text());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldNeverWriteTokens(boolean redactAddresses) {
    install(LogFormat.PLAIN, redactAddresses);
    log.atInfo()
        .addKeyValue("event", "hello")
        .addKeyValue("resumeToken", "swordfish")
        .addKeyValue("header", "Bearer swordfish")
        .log("Got {}", TOKEN);
    assertFalse(text().contains("swordfish") || text().contains("eyJ"), text());
  }

  @Test
  void shouldTagAddressesOnRequest() {
    install(LogFormat.PLAIN, true);
    log.atInfo().addKeyValue("event", "a").addKeyValue("remote", "198.51.100.7:443").log("");
    log.atInfo().addKeyValue("event", "b").log("from 198.51.100.7 and 2001:db8::7");
    assertFalse(text().contains("198.51") || text().contains("2001:db8"), text());
    String tag = text().replaceAll("(?s).*remote=(addr-[0-9a-f]+):443.*", "$1");
    assertTrue(text().contains("from " + tag + " and addr-"), text());
  }

  @Test
  void shouldKeepAddressesUnlessAsked() {
    install(LogFormat.PLAIN, false);
    log.atInfo().addKeyValue("event", "a").addKeyValue("remote", "198.51.100.7:443").log("");
    assertTrue(text().contains("remote=198.51.100.7:443"), text());
  }

  @ParameterizedTest
  @CsvSource({
    "[2001:db8::1]:443, true",
    "2001:db8:0:0:0:0:0:1, true",
    "::ffff:198.51.100.7, true",
    "fe80::1%eth0, true",
    "10.0.0.1, true",
    "12:34:56, false",
    "aa:bb:cc:dd:ee:ff, false",
    "Foo::bar, false",
    "127.0.0.1:8080, false",
    "::1, false",
    "0.0.0.0:10000, false",
    "1.2.3, false"
  })
  void shouldTellAnAddressFromWhatLooksLikeOne(String text, boolean address) {
    assertEquals(address, !new Redactor(true).redact(text).equals(text));
  }

  @Test
  void shouldTagDifferentlyInEachProcess() {
    assertNotEquals(new Redactor(true).redact("10.0.0.1"), new Redactor(true).redact("10.0.0.1"));
  }

  private void install(LogFormat format, boolean redactAddresses) {
    LogSetup.install(new ParleyConfig.Log(format, LogLevel.INFO, redactAddresses), out);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String withoutTime() {
    assertTrue(
        text().matches("(?s)\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z .*"), text());
    return text().substring(text().indexOf(' ') + 1);
  }
}
