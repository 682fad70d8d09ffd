package dev.parley.signaling.rules;

import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Who is in a room and who waits before it. A seat belongs to one at a time: somebody inside,
 * somebody admitted whose window is open, or somebody who was inside before a restart and may still
 * come back.
 *
 * <p>The queue is a list. A new ticket goes behind all of its priority; after that only a
 * moderator's word or a missed window changes its place. Who is away is passed over, not overtaken:
 * the place stays. After a restart nobody is passed over until all had time to come back.
 */
public final class Admission {
  /** How long people may take to come back after a restart. */
  public static final long RECOVERY_MS = 120_000;

  static final long UPDATE_LEAST_MS = 2_000;
  static final long UPDATE_MOST_MS = 30_000;
  private static final long RETRY_MS = 5_000;
  private static final long NEVER = Long.MAX_VALUE;

  /** What became of somebody at the door. */
  public sealed interface Entry {
    /** Has a seat from now on, until {@link #released}. */
    record Seated() implements Entry {}

    record Queued(TicketView ticket) implements Entry {}

    record Refused(Refusal refusal) implements Entry {}
  }

  /** When people inside have to go, as far as a timer says so; for what those who wait are told. */
  public interface Departures {
    OptionalLong endsMs(String key);

    /** How long a visit may last; 0: as long as one likes. */
    int visitSec();
  }

  private record Seat(String identity, boolean host, long sinceMs) {}

  private final Supplier<String> ticketIds;
  private final Supplier<String> admitTokens;
  private final Departures departures;
  private final WaitHistory history = new WaitHistory();
  private final Map<String, Seat> seats = new LinkedHashMap<>();

  /** Seats of those who were inside before a restart, by identity. */
  private final Map<String, Seat> expected = new HashMap<>();

  private final List<Ticket> queue = new ArrayList<>();
  private final List<QueueEffect> effects = new ArrayList<>();
  private QueueSettings settings;
  private int moderators;
  private boolean closed;
  private boolean paused;
  private long recoveryEndsMs;

  /**
   * @param ticketIds makes ids, unique
   * @param admitTokens makes tokens that cannot be guessed
   */
  public Admission(
      QueueSettings settings,
      Supplier<String> ticketIds,
      Supplier<String> admitTokens,
      Departures departures) {
    this.settings = settings;
    this.ticketIds = ticketIds;
    this.admitTokens = admitTokens;
    this.departures = departures;
  }

  /** Continues what an earlier process left; to be called first. */
  public void restore(AdmissionState state, long nowMs) {
    recoveryEndsMs = nowMs + RECOVERY_MS;
    for (AdmissionState.Inside inside : state.inside()) {
      expected.put(inside.identity(), new Seat(inside.identity(), inside.host(), inside.sinceMs()));
    }
    for (AdmissionState.Waiting waiting : state.waiting()) {
      Ticket ticket = new Ticket(waiting);
      ticket.awaySinceMs = nowMs;
      queue.add(ticket);
    }
    state.visitsMs().forEach(history::visited);
    closed = state.closed();
  }

  public AdmissionState save() {
    List<AdmissionState.Inside> inside = new ArrayList<>();
    seats
        .values()
        .forEach(s -> inside.add(new AdmissionState.Inside(s.identity, s.host, s.sinceMs)));
    expected
        .values()
        .forEach(s -> inside.add(new AdmissionState.Inside(s.identity, s.host, s.sinceMs)));
    return new AdmissionState(
        inside, queue.stream().map(Ticket::save).toList(), history.visitsMs(), closed);
  }

  public boolean recovering(long nowMs) {
    return nowMs < recoveryEndsMs;
  }

  /** Nobody is inside, waits, or is expected back. */
  public boolean isIdle() {
    return seats.isEmpty() && expected.isEmpty() && queue.isEmpty();
  }

  public int insideCount() {
    return seats.size();
  }

  /** Somebody wants to come in, for the first time or again. */
  public Entry arrive(Guest guest, long nowMs) {
    if (seats.containsKey(guest.key())) {
      throw new IllegalArgumentException("key " + guest.key() + " has a seat");
    }
    if (expected.remove(guest.identity()) != null) {
      forget(guest.identity());
      return seat(guest, nowMs);
    }
    Optional<Ticket> own = ticketOf(guest.identity());
    if (guest.admitToken().isPresent()) {
      if (own.isPresent()
          && own.get().admitted()
          && own.get().admitToken.equals(guest.admitToken().get())) {
        queue.remove(own.get());
        return seat(guest, nowMs);
      }
      if (own.isEmpty()) {
        return refused(ErrorCode.TICKET_EXPIRED, "the admission is not valid any more");
      }
    }
    if (own.isPresent()) {
      return again(own.get(), guest, nowMs);
    }
    if (isFree(guest) && (guest.host() || guest.bypass() || !mustWait())) {
      return seat(guest, nowMs);
    }
    if (!settings.enabled() || guest.host() || guest.bypass()) {
      return new Entry.Refused(
          Refusal.retryAfter(
              ErrorCode.ROOM_FULL,
              "the room is full: it takes " + settings.maxParticipants() + " participants",
              RETRY_MS));
    }
    return queued(guest, nowMs);
  }

