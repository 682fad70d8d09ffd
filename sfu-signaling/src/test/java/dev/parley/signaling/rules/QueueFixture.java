package dev.parley.signaling.rules;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.signaling.wire.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An admission with a clock moved by hand; people are named, and their name is key and identity.
 */
final class QueueFixture implements Departures {
  static final QueueSettings CAPACITY =
      new QueueSettings(
          2, false, true, QueueSettings.Mode.CAPACITY, 5, 4, true, false, 30, 60, true, "");

  static final QueueSettings APPROVAL = new Capacity().mode(QueueSettings.Mode.APPROVAL).settings();

  final Map<String, Long> endsMs = new HashMap<>();
  final List<QueueEffect> effects = new ArrayList<>();
  Admission admission;
  long nowMs = 1_000_000;
  int visitSec;
  private int ids;
  private int tokens;

  QueueFixture(QueueSettings settings) {
    admission = admission(settings);
    admission.moderators(1, nowMs);
    admission.takeEffects();
  }

  private Admission admission(QueueSettings settings) {
    return new Admission(settings, () -> "qt_" + ++ids, () -> "token-" + ++tokens, this);
  }

  @Override
  public OptionalLong endsMs(String key) {
    Long ends = endsMs.get(key);
    return ends == null ? OptionalLong.empty() : OptionalLong.of(ends);
  }

  @Override
  public int visitSec() {
    return visitSec;
  }

  /** The process stops and another continues. */
  void restart(QueueSettings settings) {
    AdmissionState state = admission.save();
    admission = admission(settings);
    admission.restore(state, nowMs);
  }

  static Guest guest(String name) {
    return new Guest(name, name, name, false, false, 0, "192.0.2." + name, Optional.empty());
  }

  static Guest host(String name) {
    return new Guest(name, name, name, true, false, 0, "192.0.2.1", Optional.empty());
  }

  static Guest bypass(String name) {
    return new Guest(name, name, name, false, true, 0, "192.0.2.1", Optional.empty());
  }

  static Guest ranked(String name, int priority) {
    return new Guest(name, name, name, false, false, priority, name, Optional.empty());
  }

  static Guest guestFrom(String name, String address) {
    return new Guest(name, name, name, false, false, 0, address, Optional.empty());
  }

  /** The same person by another connection. */
  static Guest again(String name, String key) {
    return new Guest(key, name, name, false, false, 0, name, Optional.empty());
  }

  static Guest holding(String name, String admitToken) {
    return new Guest(name, name, name, false, false, 0, name, Optional.of(admitToken));
  }

  /** What becomes of one who arrives: {@code in}, {@code queued}, or the code of the refusal. */
  String arrive(Guest guest) {
    return switch (admission.arrive(guest, nowMs)) {
      case Admission.Entry.Seated() -> "in";
      case Admission.Entry.Queued ignored -> "queued";
      case Admission.Entry.Refused(var refusal) -> wireName(refusal.code());
    };
  }

  private static String wireName(ErrorCode code) {
    return code.name().toLowerCase(java.util.Locale.ROOT);
  }

  void arriveAll(String... names) {
    for (String name : names) {
      arrive(guest(name));
    }
  }

  /** Fills both seats with {@code i} and {@code j}, and lets the others queue. */
  QueueFixture full(String... names) {
    arriveAll("i", "j");
    arriveAll(names);
    return this;
  }

  /** Time passes, and the timer runs whenever it is due. */
  void pass(long durationMs) {
    long endMs = nowMs + durationMs;
    while (admission.nextTimeoutMs() <= endMs) {
      nowMs = Math.max(nowMs, admission.nextTimeoutMs());
      admission.handleTimeout(nowMs);
      if (admission.nextTimeoutMs() <= nowMs) {
        throw new AssertionError("the timer would run again at once");
      }
    }
    nowMs = endMs;
  }

  /** Time passes, and the timer is late. */
  void passWithoutTimer(long durationMs) {
    nowMs += durationMs;
  }

  List<QueueEffect> taken() {
    return admission.takeEffects();
  }

  /** Names in the order of the queue. */
  String order() {
    return String.join(" ", admission.tickets(nowMs).stream().map(TicketView::identity).toList());
  }

