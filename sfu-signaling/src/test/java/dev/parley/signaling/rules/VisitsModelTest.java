package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.signaling.rules.QueueFixture.Capacity;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Queue, timer and resume at once: people visit a room of three seats with a timer, lose their
 * sockets, come back in time or too late, and the server stops and starts. What each has received
 * in the end is what {@link QueueModel} and {@link TimerModel} say should have happened to it,
 * nothing lost, nothing twice. {@code -Dparley.seed=} repeats a run.
 */
final class VisitsModelTest implements Departures {
  private static final int STEPS = 100_000;
  private static final long SEED = Long.getLong("parley.seed", 20_261_206);
  private static final int SEATS = 3;
  private static final long GRACE_MS = 60_000;
  private static final QueueSettings QUEUE = new Capacity().seats(SEATS).limits(20, 20).settings();
  private static final TimerSettings TIMER =
      new TimerSettings(
          200,
          TimerSettings.StartOn.TWO_JOINED,
          OptionalLong.empty(),
          List.of(150, 60, 10),
          TimerSettings.OnEnd.NOTIFY,
          30,
          List.of(60, 180),
          3600,
          true);

  /** One person: what should have been told, by the models, and what has come. */
  private static final class Visitor {
    final String identity;
    final List<String> should = new ArrayList<>();
    final List<String> has = new ArrayList<>();
    Replay replay = new Replay(500, 262_144);
    String key = "";
    boolean linked;
    long awaySinceMs;

    Visitor(String identity) {
      this.identity = identity;
    }

    boolean hasSession() {
      return !key.isEmpty();
    }

    void begin(String newKey) {
      key = newKey;
      linked = true;
      replay = new Replay(500, 262_144);
      should.clear();
      has.clear();
    }

    void deliver(String event) {
      if (hasSession()) {
        long seq = replay.add(new EventFrame(event, "{}"));
        if (linked) {
          has.add(event);
          assertEquals(seq, has.size(), "a number is left out");
        }
      }
    }

    void resume() {
      List<String> missed =
          replay.after(has.size()).orElseThrow().stream().map(EventFrame::type).toList();
      has.addAll(missed);
      linked = true;
    }
  }

  private final Random random = new Random(SEED);
  private final Deque<String> log = new ArrayDeque<>();
  private final Map<String, Integer> seen = new TreeMap<>();
  private final List<Visitor> people = new ArrayList<>();
  private final QueueModel queueModel = new QueueModel(QUEUE);
  private long nowMs = 1_700_000_000_000L;
  private int ids;
  private Admission admission = newAdmission();
  private SessionTimer timer = new SessionTimer(TIMER);
  private TimerModel timerModel = new TimerModel(TIMER, nowMs / 1000);

  private Admission newAdmission() {
    return new Admission(QUEUE, () -> "qt_" + ++ids, () -> "token-" + ++ids, this);
  }

  @Override
  public OptionalLong endsMs(String key) {
    return timer.view(nowMs).endsAtMs();
  }

  @Override
  public int visitSec() {
    return 0;
  }

  @Test
  void shouldTellEverybodyWhatTheModelsSay() {
    for (int i = 0; i < 9; i++) {
      people.add(new Visitor("p" + i));
    }
    for (int step = 0; step < STEPS; step++) {
      try {
        step();
        laws();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("parley.seed=" + SEED + ", step " + step + ": " + log, e);
      }
    }
    System.out.println("VisitsModelTest: parley.seed=" + SEED + ", " + STEPS + " steps, " + seen);
    for (String kind :
        List.of("seat", "resume", "expired", "lapsed", "restart", "warning", "ended")) {
      assertTrue(seen.getOrDefault(kind, 0) > 100, () -> kind + " hardly happened: " + seen);
    }
  }

  private void note(String what) {
    log.add(nowMs / 1000 % 1_000_000 + " " + what);
    if (log.size() > 40) {
      log.remove();
    }
    seen.merge(what.split(" ", 2)[0], 1, Integer::sum);
  }

