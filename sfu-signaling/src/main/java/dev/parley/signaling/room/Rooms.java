package dev.parley.signaling.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.config.OnDuplicate;
import dev.parley.signaling.config.RoomConfig;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.rules.Admission;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.rules.TicketView;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rooms of this server. A room opens with its first participant and closes with its last. Room
 * thread, except {@link #openRooms()} and {@link #participants()}.
 */
public final class Rooms {
  private static final Logger log = LoggerFactory.getLogger(Rooms.class);
  private static final long RETRY_MS = 5000;

  /** Calls {@link #handleTimeout} at a time in milliseconds since 1970; the last call wins. */
  public interface Alarm {
    void set(long atMs);
  }

  /** The most a room and a participant may have. */
  public record Bounds(int roomSize, int audioSlots, int videoSlots, OnDuplicate onDuplicate) {}

  private final MediaServer mediaServer;
  private final Executor roomThread;
  private final Ids ids;
  private final Bounds bounds;
  private final SignalingCounters counters;
  private final InstantSource clock;
  private final RoomConfig config;
  private final Alarm alarm;
  private final PublishedTracks tracks;
  private final Moderator moderator = new Moderator(this);
  private final Duplicates duplicates;
  private final Map<String, Room> byName = new HashMap<>();
  private boolean draining;
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
    this.bounds = bounds;
    this.clock = clock;
    this.config = config;
    this.alarm = alarm;
    this.counters = counters;
    this.tracks = new PublishedTracks(ids, roomThread);
    this.duplicates = new Duplicates(bounds.onDuplicate());
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

  Moderator moderator() {
    return moderator;
  }

  /** Milliseconds since 1970. */
  long nowMs() {
    return clock.millis();
  }

  Outcome<Event.ChatMessage> say(Seat seat, Request.ChatSend request) {
    changes++;
    return seat.room().chat.send(seat.room(), seat.participant(), request, ids.message(), nowMs());
  }

  /** Why somebody may not even wait to come in. */
  private Optional<Refusal> barred(Room room, JoinCommand command) {
    long bannedMs = room.bannedMs(command.identity(), nowMs());
    if (bannedMs > 0) {
      return Optional.of(
          Refusal.retryAfter(ErrorCode.BANNED, "a moderator has removed you", bannedMs));
    }
    Optional<String> password = room.settings().password();
    if (password.isPresent()
        && !command.grants().role().leads()
        && !isSame(password.get(), command.keys().password().orElse(""))) {
      return Optional.of(
          Refusal.of(ErrorCode.WRONG_PASSWORD, "the room asks for a password, and this is not it"));
    }
    if (room.locked() && !command.grants().role().leads()) {
      return Optional.of(
          Refusal.retryAfter(ErrorCode.ROOM_LOCKED, "a moderator has locked the room", RETRY_MS));
    }
    return Optional.empty();
  }

  /** In a time that tells nothing of where they differ. */
  private static boolean isSame(String expected, String given) {
    return MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Takes a seat, invisible to others until {@link #open} succeeds, or a place in the queue. {@link
   * #settle} is to follow the reply.
   */
  Outcome<Arrival> enter(JoinCommand command, Member member) {
    if (draining) {
      return Outcome.refused(Refusal.of(ErrorCode.DRAINING, "the server is shutting down"));
    }
    try {
      return arrive(roomOf(command.room()), command, member);
    } catch (MediaException refused) {
      return Outcome.refused(Refusal.of(refused));
    }
  }

  private Outcome<Arrival> arrive(Room room, JoinCommand command, Member member) {
    Optional<Refusal> barred = barred(room, command);
    if (barred.isPresent()) {
      return Outcome.refused(barred.get());
    }
    if (duplicates.forbid(room, command)) {
      return Outcome.refused(Duplicates.REFUSAL);
    }
    int leaving = duplicates.leaving(room, command);
    if (room.size() - leaving >= bounds.roomSize()) {
      return Outcome.refused(
          Refusal.retryAfter(
              ErrorCode.ROOM_FULL,
              "the room is full: it takes " + bounds.roomSize() + " participants",
              RETRY_MS));
    }
    String id = ids.participant();
    if (leaving > 0) {
      // The seat is the same person's: it changes hands when the join is through.
      return Outcome.done(sit(room, id, command, member));
    }
    return switch (room.door().arrive(id, command, member, nowMs())) {
      case Admission.Entry.Seated() -> Outcome.done(sit(room, id, command, member));
      case Admission.Entry.Queued(TicketView ticket) -> {
        LogLine.event("queue.joined")
            .with("room", room.name)
            .with("identity", command.identity())
            .with("ticket", ticket.ticketId())
            .with("waiting", room.door().length())
            .info(log);
        yield Outcome.done(new Place(room, id, room.door().update(ticket)));
      }
      case Admission.Entry.Refused(Refusal refusal) -> Outcome.refused(refusal);
    };
  }

  private Seat sit(Room room, String id, JoinCommand command, Member member) {
    Seat seat = new Seat(room, new Participant(id, command, member));
    room.add(seat.participant());
    participants.incrementAndGet();
    return seat;
  }

  private Room roomOf(String name) {
    Room known = byName.get(name);
    if (known != null) {
      return known;
    }
    return open(name, config.of(name));
  }

  private Room open(String name, RoomSettings settings) {
    String id = ids.room();
    Room room =
        new Room(id, name, settings, mediaServer.openRoom(id, speakersOf(name)), ids, clock);
    byName.put(room.name, room);
    openRooms = byName.size();
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

  public List<SavedRoom> save() {
    return byName.values().stream().map(Room::save).toList();
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
    for (Room room : List.copyOf(byName.values())) {
      if (room.nextTimeoutMs() <= nowMs()) {
        settle(room);
      }
    }
    setAlarm();
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
    if (byName.get(room.name) != room) {
      return;
    }
    room.settle(this);
    if (byName.get(room.name) != room) {
      return;
    }
    if (room.isIdle() && byName.remove(room.name, room)) {
      openRooms = byName.size();
      room.media().close();
      LogLine.event("room.closed").with("room", room.name).with("id", room.id).info(log);
    }
    setAlarm();
  }

  private void setAlarm() {
    long next = Long.MAX_VALUE;
    for (Room room : byName.values()) {
      next = Math.min(next, room.nextTimeoutMs());
    }
    alarm.set(next);
  }

  /** A participant whose page was loaded again: the old media ends, the place stays. */
  Seat comeBack(Seat seat, JoinCommand command) {
    Participant before = seat.participant();
    for (Participant.Track track : before.tracks()) {
      PublishedTracks.tellUnpublished(seat, track, "replaced");
    }
    before.media().ifPresent(MediaSession::close);
    Participant after = before.returning(command);
    before.gone();
    seat.room().replace(after);
    return new Seat(seat.room(), after);
  }

  void open(Seat seat, Consumer<Outcome<Entry>> reply) {
    JoinCommand command = seat.participant().command;
    if (command.sdp().isEmpty()) {
      admit(seat, Optional.empty(), reply);
      return;
    }
    List<Participant.Track> offered = new ArrayList<>();
    for (Request.TrackOffer track : command.tracks()) {
      offered.add(
          new Participant.Track(
              ids.track(), track.mid(), track.source(), track.muted(), track.label(), 0, 0));
    }
    List<MediaRoom.TrackPublication> publications =
        offered.stream().map(PublishedTracks::publication).toList();
    MediaOutcome.of(
        () ->
            seat.room()
                .media()
                .join(
                    new MediaRoom.JoinOffer(
                        seat.participant().id, command.sdp().get(), publications),
                    new MediaReports(seat, this, roomThread)),
        roomThread,
        outcome -> answered(seat, offered, outcome, reply));
  }

  private void answered(
      Seat seat,
      List<Participant.Track> offered,
      Outcome<MediaSession> outcome,
      Consumer<Outcome<Entry>> reply) {
    switch (outcome) {
      case Outcome.Refused<MediaSession>(Refusal refusal) -> turnAway(seat, refusal, reply);
      case Outcome.Done<MediaSession>(MediaSession media) -> {
        Optional<Refusal> refusal = objection(seat, media);
        if (refusal.isPresent()) {
          media.close();
          turnAway(seat, refusal.get(), reply);
          return;
        }
        Participant participant = seat.participant();
        participant.media(media);
        for (Participant.Track track : offered) {
          if (sends(media.answer(), track.mid())) {
            participant.put(track);
          }
        }
        participant.command.view().ifPresent(media::view);
        admit(seat, Optional.of(media.answer()), reply);
        participant.mediaClosedEarly().ifPresent(reason -> mediaClosed(seat, reason));
      }
    }
  }

  /** Who had a place before keeps it, without media. */
  private void turnAway(Seat seat, Refusal refusal, Consumer<Outcome<Entry>> reply) {
    Participant participant = seat.participant();
    if (participant.isReturning()) {
      reply.accept(Outcome.refused(refusal));
      participant.enter();
      seat.room().tellOthers(participant, new Event.ParticipantUpdated(participant.info()));
    } else {
      remove(seat, LeaveReason.LEFT);
      reply.accept(Outcome.refused(refusal));
    }
  }

  /** Why a participant whose offer was answered may still not come in. */
  private Optional<Refusal> objection(Seat seat, MediaSession media) {
    if (!seat.isTaken()) {
      return Optional.of(
          Refusal.of(ErrorCode.ROOM_ENDED, "the room or the connection ended during the join"));
    }
    if (slots(media.answer(), MediaKind.AUDIO) > bounds.audioSlots()
        || slots(media.answer(), MediaKind.VIDEO) > bounds.videoSlots()) {
      return Optional.of(
          Refusal.of(
              ErrorCode.SLOT_LIMIT,
              "at most %d audio and %d video sections can receive"
                  .formatted(bounds.audioSlots(), bounds.videoSlots())));
    }
    return Optional.empty();
  }

  private void admit(
      Seat seat, Optional<MediaSession.Answer> answer, Consumer<Outcome<Entry>> reply) {
    Participant participant = seat.participant();
    Room room = seat.room();
    boolean returning = participant.isReturning();
    for (Participant other : duplicates.replaced(room, participant)) {
      expel(new Seat(room, other), LeaveReason.REPLACED, "");
    }
    if (!returning) {
      counters.joined();
    }
    line(returning ? "rejoin" : "join", seat)
        .with("identity", participant.command.identity())
        .with("role", participant.role().wireName())
        .with("media", answer.isPresent())
        .with("participants", room.size())
        .info(log);
    if (!returning) {
      room.timekeeper().entered(participant, nowMs());
    }
    Event.ParticipantInfo self = participant.info();
    reply.accept(
        Outcome.done(
            new Joined(
                room.id,
                room.name,
                room.locked(),
                self,
                participant.grants().permissions(),
                room.others(participant),
                room.chat.history(),
                room.timekeeper().view(participant, nowMs()),
                answer)));
    participant.enter();
    room.door().admission().moderators(room.moderators().size(), nowMs());
    if (participant.grants().moderate()) {
      room.door().list(nowMs()).map(EventFrame::of).ifPresent(participant::deliver);
    }
    room.tellOthers(
        participant,
        returning ? new Event.ParticipantUpdated(self) : new Event.ParticipantJoined(self));
    settle(room);
  }

  void negotiate(
      Seat seat, Request.Negotiate request, Consumer<Outcome<MediaSession.Answer>> reply) {
    withMedia(seat, media -> media.negotiate(request.gen(), request.sdp()), reply);
  }

  /** The connection of one seat goes over to another, whose room becomes the only one. */
  void move(Seat from, Seat to, Consumer<Outcome<Entry>> reply) {
    Participant before = from.participant();
    Optional<MediaSession> media = before.media();
    if (media.isEmpty()) {
      leave(from, LeaveReason.SWITCHED);
      admit(to, Optional.empty(), reply);
      return;
    }
    List<MediaRoom.TrackPublication> publications =
        before.tracks().stream().map(PublishedTracks::publication).toList();
    MediaOutcome.of(
        () ->
            to.room()
                .media()
                .adopt(
                    media.get(),
                    to.participant().id,
                    publications,
                    new MediaReports(to, this, roomThread)),
        roomThread,
        outcome -> moved(from, to, outcome, reply));
  }

  private void moved(
      Seat from, Seat to, Outcome<MediaSession> outcome, Consumer<Outcome<Entry>> reply) {
    switch (outcome) {
      case Outcome.Refused<MediaSession>(Refusal refusal) -> turnAway(to, refusal, reply);
      case Outcome.Done<MediaSession>(MediaSession media) -> {
        Participant before = from.participant();
        List<Participant.Track> tracks = before.tracks();
        before.forgetMedia();
        leave(from, LeaveReason.SWITCHED);
        Optional<Refusal> refusal = objection(to, media);
        if (refusal.isPresent()) {
          media.close();
          turnAway(to, refusal.get(), reply);
          return;
        }
        to.participant().media(media);
        tracks.forEach(to.participant()::put);
        admit(to, Optional.of(media.answer()), reply);
        to.participant().mediaClosedEarly().ifPresent(reason -> mediaClosed(to, reason));
      }
    }
  }

  void restartIce(
      Seat seat, Request.IceRestart request, Consumer<Outcome<MediaSession.LocalIce>> reply) {
    withMedia(
        seat, media -> media.restartIce(request.gen(), request.ufrag(), request.pwd()), reply);
  }

  void candidates(Seat seat, Request.IceCandidates request, Consumer<Outcome<Boolean>> reply) {
    withMedia(
        seat,
        media ->
            media.remoteCandidates(request.gen(), request.candidates()).thenApply(done -> true),
        reply);
  }

  private <T> void withMedia(
      Seat seat, Function<MediaSession, CompletionStage<T>> command, Consumer<Outcome<T>> reply) {
    Optional<MediaSession> media = seat.participant().media();
    if (media.isEmpty()) {
      reply.accept(Outcome.refused(PublishedTracks.NO_MEDIA));
    } else {
      MediaOutcome.of(() -> command.apply(media.get()), roomThread, reply);
    }
  }

  void leave(Seat seat, LeaveReason reason) {
    remove(seat, reason);
  }

  private void remove(Seat seat, LeaveReason reason) {
    if (!seat.isTaken()) {
      return;
    }
    Participant participant = seat.participant();
    Room room = seat.room();
    boolean wasInside = participant.isVisible();
    participant.gone();
    participant.media().ifPresent(MediaSession::close);
    room.remove(participant);
    participants.decrementAndGet();
    line(wasInside ? "leave" : "join.abandoned", seat)
        .with("reason", reason.wireName())
        .with("participants", room.size())
        .info(log);
    if (wasInside) {
      counters.left();
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

  /** The media of a participant is gone though nobody asked for it. */
  void mediaClosed(Seat seat, String reason) {
    Participant participant = seat.participant();
    switch (participant.phase()) {
      case GONE -> {}
      case ENTERING -> participant.mediaClosedEarly(reason);
      case INSIDE -> {
        line("media.closed", seat).with("reason", reason).info(log);
        if (participant.command.staysWithoutMedia()) {
          for (Participant.Track track : participant.tracks()) {
            seat.room()
                .tellOthers(
                    participant,
                    new Event.TrackUnpublished(participant.id, track.trackId(), reason));
          }
          participant.forgetMedia();
          participant.deliver(
              EventFrame.of(
                  new Event.ServerNotice(
                      "info",
                      "rejoin",
                      "The media connection ended (" + reason + "): leave and join again.")));
        } else {
          expel(seat, leaveReason(reason), "");
        }
      }
    }
  }

  void slotsChanged(Seat seat, List<MediaSession.SlotChange> changes) {
    seat.participant().deliver(EventFrame.of(new Event.Slots(changes)));
  }

  void layersChanged(Seat seat, String mid, List<String> active) {
    seat.participant().deliver(EventFrame.of(new Event.Layers(mid, active)));
  }

  void mediaProgress(Seat seat, LogLine progress) {
    if (seat.isTaken()) {
      progress.info(log);
    }
  }

  /** Lets nobody in any more; who is inside goes on. */
  public void drain() {
    draining = true;
  }

  /** Ends every room; whoever is inside is told through {@link Member#end}. */
  public void close() {
    draining = true;
    for (Room room : List.copyOf(byName.values())) {
      end(room, LeaveReason.ROOM_ENDED, "");
    }
  }

  /** Sends a participant back to the queue; the session goes on. */
  void toQueue(Seat seat, boolean head) {
    Participant participant = seat.participant();
    // The room may stay open for the one who waits alone.
    release(seat.room(), participant, true);
    remove(seat, LeaveReason.QUEUED);
    Event.QueueUpdate update = seat.room().door().toQueue(participant, head, nowMs());
    participant.waitsAgain(new Place(seat.room(), participant.id, update));
    participant.member.deliver(EventFrame.of(update));
    settle(seat.room());
  }

  /** Removes everybody, which closes the room. */
  void end(Room room, LeaveReason reason, String words) {
    room.door().close(closeCode(reason), words);
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
    remove(seat, reason);
    seat.participant().member.end(closeCode(reason), reason, words);
  }

  /** Everything there is to see, as JSON-like maps. */
  public List<Map<String, Object>> snapshot() {
    return byName.values().stream().map(RoomSnapshot::of).toList();
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

  private static LeaveReason leaveReason(String mediaReason) {
    return switch (mediaReason) {
      case "ice_timeout", "consent_expired" -> LeaveReason.TIMEOUT;
      case "room_ended" -> LeaveReason.ROOM_ENDED;
      case "dtls_closed" -> LeaveReason.LEFT;
      default -> LeaveReason.DISCONNECTED;
    };
  }

  private static boolean sends(MediaSession.Answer answer, String mid) {
    return answer.sections().stream()
        .anyMatch(section ->
            section.mid().equals(mid) && section.direction() == MediaSession.Direction.SEND);
  }

  private static long slots(MediaSession.Answer answer, MediaKind kind) {
    return answer.sections().stream()
        .filter(section ->
            section.kind() == kind && section.direction() == MediaSession.Direction.RECEIVE)
        .count();
  }
}
