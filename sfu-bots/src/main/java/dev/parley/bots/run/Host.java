package dev.parley.bots.run;

import dev.parley.bots.bot.RoomBook;
import dev.parley.bots.bot.Visitor;
import dev.parley.bots.client.ClientLoop;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A loop with its bots and books. Its state is the loop's thread's; the methods say which. */
final class Host {
  /**
   * What has been measured since the last time, by group, and what belongs to none.
   *
   * @param inside bots with media now, by group
   */
  record Interval(
      Map<String, Measurements> groups, Measurements shared, Map<String, Integer> inside) {
    Interval {
      groups = Map.copyOf(groups);
      inside = Map.copyOf(inside);
    }

    /** Of one group. */
    static Interval of(String group, Measurements measured) {
      return new Interval(Map.of(group, measured), new Measurements(), Map.of());
    }

    /** Nothing was heard of. */
    static Interval none() {
      return new Interval(Map.of(), new Measurements(), Map.of());
    }
  }

  private final ClientLoop loop;
  private final RoomBook book = new RoomBook();
  private final Map<Visitor, String> bots = new HashMap<>();
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
  void add(Visitor bot, String group) {
    bots.put(bot, group);
  }

  /** Loop's thread. */
  void remove(Visitor bot) {
    bots.remove(bot);
  }

  /** Gathers what has been measured since the last time. Any thread. */
  CompletableFuture<Interval> sample() {
    return loop.call(() -> {
      long now = loop.nowNanos();
      Map<String, Integer> inside = new HashMap<>();
      bots.forEach((bot, group) -> {
        bot.sample(now);
        inside.merge(group, bot.inside() ? 1 : 0, Integer::sum);
      });
      Map<String, Measurements> cut = new HashMap<>();
      groups.forEach((group, measured) -> cut.put(group, measured.cut()));
      return new Interval(cut, shared.cut(), inside);
    });
  }

  /** All bots leave. Any thread. */
  CompletableFuture<Boolean> leaveAll() {
    return loop.call(() -> {
      List<Visitor> all = new ArrayList<>(bots.keySet());
      all.forEach(Visitor::leave);
      return true;
    });
  }
}
