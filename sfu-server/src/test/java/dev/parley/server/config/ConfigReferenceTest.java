package dev.parley.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The commented file and the page are those of the table. After a change of the table they are
 * written anew by {@code mvn -pl sfu-server -am package -Dtest=ConfigReferenceTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dparley.writeReference=true}.
 */
class ConfigReferenceTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path FILE = ROOT.resolve("config/parley.conf");
  private static final Path PAGE = ROOT.resolve("docs/configuration.md");

  @Test
  void shouldMatchTheCommentedFile() throws IOException {
    assertWritten(ConfigReference.hocon(), FILE);
  }

  @Test
  void shouldMatchThePage() throws IOException {
    assertWritten(ConfigReference.markdown(), PAGE);
  }

  @Test
  void shouldReadTheCommentedFileAsTheDefaults() throws Exception {
    ParleyConfig fromFile = ConfigLoader.load(Optional.of(FILE), Map.of(), true);
    String withDevDefaults =
        Files.readString(FILE).replace("# host =", "host =").replace("# enabled =", "enabled =");
    Config file = ConfigFactory.parseString(withDevDefaults);
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      assertTrue(file.hasPath(key.path()), key.path());
      assertEquals(
          Optional.of(key.defaultValue()), key.type().read(file.getValue(key.path())), key.path());
      assertTrue(Files.readString(FILE).contains(key.environmentName() + "]"), key.path());
    }
    assertEquals(ConfigKeys.ALL.size(), file.entrySet().size());
    assertEquals(Optional.of(FILE), fromFile.file());
  }

  @Test
  void shouldLeaveTheDefaultsOfDevToDev() throws Exception {
    Map<String, String> env =
        Map.of("PARLEY_AUTH_SECRET", "a-secret-that-is-long-enough-for-hs256");
    assertEquals("127.0.0.1", ConfigLoader.load(Optional.of(FILE), env, true).http().host());
    assertEquals("0.0.0.0", ConfigLoader.load(Optional.of(FILE), env, false).http().host());
    Config file = ConfigFactory.parseFile(FILE.toFile());
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      assertEquals(key.devDefault().isEmpty(), file.hasPath(key.path()), key.path());
    }
  }

  @Test
  void shouldDescribeEveryKeyInSentences() {
    for (ConfigKey<?> key : ConfigKeys.ALL) {
      assertTrue(key.what().endsWith("."), key.path());
      assertTrue(key.why().length() > 10, key.path());
    }
  }

  private static void assertWritten(String expected, Path file) throws IOException {
    if (Boolean.getBoolean("parley.writeReference")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertEquals(
        expected, Files.readString(file), "write it anew as the Javadoc of this test says");
  }
}
