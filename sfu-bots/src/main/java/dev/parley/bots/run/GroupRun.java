package dev.parley.bots.run;

import dev.parley.bots.bot.BotPlan;
import dev.parley.bots.bot.TokenSigner;
import dev.parley.bots.bot.Visitor;
import dev.parley.bots.measure.Measurements;
import dev.parley.bots.measure.Metric;
import dev.parley.bots.scenario.Executor;
import dev.parley.bots.scenario.Group;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lets the bots of one group come and go. Control thread only. */
final class GroupRun {
  /** What the groups of a run share. */
  record Shared(
      List<Host> hosts,
      HttpClient http,
      URI server,
      TokenSigner tokens,
      int stampKey,
      String runName,
      RandomGenerator random,
      InstantSource clock,
      java.util.concurrent.Executor control) {}

  /** A seat that failed is not tried again before. */
  private static final long PAUSE_NANOS = 1_000_000_000;

  private static final class Visit {
    private final int seat;
    private final Host host;

    /** Set on the host's loop before it is read there. */
    private final AtomicReference<@Nullable Visitor> bot = new AtomicReference<>();

    Visit(int seat, Host host) {
      this.seat = seat;
      this.host = host;
    }
  }

  private record FreeSeat(int seat, long freeNanos) implements Comparable<FreeSeat> {
    @Override
    public int compareTo(FreeSeat other) {
      return Integer.compare(seat, other.seat);
    }
  }

  private final Group group;
  private final Shared shared;
  private final Deque<Visit> visits = new ArrayDeque<>();
  private final PriorityQueue<FreeSeat> free = new PriorityQueue<>();
  private int seats;
  private long arrivals;
  private long dropped;
  private int started;
  private long lastTickNanos;

  GroupRun(Group group, Shared shared) {
    this.group = group;
    this.shared = shared;
  }

  Group group() {
    return group;
  }

  /** How many are on their way, inside or in line. */
  int alive() {
    return visits.size();
  }

  /** How many there should be now, where the executor says so. */
  int wanted(long nanos) {
    long own = nanos - group.start().toNanos();
    if (own < 0 || own >= group.executor().duration().toNanos()) {
      return 0;
    }
    return switch (group.executor()) {
      case Executor.ConstantBots constant -> constant.bots();
      case Executor.RampingBots ramping -> ramping.botsAt(own);
      case Executor.ArrivalRate arrival -> visits.size();
    };
  }

  /** Arrivals that were left out, since the last call. */
  long takeDropped() {
    long taken = dropped;
    dropped = 0;
    return taken;
  }

  /** Lets bots come and go so that it is as it should be now, in nanoseconds since the start. */
  void tick(long nanos) {
    lastTickNanos = nanos;
    long own = nanos - group.start().toNanos();
    boolean over = own >= group.executor().duration().toNanos();
    if (own < 0) {
      return;
    }
    if (!over && group.executor() instanceof Executor.ArrivalRate rate) {
      for (long due = rate.arrivalsBy(own); arrivals < due; arrivals++) {
        if (visits.size() >= rate.maxBots() || !start(Optional.of(rate.stay()), nanos)) {
          dropped++;
        }
      }
      return;
    }
    int wanted = wanted(nanos);
    boolean room = true;
    while (room && visits.size() < wanted) {
      room = start(stay(), nanos);
    }
    int leaving = visits.size() - wanted;
    var newest = visits.descendingIterator();
    for (int i = 0; i < leaving && newest.hasNext(); i++) {
      Visit visit = newest.next();
      newest.remove();
      free.add(new FreeSeat(visit.seat, nanos));
      leave(visit);
    }
  }

  private Optional<Duration> stay() {
    return switch (group.executor()) {
      case Executor.ConstantBots constant -> constant.stay();
      case Executor.RampingBots ramping -> ramping.stay();
      case Executor.ArrivalRate arrival -> Optional.of(arrival.stay());
    };
  }

  /** False: there are seats enough, and every free one has just failed. */
  private boolean start(Optional<Duration> stay, long nanos) {
    FreeSeat freed = null;
    for (FreeSeat candidate : free) {
      if (candidate.freeNanos() <= nanos && (freed == null || candidate.seat() < freed.seat())) {
        freed = candidate;
      }
    }
    if (freed != null) {
      free.remove(freed);
    } else if (seats >= wanted(nanos) && !(group.executor() instanceof Executor.ArrivalRate)) {
      return false;
    }
    int seat = freed == null ? seats++ : freed.seat();
    String room = group.room(seat);
    // Whoever is in a room is on one loop, whatever group it comes from.
    Host host = shared.hosts().get(Math.floorMod(room.hashCode(), shared.hosts().size()));
    Visit visit = new Visit(seat, host);
    visits.addLast(visit);
    int number = started++;
    String name = "%s-%s-%d".formatted(shared.runName(), group.name(), number);
    Group.Role role = group.role(seat);
    BotPlan plan =
        new BotPlan(
            name,
            room,
            group.rooms().number(seat),
            role,
            shared
                .tokens()
                .token(name, number, role.tokenRole(), shared.clock().instant().getEpochSecond()),
            shared.random().nextLong(),
            shared.stampKey(),
            stay);
    host.loop().execute(() -> setOut(visit, plan));
    return true;
  }

  /** Loop's thread. */
  private void setOut(Visit visit, BotPlan plan) {
    Host host = visit.host;
    Measurements measured = host.measurements(group.name());
    try {
      Visitor bot =
          Visitor.of(
              plan,
              new Visitor.Surroundings(
                  host.loop(), shared.http(), shared.server(), host.book(), measured),
              ended -> {
                host.remove(ended);
                shared.control().execute(() -> onEnd(visit));
              });
      visit.bot.set(bot);
      host.add(bot, group.name());
      bot.start();
    } catch (UncheckedIOException noSocket) {
      measured.count(Metric.BOTS_STARTED, 1);
      measured.count(Metric.JOIN_FAILED, 1);
      measured.failure("no_socket");
      shared.control().execute(() -> onEnd(visit));
    }
  }

  private void onEnd(Visit visit) {
    if (visits.remove(visit)) {
      free.add(new FreeSeat(visit.seat, lastTickNanos + PAUSE_NANOS));
    }
  }

  private static void leave(Visit visit) {
    visit
        .host
        .loop()
        .execute(() -> {
          Visitor bot = visit.bot.get();
          if (bot != null) {
            bot.leave();
          }
        });
  }
}
