package dev.parley.signaling.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The rules of the queue in the simplest words: lists that are scanned from the front, one decision
 * at a time. What {@link Admission} does is compared with it.
 */
final class QueueModel {
  /** In a seat, or expected back. */
  record Person(String key, String identity, boolean host) {}

  /** Standing in the line. */
  static final class Stander {
    final String identity;
    final String address;
    String key;
    int priority;
    boolean present = true;
    boolean held;
    boolean approved;
    boolean missedOnce;
    boolean admitted;
    long lostMs;
    long admittedUntilMs;

    Stander(Guest guest) {
      identity = guest.identity();
      address = guest.address();
      key = guest.key();
      priority = guest.priority();
    }

    @Override
    public String toString() {
      String state = admitted ? "ADMITTED" : present ? "WAITING" : "AWAY";
      return identity
          + "/"
          + key
          + " "
          + priority
          + " "
          + state
          + (held ? " held" : "")
          + (approved ? " approved" : "");
    }
  }

  final List<Person> inside = new ArrayList<>();
  final List<Person> kept = new ArrayList<>();
  final List<Stander> line = new ArrayList<>();

  /** What happened in this step, as {@code kind:identity}, with how often. */
  final TreeMap<String, Integer> happened = new TreeMap<>();

  QueueSettings settings;
  boolean closed;
  long recoversUntilMs = Long.MIN_VALUE;

  QueueModel(QueueSettings settings) {
    this.settings = settings;
  }

  private void note(String kind, Stander stander) {
    happened.merge(kind + ":" + stander.identity, 1, Integer::sum);
  }

  boolean recovering(long nowMs) {
    return nowMs < recoversUntilMs;
  }

  /** What is over at this time ends, and seats go on. */
  void passTo(long nowMs) {
    if (!recovering(nowMs)) {
      kept.clear();
    }
    List<Stander> missing =
        line.stream().filter(s -> s.admitted && s.admittedUntilMs <= nowMs).toList();
    for (int i = missing.size() - 1; i >= 0; i--) {
      Stander s = missing.get(i);
      int at = line.indexOf(s);
      line.remove(at);
      s.admitted = false;
      if (s.missedOnce) {
        note("expired", s);
        continue;
      }
      s.missedOnce = true;
      // Behind the next who could come in instead, or else behind the next of all.
      int next = at;
      while (next < line.size() && !(mayComeIn(line.get(next)) && line.get(next).present)) {
        next++;
      }
      line.add(Math.min(next < line.size() ? next + 1 : at + 1, line.size()), s);
    }
    for (Stander s : List.copyOf(line)) {
      long endMs = Math.max(s.lostMs + 1000L * settings.awayGraceSec(), recoversUntilMs);
      if (!s.present && !s.admitted && endMs <= nowMs) {
        line.remove(s);
        note("left", s);
      }
    }
    giveSeats(nowMs);
  }

  private boolean byWord() {
    return settings.enabled()
        && (settings.mode() != QueueSettings.Mode.CAPACITY || !settings.autoAdmit());
  }

  /** Only a seat is missing, and perhaps the person. */
  private boolean mayComeIn(Stander s) {
    return !s.admitted && !s.held && (s.approved || !byWord());
  }

  long taken() {
    return inside.stream().filter(this::takesSeat).count()
        + kept.stream().filter(this::takesSeat).count()
        + line.stream().filter(s -> s.admitted).count();
  }

  private boolean takesSeat(Person person) {
    return settings.countHosts() || !person.host();
  }

  private long free() {
    return settings.maxParticipants() == 0 ? 1_000_000 : settings.maxParticipants() - taken();
  }

  private void giveSeats(long nowMs) {
    for (Stander s = luckyOne(nowMs); s != null; s = luckyOne(nowMs)) {
      s.admitted = true;
      s.admittedUntilMs = nowMs + 1000L * settings.admitWindowSec();
      note("admitted", s);
    }
  }

  private @org.jspecify.annotations.Nullable Stander luckyOne(long nowMs) {
    List<Stander> inTurn = new ArrayList<>(line.stream().filter(s -> s.approved).toList());
    inTurn.addAll(line.stream().filter(s -> !s.approved).toList());
    long free = free();
    for (Stander s : inTurn) {
      if (mayComeIn(s) && s.present && free > 0) {
        return s;
      }
      if (mayComeIn(s) && !s.present && recovering(nowMs)) {
        free--;
      }
    }
    return null;
  }

