package dev.parley.signaling.rules;

import java.util.OptionalLong;

/** A place in the queue. */
final class Ticket {
  static final long NEVER = Long.MAX_VALUE;

  final String id;
  final String identity;
  final String address;
  final long joinedAtMs;
  String key;
  String displayName;
  int priority;

  /** Without a connection since; {@link #NEVER}: it has one. */
  long awaySinceMs = NEVER;

  /** The window closes then; {@link #NEVER}: not admitted. */
  long windowEndsMs = NEVER;

  long admittedAtMs = NEVER;
  String admitToken = "";
  boolean held;
  boolean approved;
  boolean missed;
  long toldAtMs;
  News told = News.NONE;

  /** Was admitted, and the effect that says so is yet to come. */
  boolean toBeTold;

  /** What its owner sees of it, and is told when it changes. */
  record News(
      int position, boolean showsPosition, int count, boolean held, int priority, String message) {
    static final News NONE = new News(0, false, 0, false, 0, "");
  }

  Ticket(Guest guest, String id, long nowMs) {
    this.id = id;
    this.identity = guest.identity();
    this.address = guest.address();
    this.joinedAtMs = nowMs;
    this.key = guest.key();
    this.displayName = guest.displayName();
    this.priority = guest.priority();
  }

  Ticket(AdmissionState.Waiting saved) {
    this.id = saved.ticketId();
    this.identity = saved.identity();
    this.address = saved.address();
    this.joinedAtMs = saved.joinedAtMs();
    this.key = "";
    this.displayName = saved.displayName();
    this.priority = saved.priority();
    this.held = saved.held();
    this.approved = saved.approved();
    this.missed = saved.missed();
  }

  AdmissionState.Waiting save() {
    return new AdmissionState.Waiting(
        id, identity, address, joinedAtMs, displayName, priority, held, approved, missed);
  }

  boolean admitted() {
    return windowEndsMs != NEVER;
  }

  boolean away() {
    return awaySinceMs != NEVER;
  }

  TicketView.State state() {
    return admitted()
        ? TicketView.State.ADMITTED
        : away() ? TicketView.State.AWAY : TicketView.State.WAITING;
  }

  void admit(String token, long nowMs, long windowMs) {
    admitToken = token;
    admittedAtMs = nowMs;
    windowEndsMs = nowMs + windowMs;
  }

  /** The window passed. */
  void miss() {
    missed = true;
    withdraw();
  }

  /** Its owner waits by the connection of a later ticket. */
  void goOnAs(Ticket later) {
    key = later.key;
    displayName = later.displayName;
    awaySinceMs = later.awaySinceMs;
    withdraw();
  }

  private void withdraw() {
    admitToken = "";
    admittedAtMs = NEVER;
    windowEndsMs = NEVER;
    told = News.NONE;
  }

  /**
   * How it is told.
   *
   * @param index from 0, of so many
   */
  TicketView view(int index, int waiting, TicketView.State state, TicketView.Eta eta) {
    return new TicketView(
        id,
        key,
        identity,
        displayName,
        priority,
        index + 1,
        index,
        waiting,
        state,
        held,
        approved,
        joinedAtMs,
        admittedAt(),
        eta);
  }

  private OptionalLong admittedAt() {
    return admittedAtMs == NEVER ? OptionalLong.empty() : OptionalLong.of(admittedAtMs);
  }
}
