package dev.parley.server.config;

import java.util.Locale;
import java.util.Optional;

/**
 * One key of the configuration, described once for reading, checking and documenting.
 *
 * @param path the HOCON path, for instance {@code media.udp.port}
 * @param unit the unit of the value; empty where there is none
 * @param defaultValue what holds when nothing is configured
 * @param devDefault what holds instead under {@code --dev}; empty: the same
 * @param what what the key decides
 * @param why the reason for the default or for a change
 * @param secret never shown; may also come from the file named by {@code PARLEY_…_FILE}
 */
public record ConfigKey<T>(
    String path,
    ConfigType<T> type,
    String unit,
    T defaultValue,
    Optional<T> devDefault,
    String what,
    String why,
    boolean secret) {
  static <T> ConfigKey<T> of(
      String path, ConfigType<T> type, String unit, T defaultValue, String what, String why) {
    return new ConfigKey<>(path, type, unit, defaultValue, Optional.empty(), what, why, false);
  }

  ConfigKey<T> inDev(T value) {
    return new ConfigKey<>(path, type, unit, defaultValue, Optional.of(value), what, why, secret);
  }

  ConfigKey<T> asSecret() {
    return new ConfigKey<>(path, type, unit, defaultValue, devDefault, what, why, true);
  }

  /** {@code media.udp.receiveBufferBytes} is {@code PARLEY_MEDIA_UDP_RECEIVE_BUFFER_BYTES}. */
  public String environmentName() {
    String words = path.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_');
    return "PARLEY_" + words.toUpperCase(Locale.ROOT);
  }

  T defaultFor(boolean dev) {
    return dev ? devDefault.orElse(defaultValue) : defaultValue;
  }
}
