package dev.parley.signaling.rules;

import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Who is in a room and who waits before it. A seat belongs to one at a time: somebody inside,
 * somebody admitted whose window is open, or somebody who was inside before a restart and may still
 * come back.
 *
 * <p>The queue is a list. A new ticket goes behind all of its priority; after that only a
 * moderator's word or a missed window changes its place. Who is away is passed over, not overtaken:
 * the place stays. After a restart nobody is passed over until all had time to come back. What a
 * moderator has admitted by name goes before what a free seat admits.
 *
 * <p>Deadlines are kept even when the timer is late: whatever happens at a time happens after what
 * ended by then.
 */
public final class Admission {
  /** How long people may take to come back after a restart. */
  public static final long RECOVERY_MS = 120_000;

  static final long UPDATE_LEAST_MS = 2_000;
  static final long UPDATE_MOST_MS = 30_000;
  private static final long RETRY_MS = 5_000;
  private static final int MOST_PRIORITY = 9;
  private static final long NEVER = Long.MAX_VALUE;

  /** What became of somebody at the door. */
  public sealed interface Entry {
    /** Has a seat from now on, until {@link #released}. */
    record Seated() implements Entry {}

    record Queued(TicketView ticket) implements Entry {}

    record Refused(Refusal refusal) implements Entry {}
  }