  TicketView ticket(String name) {
    return admission.tickets(nowMs).stream()
        .filter(ticket -> ticket.identity().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " does not wait"));
  }

  String id(String name) {
    return ticket(name).ticketId();
  }

  TicketView.State state(String name) {
    return ticket(name).state();
  }

  /** Effects since the last look, as {@code kind:name}. */
  List<String> told() {
    return taken().stream().map(QueueFixture::describe).toList();
  }

  /** As {@link #told}, without updates. */
  List<String> happened() {
    return told().stream().filter(effect -> !effect.startsWith("update")).toList();
  }

  private static String describe(QueueEffect effect) {
    return switch (effect) {
      case QueueEffect.Update(var ticket) -> "update:" + ticket.identity();
      case QueueEffect.Admitted(var ticket, var token, var windowMs) ->
          "admitted:" + ticket.identity();
      case QueueEffect.Denied(var ticket, var text) -> "denied:" + ticket.identity();
      case QueueEffect.Expired(var ticket) -> "expired:" + ticket.identity();
      case QueueEffect.Left(var ticket) -> "left:" + ticket.identity();
      case QueueEffect.Paused(boolean paused) -> paused ? "paused" : "resumed";
    };
  }

  /** Settings by capacity, with some changed. */
  static final class Capacity {
    private QueueSettings s = CAPACITY;

    Capacity seats(int seats) {
      return set(seats, s.countHosts(), s.enabled(), s.mode(), s.showPosition(), s.showCount());
    }

    Capacity countHosts() {
      return set(s.maxParticipants(), true, s.enabled(), s.mode(), s.showPosition(), s.showCount());
    }

    Capacity disabled() {
      return set(
          s.maxParticipants(), s.countHosts(), false, s.mode(), s.showPosition(), s.showCount());
    }

    Capacity mode(QueueSettings.Mode mode) {
      return set(
          s.maxParticipants(), s.countHosts(), s.enabled(), mode, s.showPosition(), s.showCount());
    }

    Capacity showCount() {
      return set(
          s.maxParticipants(), s.countHosts(), s.enabled(), s.mode(), s.showPosition(), true);
    }

    private Capacity set(
        int seats,
        boolean countHosts,
        boolean enabled,
        QueueSettings.Mode mode,
        boolean showPosition,
        boolean showCount) {
      s =
          new QueueSettings(
              seats,
              countHosts,
              enabled,
              mode,
              s.maxLength(),
              s.ticketsPerAddress(),
              showPosition,
              showCount,
              s.admitWindowSec(),
              s.awayGraceSec(),
              s.autoAdmit(),
              s.message());
      return this;
    }

    Capacity times(int admitWindowSec, int awayGraceSec) {
      s = copy(s.maxLength(), s.ticketsPerAddress(), admitWindowSec, awayGraceSec, s.autoAdmit());
      return this;
    }

    Capacity limits(int maxLength, int ticketsPerAddress) {
      s = copy(maxLength, ticketsPerAddress, s.admitWindowSec(), s.awayGraceSec(), s.autoAdmit());
      return this;
    }

    Capacity byHand() {
      s = copy(s.maxLength(), s.ticketsPerAddress(), s.admitWindowSec(), s.awayGraceSec(), false);
      return this;
    }

    private QueueSettings copy(
        int maxLength, int ticketsPerAddress, int window, int grace, boolean autoAdmit) {
      return new QueueSettings(
          s.maxParticipants(),
          s.countHosts(),
          s.enabled(),
          s.mode(),
          maxLength,
          ticketsPerAddress,
          s.showPosition(),
          s.showCount(),
          window,
          grace,
          autoAdmit,
          s.message());
    }

    QueueSettings settings() {
      return s;
    }
  }

  static String token(List<QueueEffect> effects) {
    return effects.stream()
        .filter(QueueEffect.Admitted.class::isInstance)
        .map(effect -> ((QueueEffect.Admitted) effect).admitToken())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nobody was admitted"));
  }

  static Refusal refusal(Admission.Entry entry) {
    return new Refusal(assertInstanceOf(Admission.Entry.Refused.class, entry));
  }

  record Refusal(Admission.Entry.Refused refused) {
    ErrorCode code() {
      return refused.refusal().code();
    }

    boolean mayRetry() {
      return refused.refusal().retryAfterMs().isPresent();
    }
  }
}