  private boolean mustWait() {
    return settings.enabled()
        && (settings.needsApproval() || !settings.autoAdmit() || !queue.isEmpty());
  }

  private Entry queued(Guest guest, long nowMs) {
    if (closed) {
      return refused(ErrorCode.QUEUE_CLOSED, "the queue takes nobody at the moment");
    }
    if (queue.size() >= settings.maxLength()) {
      return refused(ErrorCode.QUEUE_FULL, "as many wait as may");
    }
    long fromThere = queue.stream().filter(t -> t.address.equals(guest.address())).count();
    if (fromThere >= settings.ticketsPerAddress()) {
      return refused(ErrorCode.QUEUE_FULL, "too many wait from this network address");
    }
    Ticket ticket = new Ticket(guest, ticketIds.get(), nowMs);
    insert(ticket);
    fill(nowMs);
    told(ticket, nowMs);
    return new Entry.Queued(view(ticket, nowMs));
  }

  /** A ticket's owner is back: the place is the same. */
  private Entry again(Ticket ticket, Guest guest, long nowMs) {
    ticket.key = guest.key();
    ticket.displayName = guest.displayName();
    ticket.awaySinceMs = NEVER;
    if (ticket.admitted()) {
      // The identity is proved by its token, so the admission's own is not asked for.
      queue.remove(ticket);
      return seat(guest, nowMs);
    }
    fill(nowMs);
    told(ticket, nowMs);
    return new Entry.Queued(view(ticket, nowMs));
  }

  private static Entry refused(ErrorCode code, String message) {
    return new Entry.Refused(Refusal.retryAfter(code, message, RETRY_MS));
  }

  private Entry seat(Guest guest, long nowMs) {
    seats.put(guest.key(), new Seat(guest.identity(), guest.host(), nowMs));
    return new Entry.Seated();
  }

  private void forget(String identity) {
    queue.removeIf(ticket -> ticket.identity.equals(identity));
  }

  /** Somebody inside is gone for good, or did not come in after all. */
  public void released(String key, long nowMs) {
    Seat seat = seats.remove(key);
    if (seat != null && !seat.host) {
      history.visited(nowMs - seat.sinceMs);
    }
    fill(nowMs);
  }

  /** A seat goes over to another connection of the same person. */
  public void transfer(String from, String to) {
    Seat seat = seats.remove(from);
    if (seat != null) {
      seats.put(to, seat);
    }
  }

  /** Somebody who waits has lost the connection. */
  public void lost(String key, long nowMs) {
    waiting(key).ifPresent(ticket -> ticket.awaySinceMs = nowMs);
    fill(nowMs);
  }

  /** The connection is there again, and the same. */
  public void returned(String key, long nowMs) {
    waiting(key)
        .ifPresent(ticket -> {
          ticket.awaySinceMs = NEVER;
          ticket.toldHash = 0;
        });
    fill(nowMs);
  }

  /** Somebody waits no longer, by own decision. */
  public void left(String key, long nowMs) {
    waiting(key).ifPresent(queue::remove);
    fill(nowMs);
  }

  /** How many moderators are inside. */
  public void moderators(int count, long nowMs) {
    moderators = count;
    fill(nowMs);
  }

  public void settings(QueueSettings changed, long nowMs) {
    settings = changed;
    fill(nowMs);
  }

  /** Takes new tickets no more, or again. */
  public void closed(boolean now) {
    closed = now;
  }

  /** Admits one ticket as soon as there is a seat, wherever it stands. */
  public Optional<Refusal> admit(String ticketId, long nowMs) {
    return with(ticketId, Admission::approve, nowMs);
  }

  /** Admits so many of those present, from the head. */
  public void admitNext(int count, long nowMs) {
    int left = count;
    for (Ticket ticket : List.copyOf(queue)) {
      if (left > 0 && !ticket.admitted() && !ticket.approved && !ticket.held && !ticket.away()) {
        approve(ticket);
        left--;
      }
    }
    fill(nowMs);
  }

  private static void approve(Ticket ticket) {
    ticket.approved = true;
    ticket.held = false;
  }