  private final Supplier<String> ticketIds;
  private final Supplier<String> admitTokens;
  private final Departures departures;
  private final SeatTable seats = new SeatTable();
  private final WaitingList queue = new WaitingList();
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
    this.paused = settings.awaitsModerator(moderators);
  }

  /** Continues what an earlier process left; to be called first. */
  public void restore(AdmissionState state, long nowMs) {
    recoveryEndsMs = nowMs + RECOVERY_MS;
    seats.restore(state);
    for (AdmissionState.Waiting waiting : state.waiting()) {
      Ticket ticket = new Ticket(waiting);
      ticket.awaySinceMs = nowMs;
      queue.addLast(ticket);
    }
    closed = state.closed();
  }

  public AdmissionState save() {
    return new AdmissionState(
        seats.save(), queue.stream().map(Ticket::save).toList(), seats.visitsMs(), closed);
  }

  public boolean recovering(long nowMs) {
    return nowMs < recoveryEndsMs;
  }

  /** Nobody is inside, waits, or is expected back. */
  public boolean isIdle() {
    return seats.isEmpty() && queue.isEmpty();
  }

  /** The key by which somebody waits. */
  public Optional<String> keyOf(String identity) {
    return queue.of(identity).map(ticket -> ticket.key);
  }

  /** Tickets, those of people who are away or admitted and not inside yet included. */
  public int waitingCount() {
    return queue.size();
  }

  /** Seats that somebody has taken. */
  public int insideCount() {
    return seats.size();
  }

  /**
   * Somebody wants to come in, for the first time or again.
   *
   * @throws IllegalArgumentException if the key has a seat already
   */
  public Entry arrive(Guest guest, long nowMs) {
    if (seats.has(guest.key())) {
      throw new IllegalArgumentException("key " + guest.key() + " has a seat");
    }
    settle(nowMs);
    Optional<SeatTable.Seat> kept = seats.claimKept(guest.identity());
    // A host who comes back as somebody else had no seat to keep.
    if (kept.isPresent() && (settings.counts(kept.get()) || isFree(guest))) {
      queue.forget(guest.identity());
      return seat(guest, kept.get().sinceMs(), nowMs);
    }
    Optional<Ticket> own = queue.of(guest.identity());
    if (own.isPresent()) {
      return again(own.get(), guest, nowMs);
    }
    if (guest.admitToken().isPresent()) {
      return new Entry.Refused(
          Refusal.of(ErrorCode.TICKET_EXPIRED, "the admission is not valid any more"));
    }
    if (guest.host() || guest.bypass() ? isFree(guest) : isFreeForAll(nowMs)) {
      return seat(guest, nowMs, nowMs);
    }
    if (!settings.enabled() || guest.host() || guest.bypass()) {
      return refused(
          ErrorCode.ROOM_FULL,
          "the room is full: it takes " + settings.maxParticipants() + " participants");
    }
    return queued(guest, nowMs);
  }

  /** There is a seat that nobody who waits has a right to. */
  private boolean isFreeForAll(long nowMs) {
    if (settings.needsWord()) {
      return false;
    }
    long owed = queue.stream().filter(t -> isNext(t) && (!t.away() || recovering(nowMs))).count();
    return free() > owed;
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
    queue.insert(ticket);
    return entryOf(ticket, nowMs);
  }

  /** A ticket's owner is back: the place is the same. */
  private Entry again(Ticket ticket, Guest guest, long nowMs) {
    // The identity is proved by its token, so the admission's own is not asked for.
    if (ticket.admitted() || ((guest.host() || guest.bypass()) && isFree(guest))) {
      SeatTable.Claim claim = new SeatTable.Claim(ticket, queue.ahead(ticket));
      queue.remove(ticket);
      seats.take(
          guest.key(),
          new SeatTable.Seat(guest.identity(), guest.host(), nowMs, Optional.of(claim)));
      fill(nowMs);
      return new Entry.Seated();
    }
    ticket.key = guest.key();
    ticket.displayName = guest.displayName();
    ticket.awaySinceMs = NEVER;
    return entryOf(ticket, nowMs);
  }

  private Entry entryOf(Ticket ticket, long nowMs) {
    fill(nowMs);
    int at = queue.indexOf(ticket);
    told(ticket, at, nowMs);
    return new Entry.Queued(tickets(nowMs).get(at));
  }

  private static Entry refused(ErrorCode code, String message) {
    return new Entry.Refused(Refusal.retryAfter(code, message, RETRY_MS));
  }

  private Entry seat(Guest guest, long sinceMs, long nowMs) {
    seats.take(guest.key(), new SeatTable.Seat(guest.identity(), guest.host(), sinceMs));
    // One who has become a host leaves a seat free.
    fill(nowMs);
    return new Entry.Seated();
  }

  /**
   * Somebody who had a seat did not come in after all. A ticket it was taken with is back where it
   * was, without a connection, and admitted still while its window is open.
   */
  public void abandoned(String key, long nowMs) {
    settle(nowMs);
    seats.free(key).flatMap(SeatTable.Seat::claim).ifPresent(claim -> putBack(claim, nowMs));
    settle(nowMs);
  }

  private void putBack(SeatTable.Claim claim, long nowMs) {
    Ticket ticket = claim.ticket();
    ticket.awaySinceMs = nowMs;
    Optional<Ticket> later = queue.of(ticket.identity);
    if (later.isPresent()) {
      // Waits by another connection by now, which is to be told of an admission of its own.
      queue.remove(later.get());
      ticket.goOnAs(later.get());
    }
    queue.putBack(ticket, claim.ahead());
  }

  /** Somebody inside is gone for good. */
  public void released(String key, long nowMs) {
    settle(nowMs);
    seats.free(key).ifPresent(seat -> seats.visited(seat, nowMs));
    fill(nowMs);
  }

  /** A seat goes over to another connection of the same person. */
  public void transfer(String from, String to) {
    seats.free(from).ifPresent(seat -> seats.take(to, seat));
  }

  /** Somebody who waits has lost the connection. */
  public void lost(String key, long nowMs) {
    settle(nowMs);
    queue
        .withKey(key)
        .filter(ticket -> !ticket.away())
        .ifPresent(ticket -> ticket.awaySinceMs = nowMs);
  }

  /** The connection is there again, and the same. */
  public void returned(String key, long nowMs) {
    settle(nowMs);
    queue
        .withKey(key)
        .filter(Ticket::away)
        .ifPresent(ticket -> {
          ticket.awaySinceMs = NEVER;
          ticket.told = Ticket.News.NONE;
        });
    fill(nowMs);
  }

  /** Somebody waits no longer, by own decision. */
  public void left(String key, long nowMs) {
    settle(nowMs);
    queue.withKey(key).ifPresent(queue::remove);
    fill(nowMs);
  }

  /** Nobody waits any more, nor is expected back: the room has ended. */
  public void dismiss(long nowMs) {
    settle(nowMs);
    queue.stream().toList().forEach(queue::remove);
    seats.expectNobody();
  }

  /** How many moderators are inside. */
  public void moderators(int count, long nowMs) {
    settle(nowMs);
    moderators = count;
    fill(nowMs);
  }

  public void settings(QueueSettings changed, long nowMs) {
    settle(nowMs);
    settings = changed;
    fill(nowMs);
  }

  public boolean isClosed() {
    return closed;
  }

  /** Takes new tickets no more, or again. */
  public void closed(boolean now) {
    closed = now;
  }

  /** Admits one ticket as soon as there is a seat, wherever it stands, and away or not. */
  public Optional<Refusal> admit(String ticketId, long nowMs) {
    return with(ticketId, Admission::approve, nowMs);
  }

  /** Admits so many of those present, from the head. */
  public void admitNext(int count, long nowMs) {
    settle(nowMs);
    int left = count;
    for (Ticket ticket : queue.copy()) {
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
          TicketView last = queue.ended(ticket, TicketView.State.DENIED);
          queue.remove(ticket);
          effects.add(new QueueEffect.Denied(last, text));
        },
        nowMs);
  }

  /** Passes a ticket over until it is released or admitted. */
  public Optional<Refusal> hold(String ticketId, boolean held, long nowMs) {
    return with(ticketId, ticket -> ticket.held = held, nowMs);
  }

  /** A new priority from 0 to 9, and a place behind all who have it. */
  public Optional<Refusal> priority(String ticketId, int priority, long nowMs) {
    if (priority < 0 || priority > MOST_PRIORITY) {
      return Optional.of(Refusal.badField("priority", "0.." + MOST_PRIORITY));
    }
    return with(
        ticketId,
        ticket -> {
          queue.remove(ticket);
          ticket.priority = priority;
          queue.insert(ticket);
        },
        nowMs);
  }

  /** An explicit place, from 1; one behind the last is the last. */
  public Optional<Refusal> move(String ticketId, int position, long nowMs) {
    if (position < 1) {
      return Optional.of(Refusal.badField("position", "1 or more"));
    }
    return with(ticketId, ticket -> queue.move(ticket, position), nowMs);
  }

  /**
   * Somebody inside is to wait again, until a moderator lets go of the ticket. A ticket that the
   * same identity has already is given up for the new one.
   *
   * @param guest the same, as one at the door
   */
  public TicketView toQueue(Guest guest, boolean head, long nowMs) {
    settle(nowMs);
    var unused = seats.free(guest.key());
    queue.forget(guest.identity());
    Ticket ticket = new Ticket(guest, ticketIds.get(), nowMs);
    ticket.held = true;
    if (head) {
      queue.addFirst(ticket);
    } else {
      queue.addLast(ticket);
    }
    fill(nowMs);
    int at = queue.indexOf(ticket);
    told(ticket, at, nowMs);
    return tickets(nowMs).get(at);
  }

  private Optional<Refusal> with(String ticketId, Consumer<Ticket> action, long nowMs) {
    settle(nowMs);
    Optional<Ticket> ticket = queue.withId(ticketId);
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
    long next = seats.expectsSomebody() || !queue.isEmpty() ? recoveryAhead() : NEVER;
    for (int at = 0; at < queue.size(); at++) {
      Ticket ticket = queue.get(at);
      next = Math.min(next, ticket.windowEndsMs);
      if (ticket.away()) {
        next = Math.min(next, graceEndsMs(ticket));
      } else if (!ticket.admitted()) {
        next = Math.min(next, updateDueMs(ticket, at));
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

  private long updateDueMs(Ticket ticket, int at) {
    boolean same = ticket.told.equals(news(ticket, at));
    return ticket.toldAtMs + (same ? UPDATE_MOST_MS : UPDATE_LEAST_MS);
  }

  /** Ends windows and graces that are over, fills seats, and tells people what is due. */
  public void handleTimeout(long nowMs) {
    settle(nowMs);
    List<TicketView> views = List.of();
    for (int at = 0; at < queue.size(); at++) {
      Ticket ticket = queue.get(at);
      if (!ticket.away() && !ticket.admitted() && nowMs >= updateDueMs(ticket, at)) {
        if (views.isEmpty()) {
          views = tickets(nowMs);
        }
        told(ticket, at, nowMs);
        effects.add(new QueueEffect.Update(views.get(at)));
      }
    }
  }

  /** Brings everything to this time. */
  private void settle(long nowMs) {
    if (recoveryEndsMs != 0 && nowMs >= recoveryEndsMs) {
      seats.expectNobody();
      recoveryEndsMs = 0;
    }
    // From the tail, so that those who miss at once go behind the same person in their order.
    for (Ticket ticket : queue.copy().reversed()) {
      if (nowMs >= ticket.windowEndsMs) {
        windowMissed(ticket);
      }
    }
    for (Ticket ticket : queue.copy()) {
      if (ticket.away() && nowMs >= graceEndsMs(ticket)) {
        TicketView last = queue.ended(ticket, TicketView.State.LEFT);
        queue.remove(ticket);
        effects.add(new QueueEffect.Left(last));
      }
    }
    fill(nowMs);
  }

  /**
   * The first time behind the next person, the second time out. The next is who can take the seat,
   * or whoever stands behind if nobody can.
   */
  private void windowMissed(Ticket ticket) {
    if (ticket.missed) {
      TicketView last = queue.ended(ticket, TicketView.State.EXPIRED);
      queue.remove(ticket);
      effects.add(new QueueEffect.Expired(last));
      return;
    }
    ticket.miss();
    queue.passBehindNext(ticket, next -> isNext(next) && !next.away());
  }

  /** Would be admitted, if present and a seat were free. */
  private boolean isNext(Ticket ticket) {
    return !ticket.admitted() && !ticket.held && (ticket.approved || !settings.needsWord());
  }

  /** Gives free seats away, by the order of the queue. */
  private void fill(long nowMs) {
    tellPaused();
    int seatsFree = free();
    int left = fill(false, fill(true, seatsFree, nowMs), nowMs);
    if (left == seatsFree) {
      return;
    }
    List<TicketView> views = tickets(nowMs);
    for (int at = 0; at < queue.size(); at++) {
      Ticket ticket = queue.get(at);
      if (ticket.toBeTold) {
        ticket.toBeTold = false;
        effects.add(
            new QueueEffect.Admitted(
                views.get(at), ticket.admitToken, settings.admitWindowSec() * 1000L));
      }
    }
  }

  /** Gives seats to those approved, or to the others; those left are returned. */
  private int fill(boolean approved, int seatsFree, long nowMs) {
    int left = seatsFree;
    for (Ticket ticket : queue) {
      if (left <= 0) {
        return left;
      }
      if (ticket.approved != approved || !isNext(ticket)) {
        continue;
      }
      if (!ticket.away()) {
        ticket.admit(admitTokens.get(), nowMs, settings.admitWindowSec() * 1000L);
        ticket.toBeTold = true;
        left--;
      } else if (recovering(nowMs)) {
        left--;
      }
    }
    return left;
  }

  private void tellPaused() {
    boolean now = settings.awaitsModerator(moderators);
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

  public Optional<TicketView> ticket(String key, long nowMs) {
    return queue.withKey(key).map(ticket -> tickets(nowMs).get(queue.indexOf(ticket)));
  }

  private boolean isFree(Guest guest) {
    return (guest.host() && !settings.countHosts()) || free() > 0;
  }

  /** Seats nobody has a right to; those without a limit are many. */
  private int free() {
    if (settings.maxParticipants() == 0) {
      return Integer.MAX_VALUE;
    }
    long taken = seats.count(settings) + queue.stream().filter(Ticket::admitted).count();
    return (int) (settings.maxParticipants() - taken);
  }

  private void told(Ticket ticket, int at, long nowMs) {
    ticket.toldAtMs = nowMs;
    ticket.told = news(ticket, at);
  }

  private Ticket.News news(Ticket ticket, int at) {
    return new Ticket.News(
        at + 1,
        settings.showPosition(),
        settings.showCount() ? queue.size() : 0,
        ticket.held,
        ticket.priority,
        settings.message());
  }

  /** Everybody who waits, in order. */
  public List<TicketView> tickets(long nowMs) {
    Forecast forecast = forecast(nowMs);
    int goFirst = (int) queue.stream().filter(Ticket::admitted).count();
    List<TicketView> views = new ArrayList<>(queue.size());
    int admitted = 0;
    for (int at = 0; at < queue.size(); at++) {
      Ticket ticket = queue.get(at);
      int before = ticket.admitted() ? admitted++ : goFirst + at - admitted;
      TicketView.Eta eta = ticket.held ? TicketView.Eta.UNKNOWN : forecast.eta(before);
      views.add(ticket.view(at, queue.size(), ticket.state(), eta));
    }
    return views;
  }

  private Forecast forecast(long nowMs) {
    if (settings.needsWord() || settings.maxParticipants() == 0) {
      return Forecast.UNKNOWN;
    }
    return seats.forecast(settings, departures, nowMs);
  }
}
