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
        "%8s %15s %15s %17s %17s %9s %9s%n"
            .formatted(
                "", "ping, ms", "join, ms", "all told, ms", "join unheard, ms", "reply,", "list,"));
    text.append(
        "%8s %15s %15s %17s %17s %9s %9s%n"
            .formatted(
                "people", "p50 (p95)", "p50 (p95)", "p50 (p95)", "p50 (p95)", "bytes", "bytes"));
    for (SignalResult.Room room : result.rooms()) {
      text.append(
          "%8d %15s %15s %17s %17s %9d %9d%n"
              .formatted(
                  room.people(),
                  spread(room.heard(), SignalResult.Join::pingMillis),
                  spread(room.heard(), SignalResult.Join::replyMillis),
                  spread(room.heard(), SignalResult.Join::toldMillis),
                  spread(room.unheard(), SignalResult.Join::replyMillis),
                  room.replyBytes(),
                  room.listBytes()));
    }
    text.append(
        "%nunheard: the people in the room have lost their connections, nobody has to be told%n"
            .formatted());
    text.append(growth(result.rooms()));
    text.append("%n%s%n".formatted(result.machine().line()));
    return text.toString();
  }

  private static String spread(
      List<SignalResult.Join> joins, ToDoubleFunction<SignalResult.Join> figure) {
    return "%.2f (%.2f)".formatted(quantile(joins, figure, 0.5), quantile(joins, figure, 0.95));
  }

  private static double quantile(
      List<SignalResult.Join> joins, ToDoubleFunction<SignalResult.Join> figure, double q) {
    return Spread.quantile(
        joins.stream().map(join -> figure.applyAsDouble(join)).collect(Collectors.toList()), q);
  }

  /** What the people of the larger rooms add to the reply, against the smallest room. */
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
            "%n%d people more, unheard: %+.2f ms over the ping, %.1f µs and %.0f bytes of list a person"
                .formatted(more, millis, 1000 * millis / more, (double) bytes / more));
      }
    }
    return text.append('\n').toString();
  }

  private static double overPing(SignalResult.Room room) {
    return quantile(room.unheard(), join -> join.replyMillis() - join.pingMillis(), 0.5);
  }
}
