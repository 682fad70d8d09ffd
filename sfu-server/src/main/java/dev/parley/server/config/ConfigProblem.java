package dev.parley.server.config;

/**
 * One thing wrong with the configuration.
 *
 * @param where the file and line, the environment variable, or the default
 * @param message what is wrong, with which value, and what to do
 */
public record ConfigProblem(String where, String message) {
  @Override
  public String toString() {
    return where + ": " + message;
  }
}
