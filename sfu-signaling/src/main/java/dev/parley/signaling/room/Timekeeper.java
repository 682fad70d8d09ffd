package dev.parley.signaling.room;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.SessionTimer;
import dev.parley.signaling.rules.TimedDepartures;
import dev.parley.signaling.rules.TimerEffect;
import dev.parley.signaling.rules.TimerSettings;
import dev.parley.signaling.rules.TimerView;
import dev.parley.signaling.rules.VisitClock;
import dev.parley.signaling.rules.VisitEffect;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.Role;
import dev.parley.signaling.wire.TimerControl;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The session's timer and the limits of single visits in one room: tells people what the rules say
 * and sends away whose time is up. Room thread.
 */
final class Timekeeper {
  private static final Logger log = LoggerFactory.getLogger(Timekeeper.class);

  private final Room room;
  private final RoomSettings settings;
  private final SessionTimer timer;
  private final VisitClock visits;
  private SessionTimer.State told = SessionTimer.State.IDLE;

  Timekeeper(Room room, RoomSettings settings) {
    this.room = room;
    this.settings = settings;
    this.timer = new SessionTimer(settings.timer());
    this.visits = new VisitClock(settings.timer());
  }

  SessionTimer timer() {
    return timer;
  }

  VisitClock visits() {
    return visits;
  }

  TimedDepartures departures() {
    return new TimedDepartures(timer, visits, settings.guestSlotSec());
  }

  /** Somebody came in. */
  void entered(Participant participant, long nowMs) {
    boolean host = participant.role() == Role.HOST;
    OptionalLong ownSec = participant.grants().maxSessionSec().stream().asLongStream().findFirst();
    visits.entered(
        participant.id, participant.command.identity(), settings.visitSec(host, ownSec), nowMs);
    recount(Optional.of(participant), nowMs);
  }

  /** Somebody is gone; {@code heir} goes on with the visit, if there is one. */
  void left(Participant participant, Optional<Participant> heir, long nowMs) {
    heir.ifPresent(next -> visits.transfer(participant.id, next.id));
    visits.left(participant.id);
    recount(Optional.empty(), nowMs);
  }

  void recount(Optional<Participant> newcomer, long nowMs) {
    int people = 0;
    int hosts = 0;
    for (Participant participant : room.participants()) {
      if (participant.phase() == Participant.Phase.INSIDE
          || newcomer.filter(participant::equals).isPresent()) {
        people++;
        hosts += participant.role() == Role.HOST ? 1 : 0;
      }
    }
    timer.present(people, hosts, nowMs);
  }

  Outcome<Boolean> control(TimerControl request, long nowMs) {
    Optional<Refusal> refusal =
        switch (request) {
          case TimerControl.Start() -> timer.start(nowMs);
          case TimerControl.Pause(boolean paused) ->
              paused ? timer.pause(nowMs) : timer.resume(nowMs);
          case TimerControl.Set(int durationSec) -> timer.set(durationSec, nowMs);
          case TimerControl.Extend(int sec) -> timer.extend(sec, nowMs);
        };
    return refusal.<Outcome<Boolean>>map(Outcome::refused).orElseGet(() -> Outcome.done(true));
  }

  /** Passes on that somebody would like more time. */
  Outcome<Boolean> ask(Participant from, Request.TimerAsk ask, long nowMs) {
    SessionTimer.State state = timer.view(nowMs).state();
    boolean runs = state != SessionTimer.State.IDLE && state != SessionTimer.State.ENDED;
    if (!runs && visits.endsMs(from.id).isEmpty()) {
      return Outcome.refused(Refusal.of(ErrorCode.TIMER_CONFLICT, "no timer runs here"));
    }
    long waitMs = from.mayAskForTime(nowMs);
    if (waitMs > 0) {
      return Outcome.refused(
          Refusal.retryAfter(ErrorCode.RATE_LIMITED, "you have asked for time already", waitMs));
    }
    EventFrame frame = EventFrame.of(new Event.TimerAsked(from.id, ask.sec(), ask.text()));
    room.moderators().forEach(moderator -> moderator.deliver(frame));
    return Outcome.done(true);
  }