  public Optional<Refusal> deny(String ticketId, String text, long nowMs) {
    return with(
        ticketId,
        ticket -> {
          TicketView last = view(ticket, nowMs);
          queue.remove(ticket);
          effects.add(new QueueEffect.Denied(ended(last, TicketView.State.DENIED), text));
        },
        nowMs);
  }

  /** Passes a ticket over until it is released or admitted. */
  public Optional<Refusal> hold(String ticketId, boolean held, long nowMs) {
    return with(ticketId, ticket -> ticket.held = held, nowMs);
  }

  /** A new priority, and a place behind all who have it. */
  public Optional<Refusal> priority(String ticketId, int priority, long nowMs) {
    return with(
        ticketId,
        ticket -> {
          queue.remove(ticket);
          ticket.priority = priority;
          insert(ticket);
        },
        nowMs);
  }

  /** An explicit place, from 1. */
  public Optional<Refusal> move(String ticketId, int position, long nowMs) {
    return with(
        ticketId,
        ticket -> {
          queue.remove(ticket);
          queue.add(Math.min(position - 1, queue.size()), ticket);
        },
        nowMs);
  }

  /**
   * Somebody inside is to wait again, until a moderator lets go of the ticket.
   *
   * @param guest the same, as one at the door
   */
  public TicketView toQueue(Guest guest, boolean head, long nowMs) {
    seats.remove(guest.key());
    Ticket ticket = new Ticket(guest, ticketIds.get(), nowMs);
    ticket.held = true;
    if (head) {
      queue.addFirst(ticket);
    } else {
      queue.add(ticket);
    }
    told(ticket, nowMs);
    fill(nowMs);
    return view(ticket, nowMs);
  }

  private Optional<Refusal> with(
      String ticketId, java.util.function.Consumer<Ticket> action, long nowMs) {
    Optional<Ticket> ticket = queue.stream().filter(t -> t.id.equals(ticketId)).findFirst();
    if (ticket.isEmpty()) {
      return Optional.of(
          Refusal.of(ErrorCode.TICKET_EXPIRED, "no ticket " + ticketId + " waits here"));
    }
    action.accept(ticket.get());
    fill(nowMs);
    return Optional.empty();
  }

  /** When {@link #handleTimeout} has something to do. */
  public long nextTimeoutMs() {
    long next = expected.isEmpty() && queue.isEmpty() ? NEVER : recoveryAhead();
    for (Ticket ticket : queue) {
      next = Math.min(next, ticket.windowEndsMs);
      if (ticket.away()) {
        next = Math.min(next, graceEndsMs(ticket));
      } else if (!ticket.admitted()) {
        next = Math.min(next, updateDueMs(ticket));
      }
    }
    return next;
  }

  private long recoveryAhead() {
    return recoveryEndsMs == 0 ? NEVER : recoveryEndsMs;
  }

  private long graceEndsMs(Ticket ticket) {
    return ticket.admitted()
        ? NEVER
        : Math.max(ticket.awaySinceMs + settings.awayGraceSec() * 1000L, recoveryEndsMs);
  }

  private long updateDueMs(Ticket ticket) {
    boolean news = ticket.toldHash != hash(ticket);
    return ticket.toldAtMs + (news ? UPDATE_LEAST_MS : UPDATE_MOST_MS);
  }

  /** Ends windows and graces that are over, fills seats, and tells people what is due. */
  public void handleTimeout(long nowMs) {
    if (recoveryEndsMs != 0 && nowMs >= recoveryEndsMs) {
      expected.clear();
      recoveryEndsMs = 0;
    }
    for (Ticket ticket : List.copyOf(queue)) {
      if (nowMs >= ticket.windowEndsMs) {
        windowMissed(ticket, nowMs);
      }
      if (ticket.away() && nowMs >= graceEndsMs(ticket)) {
        TicketView last = view(ticket, nowMs);
        queue.remove(ticket);
        effects.add(new QueueEffect.Left(ended(last, TicketView.State.LEFT)));
      }
    }
    fill(nowMs);
    for (Ticket ticket : queue) {
      if (!ticket.away() && !ticket.admitted() && nowMs >= updateDueMs(ticket)) {
        told(ticket, nowMs);
        effects.add(new QueueEffect.Update(view(ticket, nowMs)));
      }
    }
  }

  /** The first time behind the next person, the second time out. */
  private void windowMissed(Ticket ticket, long nowMs) {
    if (ticket.missed) {
      TicketView last = view(ticket, nowMs);
      queue.remove(ticket);
      effects.add(new QueueEffect.Expired(ended(last, TicketView.State.EXPIRED)));
      return;
    }
    ticket.miss();
    int at = queue.indexOf(ticket);
    if (at + 1 < queue.size()) {
      queue.remove(at);
      queue.add(at + 1, ticket);
    }
    if (ticket.away()) {
      ticket.awaySinceMs = nowMs;
    }
  }

