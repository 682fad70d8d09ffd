package dev.parley.signaling.room;

import dev.parley.signaling.observe.CallCounters.WaitEnd;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.rules.Departures;
import dev.parley.signaling.rules.Guest;
import dev.parley.signaling.rules.QueueEffect;
import dev.parley.signaling.rules.QueueSettings;
import dev.parley.signaling.rules.TicketView;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of one room: carries out what its {@link Admission} decides, and tells those who wait
 * and those who moderate. Effects are told by {@link #settle}, after the reply to what caused them.
 * Room thread.
 */
final class Door {
  private static final Logger log = LoggerFactory.getLogger(Door.class);

  /** Moderators are told of changes in the queue no more often. */
  private static final long LIST_PAUSE_MS = 1_000;

  private final Room room;
  private QueueSettings settings;
  private final Admission admission;
  private final Map<String, Member> waiting = new HashMap<>();
  private List<TicketView> told = List.of();
  private long toldMs;
  private boolean listChanged;

  Door(Room room, QueueSettings settings, Ids ids, Departures departures) {
    this.room = room;
    this.settings = settings;
    this.admission = new Admission(settings, ids::ticket, ids::admitToken, departures);
  }

  void settings(QueueSettings changed, long nowMs) {
    settings = changed;
    admission.settings(changed, nowMs);
  }

  Admission admission() {
    return admission;
  }

  /** How many wait. */
  int length() {
    return waiting.size();
  }

  /** Whether this identity has a ticket: it waits, or was admitted and is on its way in. */
  boolean knows(String identity) {
    return admission.keyOf(identity).isPresent();
  }

  Admission.Entry arrive(String key, JoinCommand command, Member member, long nowMs) {
    Optional<String> before = admission.keyOf(command.identity());
    Admission.Entry entry = admission.arrive(guest(key, command), nowMs);
    if (!(entry instanceof Admission.Entry.Refused)) {
      before.ifPresent(other -> replace(other, member));
    }
    if (entry instanceof Admission.Entry.Queued) {
      waiting.put(key, member);
    }
    return entry;
  }

  /** The ticket is another connection's now; the one that had it would hear nothing any more. */
  private void replace(String key, Member by) {
    @Nullable Member member = waiting.remove(key);
    if (member != null && !member.equals(by)) {
      member.end(CloseCode.REPLACED, LeaveReason.REPLACED, "");
    }
  }

  private static Guest guest(String key, JoinCommand command) {
    boolean host = command.grants().role() == Role.HOST;
    return new Guest(
        key,
        command.identity(),
        command.displayName(),
        host,
        command.grants().bypassQueue(),
        command.grants().priority(),
        command.keys().address(),
        command.keys().admitToken());
  }

  Event.QueueUpdate update(TicketView ticket) {
    return new Event.QueueUpdate(info(ticket, false), settings.message(), admission.paused());
  }

  void left(String key, long nowMs) {
    waiting.remove(key);
    admission.ticket(key, nowMs).ifPresent(ticket -> report(RoomEvent.Type.QUEUE_LEFT, ticket));
    admission.left(key, nowMs);
  }

  /** The connection of this key waits no more; its ticket may. */
  void forget(String key) {
    waiting.remove(key);
  }

  Outcome<Boolean> admit(Moderation.Admit.Who who, long nowMs) {
    return switch (who) {
      case Moderation.Admit.Who.Ticket(String ticketId) ->
          outcome(admission.admit(ticketId, nowMs));
      case Moderation.Admit.Who.Count(int count) -> {
        admission.admitNext(count, nowMs);
        yield Outcome.done(true);
      }
      case Moderation.Admit.Who.All() -> {
        admission.admitNext(Integer.MAX_VALUE, nowMs);
        yield Outcome.done(true);
      }
    };
  }

  Outcome<Boolean> deny(Moderation.Deny deny, long nowMs) {
    return outcome(admission.deny(deny.ticketId(), deny.text(), nowMs));
  }

  Outcome<Boolean> hold(Moderation.Hold hold, long nowMs) {
    return outcome(admission.hold(hold.ticketId(), hold.held(), nowMs));
  }

  Outcome<Boolean> reorder(Moderation.Reorder reorder, long nowMs) {
    String ticket = reorder.ticketId();
    return outcome(
        reorder.position().isPresent()
            ? admission.move(ticket, reorder.position().getAsInt(), nowMs)
            : admission.priority(ticket, reorder.priority().orElse(0), nowMs));
  }

  /** Somebody who was inside waits again; has left the room already. */
  Event.QueueUpdate toQueue(Participant participant, boolean head, long nowMs) {
    TicketView ticket = admission.toQueue(guest(participant.id, participant.command), head, nowMs);
    waiting.put(participant.id, participant.member);
    report(RoomEvent.Type.QUEUE_JOINED, ticket);
    return update(ticket);
  }

  private static Outcome<Boolean> outcome(Optional<Refusal> refusal) {
    return refusal.<Outcome<Boolean>>map(Outcome::refused).orElseGet(() -> Outcome.done(true));
  }

  long nextTimeoutMs() {
    long next = admission.nextTimeoutMs();
    return listChanged ? Math.min(next, toldMs + LIST_PAUSE_MS) : next;
  }

  /** Tells everybody what has changed and is due. */
  void settle(long nowMs) {
    if (nowMs >= admission.nextTimeoutMs()) {
      admission.handleTimeout(nowMs);
    }
    admission.takeEffects().forEach(this::tell);
    List<TicketView> tickets = admission.tickets(nowMs);
    listChanged = !sameForModerators(tickets, told);
    if (listChanged && nowMs - toldMs >= LIST_PAUSE_MS) {
      told = tickets;
      toldMs = nowMs;
      listChanged = false;
      EventFrame frame = EventFrame.of(list(tickets));
      room.moderators().forEach(moderator -> moderator.deliver(frame));
    }
  }

  /** What a moderator who comes in finds. */
  Optional<Event.QueueList> list(long nowMs) {
    List<TicketView> tickets = admission.tickets(nowMs);
    return tickets.isEmpty() ? Optional.empty() : Optional.of(list(tickets));
  }

  private Event.QueueList list(List<TicketView> tickets) {
    return new Event.QueueList(
        tickets.stream().map(ticket -> info(ticket, true)).toList(), admission.paused());
  }

  private static boolean sameForModerators(List<TicketView> a, List<TicketView> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      TicketView one = a.get(i);
      TicketView other = b.get(i);
      if (!one.ticketId().equals(other.ticketId())
          || one.state() != other.state()
          || one.held() != other.held()
          || one.priority() != other.priority()
          || !one.displayName().equals(other.displayName())) {
        return false;
      }
    }
    return true;
  }

  private void tell(QueueEffect effect) {
    switch (effect) {
      case QueueEffect.Update(TicketView ticket) -> deliver(ticket, update(ticket));
      case QueueEffect.Admitted(TicketView ticket, String admitToken, long windowMs) -> {
        report(RoomEvent.Type.QUEUE_ADMITTED, ticket);
        deliver(ticket, new Event.QueueAdmitted(ticket.ticketId(), admitToken, windowMs));
      }
      case QueueEffect.Denied(TicketView ticket, String text) ->
          dismiss(ticket, "denied", text, CloseCode.QUEUE_DENIED, RoomEvent.Type.QUEUE_DENIED);
      case QueueEffect.Expired(TicketView ticket) ->
          dismiss(ticket, "expired", "", CloseCode.TICKET_EXPIRED, RoomEvent.Type.QUEUE_EXPIRED);
      case QueueEffect.Left(TicketView ticket) -> {
        report(RoomEvent.Type.QUEUE_LEFT, ticket);
        waiting.remove(ticket.key());
      }
      case QueueEffect.Paused ignored ->
          admission.tickets(room.nowMs()).forEach(ticket -> deliver(ticket, update(ticket)));
    }
  }

  private void dismiss(
      TicketView ticket, String reason, String text, CloseCode code, RoomEvent.Type type) {
    report(type, ticket);
    deliver(ticket, new Event.QueueDenied(ticket.ticketId(), reason, text));
    @Nullable Member member = waiting.remove(ticket.key());
    if (member != null) {
      member.end(code, LeaveReason.QUEUED, text);
    }
  }

  private void deliver(TicketView ticket, Event event) {
    @Nullable Member member = waiting.get(ticket.key());
    if (member != null) {
      member.deliver(EventFrame.of(event));
    }
  }

  /** Everybody who waits is sent away, since the room ends. */
  void close(CloseCode code, String words, long nowMs) {
    List.copyOf(waiting.values())
        .forEach(member -> member.end(code, LeaveReason.ROOM_ENDED, words));
    waiting.clear();
    admission.tickets(nowMs).forEach(ticket -> report(RoomEvent.Type.QUEUE_LEFT, ticket));
    admission.dismiss(nowMs);
  }

  private static Optional<WaitEnd> waitEnd(RoomEvent.Type type) {
    return switch (type) {
      case QUEUE_ADMITTED -> Optional.of(WaitEnd.ADMITTED);
      case QUEUE_DENIED -> Optional.of(WaitEnd.DENIED);
      case QUEUE_EXPIRED -> Optional.of(WaitEnd.EXPIRED);
      case QUEUE_LEFT -> Optional.of(WaitEnd.LEFT);
      case QUEUE_JOINED,
          ROOM_OPENED,
          ROOM_CHANGED,
          ROOM_CLOSED,
          PARTICIPANT_JOINED,
          PARTICIPANT_CONNECTED,
          PARTICIPANT_LEFT,
          TIMER_STATE,
          TIMER_WARNING,
          TIMER_ENDED,
          MODERATION ->
          Optional.empty();
    };
  }

  private Event.TicketInfo info(TicketView ticket, boolean forModerators) {
    boolean shows = forModerators || settings.showPosition();
    return new Event.TicketInfo(
        ticket.ticketId(),
        ticket.state().wireName(),
        shows ? OptionalInt.of(ticket.position()) : OptionalInt.empty(),
        shows ? OptionalInt.of(ticket.ahead()) : OptionalInt.empty(),
        forModerators || settings.showCount()
            ? OptionalInt.of(ticket.waiting())
            : OptionalInt.empty(),
        Optional.of(
            new Event.EtaInfo(ticket.eta().lowSec(), ticket.eta().highSec(), ticket.eta().basis())),
        ticket.priority(),
        ticket.held(),
        ticket.joinedAtMs(),
        ticket.admittedAtMs(),
        forModerators
            ? Optional.of(new Event.Waiting(ticket.identity(), ticket.displayName()))
            : Optional.empty());
  }

  private void report(RoomEvent.Type type, TicketView ticket) {
    waitEnd(type).ifPresent(end -> room.counters.waited(end, room.nowMs() - ticket.joinedAtMs()));
    room.report(type, Map.of("ticketId", ticket.ticketId(), "identity", ticket.identity()));
    LogLine.event(type.wireName())
        .with("room", room.name)
        .with("ticket", ticket.ticketId())
        .with("identity", ticket.identity())
        .info(log);
  }
}