  long nextTimeoutMs() {
    return Math.min(timer.nextTimeoutMs(), visits.nextTimeoutMs());
  }

  /** Does what is due, and tells everybody. */
  void settle(Rooms rooms, long nowMs) {
    if (nowMs >= timer.nextTimeoutMs()) {
      timer.handleTimeout(nowMs);
    }
    if (nowMs >= visits.nextTimeoutMs()) {
      visits.handleTimeout(nowMs);
    }
    timer.takeEffects().forEach(effect -> carryOut(effect, rooms, nowMs));
    visits.takeEffects().forEach(effect -> carryOut(effect, rooms));
  }

  private void carryOut(TimerEffect effect, Rooms rooms, long nowMs) {
    switch (effect) {
      case TimerEffect.State(TimerView view) -> {
        if (view.state() != told) {
          told = view.state();
          room.report(RoomEvent.Type.TIMER_STATE, Map.of("state", told.wireName()));
        }
        for (Participant participant : room.participants()) {
          view(participant, nowMs).ifPresent(own -> participant.deliver(EventFrame.of(own)));
        }
      }
      case TimerEffect.Warning(int remainingSec) -> {
        room.report(
            RoomEvent.Type.TIMER_WARNING, Map.of("remainingSec", Integer.toString(remainingSec)));
        room.tellAll(new Event.TimerWarning(remainingSec));
      }
      case TimerEffect.Ended(TimerSettings.OnEnd action) -> {
        LogLine.event("timer.ended")
            .with("room", room.name)
            .with("action", action.wireName())
            .info(log);
        room.report(RoomEvent.Type.TIMER_ENDED, Map.of("action", action.wireName()));
        room.tellAll(new Event.TimerEnded(action.wireName()));
        if (action == TimerSettings.OnEnd.LOCK) {
          room.lock(true);
        }
      }
      case TimerEffect.Close(TimerSettings.OnEnd action) -> {
        if (action == TimerSettings.OnEnd.END) {
          rooms.end(room, LeaveReason.TIME_UP, "");
        } else {
          for (Participant participant : room.participants()) {
            if (!participant.role().leads()) {
              rooms.expel(new Seat(room, participant), LeaveReason.TIME_UP, "");
            }
          }
        }
      }
    }
  }

  private void carryOut(VisitEffect effect, Rooms rooms) {
    switch (effect) {
      case VisitEffect.Warning(String key, int remainingSec) ->
          room.inside(key)
              .ifPresent(
                  visitor -> visitor.deliver(EventFrame.of(new Event.TimerWarning(remainingSec))));
      case VisitEffect.TimeUp(String key) ->
          room.inside(key)
              .ifPresent(visitor -> {
                visitor.deliver(
                    EventFrame.of(new Event.TimerEnded(TimerSettings.OnEnd.EJECT.wireName())));
                rooms.expel(new Seat(room, visitor), LeaveReason.TIME_UP, "");
              });
    }
  }

  /** How the timer stands for one: the end of the own visit counts if it comes first. */
  Optional<Event.TimerState> view(Participant participant, long nowMs) {
    TimerView session = timer.view(nowMs);
    OptionalLong visitEndsMs = visits.endsMs(participant.id);
    boolean visitFirst =
        visitEndsMs.isPresent()
            && visitEndsMs.getAsLong() < session.endsAtMs().orElse(Long.MAX_VALUE);
    if (visitFirst) {
      long endsMs = visitEndsMs.getAsLong();
      return Optional.of(
          new Event.TimerState(
              SessionTimer.State.RUNNING.wireName(),
              OptionalLong.empty(),
              visitEndsMs,
              Math.max(0, endsMs - nowMs),
              nowMs,
              0));
    }
    if (!timer.exists()) {
      return Optional.empty();
    }
    return Optional.of(
        new Event.TimerState(
            session.state().wireName(),
            session.startedAtMs(),
            session.endsAtMs(),
            session.remainingMs(),
            session.serverTimeMs(),
            session.extendedSec()));
  }
}