  /** Gives free seats away, by the order of the queue. */
  private void fill(long nowMs) {
    tellPaused();
    for (Ticket ticket : List.copyOf(queue)) {
      if (ticket.admitted() || ticket.held) {
        continue;
      }
      if (ticket.away()) {
        if (recovering(nowMs)) {
          return;
        }
        continue;
      }
      if (!ticket.approved && (settings.needsApproval() || !settings.autoAdmit())) {
        continue;
      }
      if (free() <= 0) {
        return;
      }
      long windowMs = settings.admitWindowSec() * 1000L;
      ticket.admit(admitTokens.get(), nowMs, windowMs);
      effects.add(new QueueEffect.Admitted(view(ticket, nowMs), ticket.admitToken, windowMs));
    }
  }

  private void tellPaused() {
    boolean now = settings.enabled() && settings.needsApproval() && moderators == 0;
    if (now != paused) {
      paused = now;
      effects.add(new QueueEffect.Paused(now));
    }
  }

  public boolean paused() {
    return paused;
  }

  /** What happened since the last call, in order. */
  public List<QueueEffect> takeEffects() {
    List<QueueEffect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  /** Everybody who waits, in order. */
  public List<TicketView> tickets(long nowMs) {
    return queue.stream().map(ticket -> view(ticket, nowMs)).toList();
  }

  public Optional<TicketView> ticket(String key, long nowMs) {
    return waiting(key).map(ticket -> view(ticket, nowMs));
  }

  private boolean isFree(Guest guest) {
    return (guest.host() && !settings.countHosts()) || free() > 0;
  }

  /** Seats nobody has a right to; those without a limit are many. */
  private int free() {
    if (settings.maxParticipants() == 0) {
      return Integer.MAX_VALUE;
    }
    long taken =
        seats.values().stream().filter(this::counts).count()
            + expected.values().stream().filter(this::counts).count()
            + queue.stream().filter(Ticket::admitted).count();
    return (int) (settings.maxParticipants() - taken);
  }

  private boolean counts(Seat seat) {
    return settings.countHosts() || !seat.host;
  }

  private void insert(Ticket ticket) {
    int at = queue.size();
    while (at > 0 && queue.get(at - 1).priority < ticket.priority) {
      at--;
    }
    queue.add(at, ticket);
  }

  private Optional<Ticket> waiting(String key) {
    return queue.stream().filter(ticket -> ticket.key.equals(key)).findFirst();
  }

  private Optional<Ticket> ticketOf(String identity) {
    return queue.stream().filter(ticket -> ticket.identity.equals(identity)).findFirst();
  }

  private void told(Ticket ticket, long nowMs) {
    ticket.toldAtMs = nowMs;
    ticket.toldHash = hash(ticket);
  }

  /** What of a ticket is news when it changes. */
  private long hash(Ticket ticket) {
    int position = queue.indexOf(ticket) + 1;
    int count = settings.showCount() ? queue.size() : 0;
    return ((long) position << 32) | ((long) count << 2) | (ticket.held ? 2 : 0) | 1;
  }

  private TicketView view(Ticket ticket, long nowMs) {
    int ahead = queue.indexOf(ticket);
    return new TicketView(
        ticket.id,
        ticket.key,
        ticket.identity,
        ticket.displayName,
        ticket.priority,
        ahead + 1,
        ahead,
        queue.size(),
        ticket.state(),
        ticket.held,
        ticket.approved,
        ticket.joinedAtMs,
        ticket.admittedAt(),
        eta(ahead, nowMs));
  }

  private TicketView.Eta eta(int ahead, long nowMs) {
    if (settings.needsApproval() || settings.maxParticipants() == 0) {
      return TicketView.Eta.UNKNOWN;
    }
    List<Long> sinceMs = new ArrayList<>();
    List<OptionalLong> endsMs = new ArrayList<>();
    seats.entrySet().stream()
        .filter(seat -> counts(seat.getValue()))
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(seat -> {
          sinceMs.add(seat.getValue().sinceMs);
          endsMs.add(departures.endsMs(seat.getKey()));
        });
    int freeSeats = Math.max(0, settings.maxParticipants() - sinceMs.size());
    return history.estimate(ahead, freeSeats, sinceMs, endsMs, departures.visitSec(), nowMs);
  }

  private static TicketView ended(TicketView last, TicketView.State state) {
    return new TicketView(
        last.ticketId(),
        last.key(),
        last.identity(),
        last.displayName(),
        last.priority(),
        last.position(),
        last.ahead(),
        last.waiting(),
        state,
        last.held(),
        last.approved(),
        last.joinedAtMs(),
        last.admittedAtMs(),
        last.eta());
  }
}