  /** {@code in}, {@code queued}, or the code of the refusal. */
  String arrive(Guest guest, boolean hasToken, long nowMs) {
    passTo(nowMs);
    Person person = new Person(guest.key(), guest.identity(), guest.host());
    Person wasInside =
        kept.stream().filter(k -> k.identity().equals(guest.identity())).findFirst().orElse(null);
    if (wasInside != null) {
      kept.remove(wasInside);
      if (takesSeat(wasInside) || !takesSeat(person) || free() > 0) {
        line.removeIf(s -> s.identity.equals(guest.identity()));
        return takeSeat(person, nowMs);
      }
    }
    boolean privileged = guest.host() || guest.bypass();
    boolean hostFree = guest.host() && !settings.countHosts();
    for (Stander s : line) {
      if (s.identity.equals(guest.identity())) {
        if (s.admitted || (privileged && (hostFree || free() > 0))) {
          line.remove(s);
          return takeSeat(person, nowMs);
        }
        s.key = guest.key();
        s.present = true;
        giveSeats(nowMs);
        return "queued";
      }
    }
    if (hasToken) {
      return "ticket_expired";
    }
    if (privileged) {
      if (hostFree || free() > 0) {
        return takeSeat(person, nowMs);
      }
      return "room_full";
    }
    long rights =
        line.stream().filter(s -> mayComeIn(s) && (s.present || recovering(nowMs))).count();
    if (!byWord() && free() > rights) {
      return takeSeat(person, nowMs);
    }
    if (!settings.enabled()) {
      return "room_full";
    }
    if (closed) {
      return "queue_closed";
    }
    if (line.size() >= settings.maxLength()
        || line.stream().filter(s -> s.address.equals(guest.address())).count()
            >= settings.ticketsPerAddress()) {
      return "queue_full";
    }
    enter(new Stander(guest));
    giveSeats(nowMs);
    return "queued";
  }

  private String takeSeat(Person person, long nowMs) {
    inside.add(person);
    giveSeats(nowMs);
    return "in";
  }

  /** Behind the last of the same or a higher priority. */
  private void enter(Stander s) {
    int behind = 0;
    for (int i = 0; i < line.size(); i++) {
      if (line.get(i).priority >= s.priority) {
        behind = i + 1;
      }
    }
    line.add(behind, s);
  }

  private @org.jspecify.annotations.Nullable Stander byKey(String key) {
    return line.stream().filter(s -> s.key.equals(key)).findFirst().orElse(null);
  }

  private @org.jspecify.annotations.Nullable Stander byIdentity(String identity) {
    return line.stream().filter(s -> s.identity.equals(identity)).findFirst().orElse(null);
  }

  void released(String key, long nowMs) {
    passTo(nowMs);
    inside.removeIf(person -> person.key().equals(key));
    giveSeats(nowMs);
  }

  void lost(String key, long nowMs) {
    passTo(nowMs);
    Stander s = byKey(key);
    if (s != null && s.present) {
      s.present = false;
      s.lostMs = nowMs;
    }
    giveSeats(nowMs);
  }

  void returned(String key, long nowMs) {
    passTo(nowMs);
    Stander s = byKey(key);
    if (s != null) {
      s.present = true;
    }
    giveSeats(nowMs);
  }

  void left(String key, long nowMs) {
    passTo(nowMs);
    line.removeIf(s -> s.key.equals(key));
    giveSeats(nowMs);
  }

  void settings(QueueSettings changed, long nowMs) {
    passTo(nowMs);
    settings = changed;
    giveSeats(nowMs);
  }

  boolean admit(String identity, long nowMs) {
    passTo(nowMs);
    Stander s = byIdentity(identity);
    if (s != null) {
      s.approved = true;
      s.held = false;
    }
    giveSeats(nowMs);
    return s != null;
  }

  void admitNext(int count, long nowMs) {
    passTo(nowMs);
    line.stream()
        .filter(s -> s.present && !s.admitted && !s.approved && !s.held)
        .limit(count)
        .toList()
        .forEach(s -> s.approved = true);
    giveSeats(nowMs);
  }

  boolean deny(String identity, long nowMs) {
    passTo(nowMs);
    Stander s = byIdentity(identity);
    if (s != null) {
      line.remove(s);
      note("denied", s);
    }
    giveSeats(nowMs);
    return s != null;
  }

  boolean hold(String identity, boolean held, long nowMs) {
    passTo(nowMs);
    Stander s = byIdentity(identity);
    if (s != null) {
      s.held = held;
    }
    giveSeats(nowMs);
    return s != null;
  }

  boolean priority(String identity, int priority, long nowMs) {
    passTo(nowMs);
    Stander s = byIdentity(identity);
    if (s != null) {
      line.remove(s);
      s.priority = priority;
      enter(s);
    }
    giveSeats(nowMs);
    return s != null;
  }

  boolean move(String identity, int position, long nowMs) {
    passTo(nowMs);
    Stander s = byIdentity(identity);
    if (s != null) {
      line.remove(s);
      line.add(Math.min(position, line.size() + 1) - 1, s);
    }
    giveSeats(nowMs);
    return s != null;
  }

  void toQueue(Guest guest, boolean head, long nowMs) {
    passTo(nowMs);
    inside.removeIf(person -> person.key().equals(guest.key()));
    line.removeIf(s -> s.identity.equals(guest.identity()));
    Stander s = new Stander(guest);
    s.held = true;
    line.add(head ? 0 : line.size(), s);
    giveSeats(nowMs);
  }

  void restart(long nowMs) {
    kept.addAll(0, inside);
    inside.clear();
    recoversUntilMs = nowMs + 120_000;
    for (Stander s : line) {
      s.key = "";
      s.present = false;
      s.lostMs = nowMs;
      s.admitted = false;
    }
  }
}
