package dev.parley.bots.bench;

/** How packets come to the subscribers, as it is written on the command line. */
enum TransportOption {
  UDP("udp"),
  TCP("tcp"),
  TURN_TCP("turn-tcp"),
  TURN_TLS("turn-tls");

  private final String text;

  TransportOption(String text) {
    this.text = text;
  }

  /** Whether packets go through the server's relay, whose thread and encryption count. */
  boolean relayed() {
    return this == TURN_TCP || this == TURN_TLS;
  }

  @Override
  public String toString() {
    return text;
  }
}
