package dev.parley.bots.run;

import dev.parley.bots.bot.RoomBook;
import dev.parley.bots.bot.Visitor;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A loop with its bots and books. Its state is the loop's thread's; the methods say which. */
final class Host {
  /** What has been measured since the last time, by group; and what belongs to none. */
  record Interval(Map<String, Measurements> groups, Measurements shared, int inside) {
    Interval {
      groups = Map.copyOf(groups);
    }
  }

  private final ClientLoop loop;
  private final RoomBook book = new RoomBook();
  private final Set<Visitor> bots = new HashSet<>();
  private final Map<String, Measurements> groups = new HashMap<>();
  private final Measurements shared = new Measurements();

  Host(ClientLoop loop) {
    this.loop = loop;
    loop.execute(() -> loop.lateness(nanos -> shared.time(Metric.TIMER_ERROR, nanos)));
  }

  /** Any thread. */
  ClientLoop loop() {
    return loop;
  }

  /** Loop's thread. */
  RoomBook book() {
    return book;
  }

  /** Loop's thread. */
  Measurements measurements(String group) {
    return groups.computeIfAbsent(group, g -> new Measurements());
  }

  /** Loop's thread. */
  void add(Visitor bot) {
    bots.add(bot);
  }

  /** Loop's thread. */
  void remove(Visitor bot) {
    bots.remove(bot);
  }

  /** Gathers what has been measured since the last time. Any thread. */
  CompletableFuture<Interval> sample() {
    return loop.call(() -> {
      long now = loop.nowNanos();
      int inside = 0;
      for (Visitor bot : bots) {
        bot.sample(now);
        inside += bot.inside() ? 1 : 0;
      }
      Map<String, Measurements> cut = new HashMap<>();
      groups.forEach((group, measured) -> cut.put(group, measured.cut()));
      return new Interval(cut, shared.cut(), inside);
    });
  }

  /** All bots leave. Any thread. */
  CompletableFuture<Boolean> leaveAll() {
    return loop.call(() -> {
      List<Visitor> all = new ArrayList<>(bots);
      all.forEach(Visitor::leave);
      return true;
    });
  }
}
