package dev.parley.bots.bench;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** {@code bench signal} for the terminal, at most 100 columns wide. */
final class SignalReport {
  private SignalReport() {}

  static String of(SignalResult result) {
    SignalSettings s = result.settings();
    StringBuilder text = new StringBuilder();
    text.append(
        "Joining by signalling alone: %d joins of each room after %d of warm-up, rooms in turn.%n"
            .formatted(s.joins(), s.warmUpJoins()));
    text.append("A server in a process of its own, WebSocket over loopback, no compression.\n\n");
    text.append(
        "%8s %16s %16s %16s %16s %10s %10s%n"
            .formatted(
                "", "ping, ms", "hello, ms", "join, ms", "all told, ms", "reply,", "of it list,"));
    text.append(
        "%8s %16s %16s %16s %16s %10s %10s%n"
            .formatted("people", "p50 (p95)", "p50 (p95)", "p50 (p95)", "p50 (p95)", "B", "B"));
    for (SignalResult.Room room : result.rooms()) {
      text.append(
          "%8d %16s %16s %16s %16s %10d %10d%n"
              .formatted(
                  room.people(),
                  spread(room, SignalResult.Join::pingMillis),
                  spread(room, SignalResult.Join::helloMillis),
                  spread(room, SignalResult.Join::replyMillis),
                  spread(room, SignalResult.Join::toldMillis),
                  room.replyBytes(),
                  room.listBytes()));
    }
    text.append(growth(result.rooms()));
    text.append("%n%s%n".formatted(result.machine().line()));
    return text.toString();
  }

  private static String spread(SignalResult.Room room, ToDoubleFunction<SignalResult.Join> figure) {
    return "%.2f (%.2f)".formatted(quantile(room, figure, 0.5), quantile(room, figure, 0.95));
  }

  private static double quantile(
      SignalResult.Room room, ToDoubleFunction<SignalResult.Join> figure, double q) {
    List<Double> values =
        room.joins().stream().map(join -> figure.applyAsDouble(join)).collect(Collectors.toList());
    return Spread.quantile(values, q);
  }

  /** What the others in the larger rooms add to the reply, against the smallest room. */
  private static String growth(List<SignalResult.Room> rooms) {
    List<SignalResult.Room> sorted =
        rooms.stream().sorted(Comparator.comparingInt(SignalResult.Room::people)).toList();
    SignalResult.Room least = sorted.getFirst();
    StringBuilder text = new StringBuilder();
    for (SignalResult.Room room : sorted) {
      int more = room.people() - least.people();
      if (more > 0) {
        double millis = overPing(room) - overPing(least);
        int bytes = room.listBytes() - least.listBytes();
        text.append(
            "%n%d people more: %+.2f ms over the ping, %.2f µs and %.0f B of list a person, %.1f µs/KB"
                .formatted(
                    more,
                    millis,
                    1000 * millis / more,
                    (double) bytes / more,
                    bytes == 0 ? 0 : 1000 * millis / bytes * 1000));
      }
    }
    return text.append('\n').toString();
  }

  private static double overPing(SignalResult.Room room) {
    return quantile(room, join -> join.replyMillis() - join.pingMillis(), 0.5);
  }
}