  private void step() {
    Visitor who = people.get(random.nextInt(people.size()));
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> come(who);
      case 3 -> {
        if (who.hasSession() && random.nextInt(3) == 0) {
          note("bye " + who.identity);
          end(who, true);
        }
      }
      case 4, 5 -> lose(who);
      case 6, 7 -> resume(who);
      case 8 -> steer();
      case 9 -> {
        if (random.nextInt(60) == 0) {
          restart();
        }
      }
      default -> runTo(nowMs + random.nextInt(25) * 1000L);
    }
    settle();
  }

  /** Comes in or waits; again with an admission. */
  private void come(Visitor who) {
    boolean inside =
        who.hasSession() && queueModel.inside.stream().anyMatch(p -> p.key().equals(who.key));
    boolean away = who.hasSession() && !who.linked;
    boolean admitted = who.has.contains("admitted") || who.has.contains("denied");
    if (inside || away || (who.hasSession() && !admitted)) {
      return;
    }
    String key = "k" + ++ids;
    Guest guest = QueueFixture.again(who.identity, key);
    Admission.Entry entry = admission.arrive(guest, nowMs);
    String expected = queueModel.arrive(guest, false, nowMs);
    note("arrive " + who.identity + " " + expected);
    switch (entry) {
      case Admission.Entry.Seated() -> {
        assertEquals("in", expected);
        note("seat " + who.identity);
      }
      case Admission.Entry.Queued ignored -> {
        assertEquals("queued", expected);
        note("queued " + who.identity);
      }
      case Admission.Entry.Refused(Refusal refusal) ->
          throw new AssertionError("nobody is refused here: " + refusal);
    }
    // What the arrival itself caused belongs to those who were there before.
    settle();
    if (who.hasSession()) {
      who.key = key;
      who.has.replaceAll(event -> event.equals("admitted") ? "used" : event);
      who.should.replaceAll(event -> event.equals("admitted") ? "used" : event);
    } else {
      who.begin(key);
    }
    present();
  }

  private void present() {
    int inside = queueModel.inside.size();
    timer.present(inside, 0, nowMs);
    timerModel.passTo(nowMs / 1000);
    timerModel.present(inside, 0);
  }

  private void lose(Visitor who) {
    if (who.linked) {
      note("lose " + who.identity);
      who.linked = false;
      who.awaySinceMs = nowMs;
      admission.lost(who.key, nowMs);
      queueModel.lost(who.key, nowMs);
    }
  }

  private void resume(Visitor who) {
    if (who.hasSession() && !who.linked) {
      note("resume " + who.identity);
      who.resume();
      assertEquals(who.should, who.has, "what was missed");
      admission.returned(who.key, nowMs);
      queueModel.returned(who.key, nowMs);
    }
  }

  /** The session is over; a place in the queue outlives it by what is left of its own grace. */
  private void end(Visitor who, boolean byItself) {
    String key = who.key;
    if (queueModel.inside.stream().anyMatch(p -> p.key().equals(key))) {
      admission.released(key, nowMs);
      queueModel.released(key, nowMs);
    } else if (byItself) {
      admission.left(key, nowMs);
      queueModel.left(key, nowMs);
    }
    settle();
    who.key = "";
    who.linked = false;
    present();
  }

  private void steer() {
    switch (random.nextInt(10)) {
      case 0 -> steer(timer.pause(nowMs), TimerModel::pause);
      case 1, 2, 3, 4 -> steer(timer.resume(nowMs), TimerModel::resume);
      case 5 -> steer(timer.extend(60, nowMs), model -> model.extend(60));
      default -> {
        if (timerModel.state == SessionTimer.State.ENDED) {
          note("anew");
          timer = new SessionTimer(TIMER);
          timerModel = new TimerModel(TIMER, nowMs / 1000);
          present();
        }
      }
    }
  }

  private void steer(Optional<Refusal> refusal, Function<TimerModel, String> request) {
    timerModel.passTo(nowMs / 1000);
    assertEquals(request.apply(timerModel), refusal.isPresent() ? "conflict" : "done");
  }

  /** The process ends without a word and another one goes on; sessions do not. */
  private void restart() {
    AdmissionState queue = admission.save();
    TimerSnapshot clock = timer.save(nowMs);
    nowMs += random.nextInt(20) * 1000L;
    note("restart");
    admission = newAdmission();
    admission.restore(queue, nowMs);
    queueModel.restart(nowMs);
    timer = new SessionTimer(TIMER);
    timer.restore(clock, nowMs);
    timerModel.restart(nowMs / 1000);
    for (Visitor who : people) {
      who.key = "";
      who.linked = false;
    }
    timer.handleTimeout(nowMs);
    timerModel.passTo(nowMs / 1000);
    admission.handleTimeout(nowMs);
    queueModel.passTo(nowMs);
  }

  private void runTo(long endMs) {
    while (true) {
      long next = Math.min(admission.nextTimeoutMs(), timer.nextTimeoutMs());
      for (Visitor who : people) {
        if (who.hasSession() && !who.linked) {
          next = Math.min(next, who.awaySinceMs + GRACE_MS);
        }
      }
      if (next > endMs) {
        break;
      }
      nowMs = Math.max(nowMs, next);
      admission.handleTimeout(nowMs);
      queueModel.passTo(nowMs);
      timer.handleTimeout(nowMs);
      timerModel.passTo(nowMs / 1000);
      settle();
      for (Visitor who : people) {
        if (who.hasSession() && !who.linked && nowMs >= who.awaySinceMs + GRACE_MS) {
          note("lapsed " + who.identity);
          end(who, false);
        }
      }
    }
    nowMs = endMs;
    queueModel.passTo(nowMs);
    timerModel.passTo(nowMs / 1000);
  }

  /** Tells people: by the rules, and by the models what they should be told. */
  private void settle() {
    List<String> byRules = new ArrayList<>();
    for (QueueEffect effect : admission.takeEffects()) {
      switch (effect) {
        case QueueEffect.Admitted(TicketView ticket, String token, long windowMs) ->
            byRules.add("admitted:" + ticket.identity());
        case QueueEffect.Expired(TicketView ticket) -> {
          note("expired " + ticket.identity());
          byRules.add("expired:" + ticket.identity());
        }
        case QueueEffect.Left(TicketView ticket) -> byRules.add("left:" + ticket.identity());
        case QueueEffect.Denied ignored -> throw new AssertionError("nobody denies");
        case QueueEffect.Update ignored -> {}
        case QueueEffect.Paused ignored -> {}
      }
    }
    byRules.sort(null);
    byRules.forEach(told -> person(told).deliver(kind(told)));
    queueModel.happened.forEach((told, times) -> {
      for (int i = 0; i < times; i++) {
        should(person(told), kind(told));
      }
    });
    queueModel.happened.clear();
    for (TimerEffect effect : timer.takeEffects()) {
      switch (effect) {
        case TimerEffect.Warning(int sec) -> toAllInside(who -> who.deliver("warning " + sec));
        case TimerEffect.Ended ignored -> toAllInside(who -> who.deliver("ended"));
        case TimerEffect.Close ignored -> throw new AssertionError("nobody is sent away");
        case TimerEffect.State ignored -> {}
      }
    }
    for (String told : timerModel.happened) {
      if (!told.equals("overtime")) {
        note(told);
        toAllInside(who -> should(who, told));
      }
    }
    timerModel.happened.clear();
    dismiss("expired");
    dismiss("left");
  }

  /** Whose ticket is void is gone. */
  private void dismiss(String kind) {
    for (Visitor who : people) {
      if (who.hasSession() && !who.should.isEmpty() && who.should.getLast().equals(kind)) {
        if (who.linked) {
          assertEquals(who.should, who.has);
        }
        who.key = "";
        who.linked = false;
      }
    }
  }

  private static void should(Visitor who, String event) {
    if (who.hasSession()) {
      who.should.add(event);
    }
  }

  private Visitor person(String told) {
    String identity = told.substring(told.indexOf(':') + 1);
    return people.stream().filter(p -> p.identity.equals(identity)).findFirst().orElseThrow();
  }

  private static String kind(String told) {
    return told.substring(0, told.indexOf(':'));
  }

  private void toAllInside(java.util.function.Consumer<Visitor> action) {
    for (Visitor who : people) {
      if (queueModel.inside.stream().anyMatch(p -> p.key().equals(who.key))) {
        action.accept(who);
      }
    }
  }

  private void laws() {
    assertEquals(queueModel.inside.size(), admission.insideCount());
    long admitted = queueModel.line.stream().filter(s -> s.admitted).count();
    assertTrue(queueModel.inside.size() + queueModel.kept.size() + admitted <= SEATS, "seats");
    List<String> line = admission.tickets(nowMs).stream().map(TicketView::identity).toList();
    assertEquals(queueModel.line.stream().map(s -> s.identity).toList(), line, "order");
    assertEquals(timerModel.state, timer.state());
    assertEquals(timerModel.remainingMs(), timer.view(nowMs).remainingMs());
    for (Visitor who : people) {
      if (who.linked) {
        assertEquals(who.should, who.has, who.identity);
      }
      boolean inside = queueModel.inside.stream().anyMatch(p -> p.key().equals(who.key));
      assertTrue(
          !inside || who.linked || nowMs - who.awaySinceMs < GRACE_MS, "inside, but not in grace");
    }
  }
}
