package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.QueueSettings.Mode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random lives of a room, step by step the same as {@link QueueModel}'s, and laws that hold
 * whatever the model says. {@code -Dparley.seed=} repeats a run.
 */
final class AdmissionModelTest {
  private static final int RUNS = 20;
  private static final int STEPS = 6_000;
  private static final long SEED = Long.getLong("parley.seed", 20_261_204);

  static IntStream runs() {
    return IntStream.range(0, RUNS);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void shouldDoWhatTheModelDoes(int run) {
    long seed = SEED + run;
    Life life = life(seed);
    for (int step = 0; step < STEPS; step++) {
      try {
        life.step();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("parley.seed=" + seed + ", step " + step + ": " + life.log, e);
      }
    }
    System.out.println("AdmissionModelTest: parley.seed=" + seed + ", " + life.summary());
    assertTrue(life.admissions > STEPS / 100, life::summary);
    assertTrue(life.missed > 0 && life.expired > 0 && life.left > 0, life::summary);
  }

  /** Every other has people with several connections at a time. */
  private static Life life(long seed) {
    return new Life(new Random(seed), seed % 2 != 0);
  }

  @Test
  void shouldRepeatARunBySeed() {
    Life one = life(SEED);
    Life two = life(SEED);
    for (int step = 0; step < 1_000; step++) {
      one.step();
      two.step();
    }
    assertEquals(one.log.toString(), two.log.toString());
    assertEquals(one.summary(), two.summary());
  }

  /** A room, those who come to it, and the model beside it. */
  private static final class Life implements Departures {
    private static final int PEOPLE = 14;

    final Deque<String> log = new ArrayDeque<>();
    int admissions;
    int missed;
    int expired;
    int left;
    private final Random random;
    private final boolean severalConnections;
    private final Map<String, String> tokens = new HashMap<>();
    private final Set<String> tokensMade = new HashSet<>();
    private final Map<String, Long> toldMs = new HashMap<>();
    private final QueueModel model;
    private QueueSettings settings;
    private Admission admission;
    private long nowMs = 1_700_000_000_000L;
    private int keys;
    private int ids;
    private List<TicketView> before = List.of();

    Life(Random random, boolean severalConnections) {
      this.random = random;
      this.severalConnections = severalConnections;
      settings = randomSettings();
      model = new QueueModel(settings);
      admission = admission();
    }

    private Admission admission() {
      return new Admission(settings, () -> "qt_" + ++ids, this::token, this);
    }

    private String token() {
      String token = "token-" + tokensMade.size();
      tokensMade.add(token);
      return token;
    }

    @Override
    public OptionalLong endsMs(String key) {
      return random.nextBoolean() ? OptionalLong.of(nowMs + 1000) : OptionalLong.empty();
    }

    @Override
    public int visitSec() {
      return 60;
    }

    String summary() {
      return "admitted "
          + admissions
          + ", missed "
          + missed
          + ", expired "
          + expired
          + ", left "
          + left;
    }

    private boolean oneIn(int n) {
      return random.nextInt(n) == 0;
    }

    private QueueSettings randomSettings() {
      return new QueueSettings(
          oneIn(12) ? 0 : 1 + random.nextInt(5),
          random.nextBoolean(),
          !oneIn(10),
          oneIn(3) ? Mode.values()[random.nextInt(3)] : Mode.CAPACITY,
          1 + random.nextInt(10),
          1 + random.nextInt(6),
          random.nextBoolean(),
          random.nextBoolean(),
          10 + random.nextInt(40),
          random.nextInt(100),
          !oneIn(6),
          "");
    }

    private Guest randomGuest(String key) {
      String identity = "p" + random.nextInt(PEOPLE);
      return guest(key, identity);
    }

    private Guest guest(String key, String identity) {
      Optional<String> token =
          oneIn(3) ? Optional.ofNullable(tokens.get(identity)) : Optional.empty();
      return new Guest(
          key,
          identity,
          identity,
          oneIn(12),
          oneIn(12),
          oneIn(3) ? random.nextInt(10) : 0,
          "192.0.2." + identity.hashCode() % 4,
          token);
    }

    /** A ticket to be named by a moderator, sometimes one that is no more. */
    private String someIdentity() {
      return model.line.isEmpty() || oneIn(20)
          ? "p" + random.nextInt(PEOPLE)
          : model.line.get(random.nextInt(model.line.size())).identity;
    }

    private String someWaitingKey() {
      return model.line.isEmpty() ? "k0" : model.line.get(random.nextInt(model.line.size())).key;
    }

    void step() {
      before = admission.tickets(nowMs);
      long takenBefore = model.taken();
      int seatsBefore = settings.maxParticipants();
      boolean countedBefore = settings.countHosts();
      model.happened.clear();
      boolean reorders = false;
      switch (random.nextInt(22)) {
        case 0, 1, 2, 3, 4 -> arrive();
        case 5, 6 -> release();
        case 7 -> wait("lost");
        case 8 -> wait("returned");
        case 9 -> {
          if (oneIn(4)) {
            wait("left");
          }
        }
        case 10 -> admitOne();
        case 11 -> {
          int count = oneIn(5) ? Integer.MAX_VALUE : 1 + random.nextInt(3);
          note("admitNext " + count);
          admission.admitNext(count, nowMs);
          model.admitNext(count, nowMs);
        }
        case 12 -> deny();
        case 13 -> hold();
        case 14 -> {
          reorders = true;
          reorder();
        }
        case 15 -> {
          if (oneIn(2)) {
            reorders = true;
            toQueue();
          }
        }
        case 16 -> {
          if (oneIn(4)) {
            changeSettings();
          }
        }
        case 17 -> {
          if (oneIn(15)) {
            restart();
          } else if (oneIn(8)) {
            model.closed = !model.closed;
            note("closed " + model.closed);
            admission.closed(model.closed);
          }
        }
        default -> time();
      }
      compare();
      laws(takenBefore, seatsBefore, countedBefore, reorders);
    }

    private void note(String what) {
      log.add((nowMs - 1_700_000_000_000L) + " " + what);
      if (log.size() > 30) {
        log.remove();
      }
    }

    private void arrive() {
      Guest guest = randomGuest("k" + ++keys);
      boolean inside = model.inside.stream().anyMatch(p -> p.identity().equals(guest.identity()));
      if (inside && !severalConnections) {
        return;
      }
      note("arrive " + guest);
      long admittedBefore = liveWindows(guest.identity());
      Admission.Entry entry = admission.arrive(guest, nowMs);
      String expected = model.arrive(guest, guest.admitToken().isPresent(), nowMs);
      assertEquals(
          expected,
          switch (entry) {
            case Admission.Entry.Seated() -> "in";
            case Admission.Entry.Queued ignored -> "queued";
            case Admission.Entry.Refused(Refusal refusal) ->
                refusal.code().name().toLowerCase(Locale.ROOT);
          });
      if (entry instanceof Admission.Entry.Seated) {
        assertTrue(
            admission.tickets(nowMs).stream()
                .noneMatch(ticket -> ticket.identity().equals(guest.identity())),
            "an admission is used up by coming in");
        assertTrue(admittedBefore <= 1);
      }
      if (entry instanceof Admission.Entry.Queued(TicketView ticket)) {
        toldMs.put(ticket.ticketId(), nowMs);
      }
    }

    private long liveWindows(String identity) {
      return before.stream()
          .filter(t -> t.identity().equals(identity) && t.state() == TicketView.State.ADMITTED)
          .count();
    }

    private void release() {
      if (!model.inside.isEmpty()) {
        String key = model.inside.get(random.nextInt(model.inside.size())).key();
        note("released " + key);
        admission.released(key, nowMs);
        model.released(key, nowMs);
      }
    }

    private void wait(String how) {
      String key = someWaitingKey();
      if (key.isEmpty()) {
        return;
      }
      note(how + " " + key);
      switch (how) {
        case "lost" -> {
          admission.lost(key, nowMs);
          model.lost(key, nowMs);
        }
        case "returned" -> {
          admission.returned(key, nowMs);
          model.returned(key, nowMs);
        }
        default -> {
          admission.left(key, nowMs);
          model.left(key, nowMs);
        }
      }
    }

    private String ticketId(String identity) {
      return admission.tickets(nowMs).stream()
          .filter(ticket -> ticket.identity().equals(identity))
          .map(TicketView::ticketId)
          .findFirst()
          .orElse("qt_none");
    }

    private void admitOne() {
      String identity = someIdentity();
      note("admit " + identity);
      assertEquals(
          admission.admit(ticketId(identity), nowMs).isEmpty(), model.admit(identity, nowMs));
    }

    private void deny() {
      String identity = someIdentity();
      note("deny " + identity);
      assertEquals(
          admission.deny(ticketId(identity), "no", nowMs).isEmpty(), model.deny(identity, nowMs));
    }

    private void hold() {
      String identity = someIdentity();
      boolean held = oneIn(3);
      note("hold " + identity + " " + held);
      assertEquals(
          admission.hold(ticketId(identity), held, nowMs).isEmpty(),
          model.hold(identity, held, nowMs));
    }

    private void reorder() {
      String identity = someIdentity();
      String id = ticketId(identity);
      if (random.nextBoolean()) {
        int priority = random.nextInt(10);
        note("priority " + identity + " " + priority);
        assertEquals(
            admission.priority(id, priority, nowMs).isEmpty(),
            model.priority(identity, priority, nowMs));
      } else {
        int position = 1 + random.nextInt(12);
        note("move " + identity + " " + position);
        assertEquals(
            admission.move(id, position, nowMs).isEmpty(), model.move(identity, position, nowMs));
      }
    }

    private void toQueue() {
      if (!model.inside.isEmpty()) {
        QueueModel.Person person = model.inside.get(random.nextInt(model.inside.size()));
        Guest guest = guest(person.key(), person.identity());
        boolean head = random.nextBoolean();
        note("toQueue " + person + " " + head);
        TicketView ticket = admission.toQueue(guest, head, nowMs);
        toldMs.put(ticket.ticketId(), nowMs);
        model.toQueue(guest, head, nowMs);
      }
    }

    private void changeSettings() {
      settings = randomSettings();
      note("settings " + settings);
      admission.settings(settings, nowMs);
      model.settings(settings, nowMs);
    }

    private void restart() {
      note("restart");
      AdmissionState state = admission.save();
      admission = admission();
      admission.restore(state, nowMs);
      model.restart(nowMs);
      assertEquals(model.inside.size() + model.kept.size(), state.inside().size());
    }

    /**
     * Time passes: to the next deadline, just before it, beyond it without the timer, or a while.
     */
    private void time() {
      long next = admission.nextTimeoutMs();
      switch (random.nextInt(8)) {
        case 0 -> {
          if (next != Long.MAX_VALUE && next - 1 > nowMs) {
            nowMs = next - 1;
            note("just before the deadline");
            List<TicketView> tickets = admission.tickets(nowMs);
            admission.handleTimeout(nowMs);
            assertEquals(List.of(), admission.takeEffects(), "a deadline came early");
            assertEquals(states(tickets), states(admission.tickets(nowMs)));
            model.passTo(nowMs);
          }
        }
        case 1 -> {
          nowMs += random.nextInt(40_000);
          note("the timer is late");
        }
        case 2, 3, 4 -> runTo(nowMs + random.nextInt(3_000));
        default -> runTo(nowMs + random.nextInt(20_000));
      }
    }

    private void runTo(long endMs) {
      note("run to " + (endMs - 1_700_000_000_000L));
      while (admission.nextTimeoutMs() <= endMs) {
        nowMs = Math.max(nowMs, admission.nextTimeoutMs());
        admission.handleTimeout(nowMs);
        model.passTo(nowMs);
        compare();
        assertTrue(admission.nextTimeoutMs() > nowMs, "the timer would run again at once");
        before = admission.tickets(nowMs);
      }
      nowMs = endMs;
      for (TicketView ticket : admission.tickets(nowMs)) {
        assertTrue(
            ticket.state() != TicketView.State.WAITING
                || nowMs - toldMs.getOrDefault(ticket.ticketId(), 0L) <= 30_000,
            () -> "not told for long: " + ticket);
      }
      int count = model.happened.size();
      model.passTo(nowMs);
      assertEquals(count, model.happened.size(), "a deadline was not named");
    }

    private static List<String> states(List<TicketView> tickets) {
      return tickets.stream()
          .map(t ->
              t.identity()
                  + "/"
                  + t.key()
                  + " "
                  + t.priority()
                  + " "
                  + t.state()
                  + (t.held() ? " held" : "")
                  + (t.approved() ? " approved" : ""))
          .toList();
    }

    private void compare() {
      assertEquals(
          model.line.stream().map(Object::toString).toList(), states(admission.tickets(nowMs)));
      assertEquals(model.inside.size(), admission.insideCount());
      TreeMap<String, Integer> happened = new TreeMap<>();
      for (QueueEffect effect : admission.takeEffects()) {
        switch (effect) {
          case QueueEffect.Update(TicketView ticket) -> updated(ticket);
          case QueueEffect.Admitted(TicketView ticket, String token, long windowMs) -> {
            admissions++;
            assertTrue(tokensMade.contains(token));
            assertFalse(tokens.containsValue(token), "a token is given once");
            tokens.put(ticket.identity(), token);
            happened.merge("admitted:" + ticket.identity(), 1, Integer::sum);
          }
          case QueueEffect.Denied(TicketView ticket, String text) ->
              happened.merge("denied:" + ticket.identity(), 1, Integer::sum);
          case QueueEffect.Expired(TicketView ticket) -> {
            expired++;
            happened.merge("expired:" + ticket.identity(), 1, Integer::sum);
          }
          case QueueEffect.Left(TicketView ticket) -> {
            left++;
            happened.merge("left:" + ticket.identity(), 1, Integer::sum);
          }
          case QueueEffect.Paused(boolean ignored) -> {}
        }
      }
      assertEquals(model.happened, happened);
      model.happened.clear();
    }

    private void updated(TicketView ticket) {
      long last = toldMs.getOrDefault(ticket.ticketId(), 0L);
      assertTrue(nowMs - last >= 2_000, () -> "told again after " + (nowMs - last) + " ms");
      assertEquals(TicketView.State.WAITING, ticket.state());
      toldMs.put(ticket.ticketId(), nowMs);
    }

    private void laws(long takenBefore, int seatsBefore, boolean countedBefore, boolean reorders) {
      List<TicketView> after = admission.tickets(nowMs);
      boolean sameSeats =
          seatsBefore == settings.maxParticipants() && countedBefore == settings.countHosts();
      if (sameSeats && seatsBefore != 0) {
        assertTrue(model.taken() <= Math.max(seatsBefore, takenBefore), "a seat is taken twice");
      }
      Set<String> identities = new HashSet<>();
      for (int i = 0; i < after.size(); i++) {
        TicketView ticket = after.get(i);
        assertEquals(i + 1, ticket.position());
        assertEquals(i, ticket.ahead());
        assertEquals(after.size(), ticket.waiting());
        assertTrue(identities.add(ticket.identity()), "two tickets of one");
      }
      if (!severalConnections) {
        List<String> all = new ArrayList<>(identities);
        model.inside.forEach(person -> all.add(person.identity()));
        assertEquals(all.size(), new HashSet<>(all).size(), "inside and waiting at once");
      }
      if (!reorders) {
        orderIsKept(after);
      }
    }

    /** Nobody overtakes, but one who missed a window. */
    private void orderIsKept(List<TicketView> after) {
      Map<String, TicketView> now = new HashMap<>();
      after.forEach(ticket -> now.put(ticket.ticketId(), ticket));
      int last = 0;
      for (TicketView was : before) {
        TicketView is = now.get(was.ticketId());
        if (is == null) {
          continue;
        }
        if (was.admittedAtMs().isPresent() && !was.admittedAtMs().equals(is.admittedAtMs())) {
          missed++;
          continue;
        }
        assertTrue(is.position() > last, () -> is + " was overtaken");
        last = is.position();
      }
    }
  }
}
