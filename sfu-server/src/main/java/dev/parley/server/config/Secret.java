package dev.parley.server.config;

/** A text that does not show itself in logs or listings. */
public record Secret(String value) {
  @Override
  public String toString() {
    return "(hidden)";
  }
}
