package dev.parley.bots.bench;

import dev.parley.bots.client.JoinPhase;

/** {@code bench join} for the terminal, at most 100 columns wide. */
final class JoinReport {
  private static final double AIM_MILLIS = 100;

  /** Measured on this kind of machine, answer first, the whole key frame last. */
  private static final String PEER = "ICE 11, DTLS 57, packet 69, key frame 159";

  private JoinReport() {}

  static String of(JoinResult result) {
    JoinSettings s = result.settings();
    StringBuilder text = new StringBuilder();
    text.append(
        "Joining: %s; %d joins after %d of warm-up.%n"
            .formatted(
                s.url().map(u -> "WHEP at " + u).orElse("an offer in process, media on loopback"),
                s.joins(),
                s.warmUpJoins()));
    text.append(
        "The publisher sends Opus and VP8 at 30 frames/s, and answers a key-frame request\n");
    text.append(
        "%s.%n%n"
            .formatted(s.keyFramesAtOnce() ? "at once" : "with its next frame, as a camera does"));
    text.append("%-34s %12s %12s%n".formatted("since the offer was sent, ms", "p50", "p95"));
    for (JoinPhase phase : JoinPhase.values()) {
      text.append(
          "%-34s %12.1f %12.1f%n"
              .formatted(
                  "  " + phase.title(), result.quantile(phase, 0.5), result.quantile(phase, 0.95)));
    }
    double picture = result.quantile(JoinPhase.FIRST_KEY_FRAME, 0.5);
    text.append(
        "%naim: a whole key frame within %.0f ms: %s%n"
            .formatted(AIM_MILLIS, picture <= AIM_MILLIS ? "met" : "missed"));
    text.append("another SFU, measured on such a machine: %s ms%n".formatted(PEER));
    text.append(
        "DTLS messages sent again: %d; the ClientHello leaves right behind the first check%n%n"
            .formatted(result.handshakeRepeats()));
    text.append("%s; seed %d%n".formatted(result.machine().line(), s.seed()));
    return text.toString();
  }
}
