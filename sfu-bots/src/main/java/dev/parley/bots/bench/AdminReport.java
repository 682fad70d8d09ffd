package dev.parley.bots.bench;

/** {@code bench admin} for the terminal, at most 100 columns wide. */
final class AdminReport {
  private AdminReport() {}

  static String of(AdminResult result) {
    AdminSettings s = result.settings();
    StringBuilder text = new StringBuilder();
    text.append(
        "Forwarding while an operator asks: %d rooms of %d, %d requests a second, %d streams of events.%n"
            .formatted(s.rooms(), s.people(), s.requestsPerSec(), s.rooms()));
    text.append(
        "%d rounds of %d s without and %d s with requests, in turn first.%n%n"
            .formatted(s.rounds(), s.seconds(), s.seconds()));
    text.append("%7s %22s %22s %9s %22s%n".formatted("", "quiet", "asked", "", "asked"));
    text.append(
        "%7s %22s %22s %9s %22s%n"
            .formatted(
                "round",
                "ns/packet (packets/s)",
                "ns/packet (packets/s)",
                "ratio",
                "requests/s (failed)"));
    int number = 0;
    for (AdminResult.Round round : result.rounds()) {
      number++;
      text.append(
          "%7d %22s %22s %9.3f %22s%n"
              .formatted(
                  number,
                  cost(round.quiet(), s.seconds()),
                  cost(round.asked(), s.seconds()),
                  round.ratio(),
                  "%.1f (%d)"
                      .formatted(
                          (double) round.asked().requests() / s.seconds(),
                          round.asked().failures())));
    }
    Spread ratio = Spread.of(result.rounds(), AdminResult.Round::ratio);
    Spread whole =
        Spread.of(result.rounds(), r -> r.asked().processNanos() / r.quiet().processNanos());
    text.append(
        "%nworkers, a packet: %.3f times (%.3f–%.3f) · the whole process: %.3f times (%.3f–%.3f)%n"
            .formatted(
                ratio.median(),
                ratio.least(),
                ratio.most(),
                whole.median(),
                whole.least(),
                whole.most()));
    text.append("median (least–most) of the rounds; processor time, the server's own counters\n");
    text.append("%n%s%n".formatted(result.machine().line()));
    return text.toString();
  }

  private static String cost(AdminResult.Half half, int seconds) {
    return "%.0f (%d)".formatted(half.workerNanos(), half.forwarded() / seconds);
  }
}
