package dev.parley.server;

import dev.parley.server.config.ConfigLoader;
import dev.parley.server.config.InvalidConfigException;
import dev.parley.server.config.ParleyConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which every command finds its configuration. */
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; else config/parley.conf beside ./sfu.")
  private @Nullable Path file;

  @Option(
      names = "--dev",
      description = {
        "For your own machine: joins without a token, listens on loopback, announces loopback"
            + " addresses too."
      })
  private boolean dev;

  ParleyConfig load() throws InvalidConfigException {
    return ConfigLoader.load(file(), System.getenv(), dev);
  }

  private Optional<Path> file() {
    if (file != null) {
      return Optional.of(file);
    }
    return Optional.ofNullable(System.getProperty("parley.home"))
        .map(home -> Path.of(home, "config", "parley.conf"))
        .filter(Files::exists);
  }
}
