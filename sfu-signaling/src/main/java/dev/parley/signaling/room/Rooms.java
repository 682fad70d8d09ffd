package dev.parley.signaling.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Request;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rooms of this server. A room opens with its first participant and closes with its last. Room
 * thread, except {@link #openRooms()} and {@link #participants()}.
 */
public final class Rooms {
  private static final Logger log = LoggerFactory.getLogger(Rooms.class);
  private static final long NANOS_A_SECOND = 1_000_000_000;

  /** Calls {@link #handleTimeout} at a time in milliseconds since 1970; the last call wins. */
  public interface Alarm {
    void set(long atMs);
  }

  /** The most a room and a participant may have. */
  public record Bounds(int roomSize, int audioSlots, int videoSlots, OnDuplicate onDuplicate) {}

  private final MediaServer mediaServer;
  private final Executor roomThread;
  private final Ids ids;
  private final SignalingCounters counters;
  private final InstantSource clock;
  private final RoomConfig config;
  private final Alarm alarm;
  private final PublishedTracks tracks;
  private final MediaRequests mediaRequests;
  private final Entrance entrance;
  private final Moderator moderator = new Moderator(this);
  private final Duplicates duplicates;
  private final Agenda agenda = new Agenda();
  private final RoomNews news;
  private final Map<String, Room> byName = new HashMap<>();
  private volatile boolean draining;
  private boolean closed;
  private long changes;
  private volatile int openRooms;
  private final AtomicInteger participants = new AtomicInteger();

  /**
   * @param roomThread runs what the media engine reports; the same thread that calls this class
   * @param clock for bans, timers and the times of messages
   */
  public Rooms(
      MediaServer mediaServer,
      Executor roomThread,
      Ids ids,
      Bounds bounds,
      InstantSource clock,
      RoomConfig config,
      Alarm alarm,
      SignalingCounters counters) {
    this.mediaServer = mediaServer;
    this.roomThread = roomThread;
    this.ids = ids;
    this.clock = clock;
    this.config = config;
    this.alarm = alarm;
    this.counters = counters;
    this.news = new RoomNews(clock);
    this.tracks = new PublishedTracks(ids, roomThread);
    this.mediaRequests = new MediaRequests(roomThread);
    this.duplicates = new Duplicates(bounds.onDuplicate());
    this.entrance = new Entrance(this, bounds, ids, roomThread, duplicates, counters);
  }

  /** Rooms open now. Any thread. */
  public int openRooms() {
    return openRooms;
  }

  /** Participants in all rooms, those on the way in included. Any thread. */
  public int participants() {
    return participants.get();
  }

  PublishedTracks tracks() {
    return tracks;
  }

  MediaRequests media() {
    return mediaRequests;
  }

  Entrance entrance() {
    return entrance;
  }

  Moderator moderator() {
    return moderator;
  }

  /** Milliseconds since 1970. */
  long nowMs() {
    return clock.millis();
  }

  /** For short durations; nanoseconds since 1970. Any thread. */
  long nowNanos() {
    Instant now = clock.instant();
    return now.getEpochSecond() * NANOS_A_SECOND + now.getNano();
  }

  Outcome<Event.ChatMessage> say(Seat seat, Request.ChatSend request) {
    changes++;
    return seat.room().chat.send(seat.room(), seat.participant(), request, ids.message(), nowMs());
  }

  /**
   * The room of this name, opened if it is not.
   *
   * @throws MediaException when the engine takes no more rooms, or the server no more echo rooms
   */
  Room of(String name) {
    Room known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (EchoRooms.isOne(name)
        && byName.keySet().stream().filter(EchoRooms::isOne).count() >= config.echo().most()) {
      throw new MediaException(
          MediaException.Code.SERVER_FULL,
          "at most " + config.echo().most() + " connection checks run at once");
    }
    return open(name, config.of(name));
  }

  private Room open(String name, RoomSettings settings) {
    String id = ids.room();
    MediaRoom media =
        EchoRooms.isOne(name)
            ? mediaServer.openEchoRoom(id, speakersOf(name))
            : mediaServer.openRoom(id, speakersOf(name));
    Room room = new Room(id, name, settings, media, ids, clock, news, counters.calls());
    byName.put(room.name, room);
    openRooms = byName.size();
    room.report(RoomEvent.Type.ROOM_OPENED, Map.of());
    LogLine.event("room.opened").with("room", room.name).with("id", id).info(log);
    return room;
  }

  /** Opens the rooms that an earlier process left, for those who come back; to be called first. */
  public void restore(List<SavedRoom> saved) {
    for (SavedRoom room : saved) {
      open(room.name(), room.settings()).restore(room);
      LogLine.event("room.restored")
          .with("room", room.name())
          .with("inside", room.admission().inside().size())
          .with("waiting", room.admission().waiting().size())
          .info(log);
    }
    List.copyOf(byName.values()).forEach(this::settle);
  }

  /** All but what lasts for seconds only. */
  public List<SavedRoom> save() {
    return byName.values().stream()
        .filter(room -> !EchoRooms.isOne(room.name))
        .map(Room::save)
        .toList();
  }

  /** Grows with each change that {@link #save} would show. */
  public long changes() {
    return changes;
  }

  /** Somebody who waits does so no longer. */
  void stopWaiting(Place place) {
    place.room().door().left(place.key(), nowMs());
    settle(place.room());
  }

  /** Somebody who waited is inside, or waits by another key. */
  void forget(Place place) {
    place.room().door().forget(place.key());
  }

  /** Somebody who waits has lost the connection, or has it again. */
  void away(Place place, boolean away) {
    if (away) {
      place.room().door().admission().lost(place.key(), nowMs());
    } else {
      place.room().door().admission().returned(place.key(), nowMs());
    }
    settle(place.room());
  }

  /** Carries out what has become due. */
  public void handleTimeout() {
    agenda.due(nowMs()).forEach(this::settle);
    alarm.set(agenda.nextMs());
  }

  /** {@link #settle} for a room that may not be open. */
  void settle(String name) {
    Room room = byName.get(name);
    if (room != null) {
      settle(room);
    }
  }

  /** After every change: tells what follows from it, and closes a room nobody needs any more. */
  void settle(Room room) {
    changes++;
    if (isOpen(room)) {
      room.settle(this);
    }
    // Settling may have ended it.
    if (isOpen(room) && room.isIdle()) {
      byName.remove(room.name);
      openRooms = byName.size();
      room.media().close();
      room.report(RoomEvent.Type.ROOM_CLOSED, Map.of());
      LogLine.event("room.closed").with("room", room.name).with("id", room.id).info(log);
    }
    room.countWaiting(isOpen(room) ? room.door().admission().waitingCount() : 0);
    agenda.set(room, isOpen(room) ? room.nextTimeoutMs() : Agenda.NEVER);
    alarm.set(agenda.nextMs());
  }

  private boolean isOpen(Room room) {
    return byName.get(room.name) == room;
  }

  void leave(Seat seat, LeaveReason reason) {
    if (!seat.isTaken()) {
      return;
    }
    Participant participant = seat.participant();
    Room room = seat.room();
    boolean wasInside = participant.isVisible();
    participant.gone();
    participant.media().ifPresent(MediaSession::close);
    room.remove(participant);
    counted(-1);
    line(wasInside ? "leave" : "join.abandoned", seat)
        .with("reason", reason.wireName())
        .with("participants", room.size())
        .info(log);
    if (wasInside) {
      counters.left();
      Map<String, String> details = details(participant);
      details.put("reason", reason.wireName());
      participant.leaveCause(reason).ifPresent(cause -> details.put("cause", cause));
      room.report(RoomEvent.Type.PARTICIPANT_LEFT, details);
      room.tellOthers(participant, new Event.ParticipantLeft(participant.id, reason));
    }
    release(room, participant, wasInside);
    settle(room);
  }

  /** A seat that the same person has from another connection stays that one's. */
  private void release(Room room, Participant gone, boolean wasInside) {
    Admission admission = room.door().admission();
    Optional<Participant> heir = duplicates.heir(room, gone);
    heir.ifPresent(next -> admission.transfer(gone.id, next.id));
    room.timekeeper().left(gone, heir, nowMs());
    if (wasInside) {
      admission.released(gone.id, nowMs());
    } else {
      admission.abandoned(gone.id, nowMs());
    }
    admission.moderators(room.moderators().size(), nowMs());
  }

  /** Whether nobody is let in any more. Any thread. */
  public boolean draining() {
    return draining;
  }

  /**
   * Tells a listener what happens in rooms from now on. Any thread.
   *
   * @return ends it
   */
  public Runnable listen(RoomEvent.Listener listener) {
    return news.add(listener);
  }

  Optional<Room> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<Room> all() {
    return List.copyOf(byName.values());
  }

  /**
   * Opens a room before its first visitor.
   *
   * @throws MediaException when the engine takes no more rooms
   */
  Room create(String name, RoomSettings settings, int keepSec) {
    Room room = open(name, settings);
    room.keep(keepSec);
    settle(room);
    return room;
  }

  RoomSettings usual(String name) {
    return config.of(name);
  }

  /** Somebody has taken a seat. */
  void counted(int change) {
    participants.addAndGet(change);
  }

  /** Lets nobody in any more; who is inside goes on. */
  public void drain() {
    draining = true;
  }

  /** Lets people in again after {@link #drain}, unless the rooms were closed. */
  public void resume() {
    draining = closed;
  }

  /** Whoever leaves from now on does so since the server stops. */
  public void stopping() {
    for (Room room : byName.values()) {
      room.participants().forEach(participant -> participant.leaveCause("server_stopped"));
    }
  }

  /** Ends every room; whoever is inside is told through {@link Member#end}. */
  public void close() {
    closed = true;
    draining = true;
    for (Room room : List.copyOf(byName.values())) {
      end(room, LeaveReason.ROOM_ENDED, "");
      settle(room);
    }
  }

  /** Sends a participant back to the queue; the session goes on. */
  void toQueue(Seat seat, boolean head) {
    Participant participant = seat.participant();
    release(seat.room(), participant, true);
    // Before the leave, which would close a room that nobody is in or waits for.
    Event.QueueUpdate update = seat.room().door().toQueue(participant, head, nowMs());
    leave(seat, LeaveReason.QUEUED);
    participant.waitsAgain(new Place(seat.room(), participant.id, update));
    participant.member.deliver(EventFrame.of(update));
    settle(seat.room());
  }

  /** Removes everybody, inside and in line; the room closes when it is settled next. */
  void end(Room room, LeaveReason reason, String words) {
    room.keep(0);
    room.door().close(closeCode(reason), words, nowMs());
    for (Participant participant : room.participants()) {
      expel(new Seat(room, participant), reason, words);
    }
  }

  /**
   * Removes somebody who did not ask for it.
   *
   * @param words what a moderator said to it; may be empty
   */
  void expel(Seat seat, LeaveReason reason, String words) {
    leave(seat, reason);
    seat.participant().member.end(closeCode(reason), reason, words);
  }

  /** Everything there is to see, as JSON-like maps. */
  public List<Map<String, Object>> snapshot() {
    return byName.values().stream().map(RoomSnapshot::of).toList();
  }

  /** Who it is, and how long joining took. */
  static Map<String, String> details(Participant participant) {
    Map<String, String> details = participant.steps().details();
    details.put("participantId", participant.id);
    details.put("identity", participant.command.identity());
    return details;
  }

  static LogLine line(String event, Seat seat) {
    return LogLine.event(event)
        .with("room", seat.room().name)
        .with("session", seat.participant().command.session())
        .with("participant", seat.participant().id);
  }

  private MediaRoom.Listener speakersOf(String name) {
    return speakers ->
        roomThread.execute(() -> {
          Room room = byName.get(name);
          if (room != null) {
            room.tellAll(new Event.Speakers(speakers));
          }
        });
  }

  private static CloseCode closeCode(LeaveReason reason) {
    return switch (reason) {
      case KICKED -> CloseCode.KICKED;
      case REPLACED -> CloseCode.REPLACED;
      case ROOM_ENDED -> CloseCode.ROOM_ENDED;
      case TIMEOUT -> CloseCode.SESSION_GONE;
      case TIME_UP -> CloseCode.TIME_UP;
      case LEFT, DISCONNECTED, SWITCHED, QUEUED -> CloseCode.NORMAL;
    };
  }
}
