package dev.parley.signaling.session;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.ResumeFailure;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions of this server. Those that wait for their client are as many as may be connected at
 * most; beyond that the one that has waited longest ends. Room thread.
 */
public final class Sessions {
  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private static final Refusal NOT_FOUND =
      Refusal.of(ErrorCode.SESSION_NOT_FOUND, "there is no such session: say hello without resume");

  private final Services services;
  private final Map<String, Session> byId = new HashMap<>();

  /** In the order in which they lost their sockets. */
  private final Set<Session> away = new LinkedHashSet<>();

  /** Those that were ended while they had no socket, the latest of them. */
  private final Map<String, Farewell> farewells;

  /** What the client is to learn when it comes back. */
  private record Farewell(ResumeToken token, CloseCode code) {}

  private final EarlierSessions earlier = new EarlierSessions();
  private long changes;
  private boolean closed;

  public Sessions(Services services) {
    this.services = services;
    int most = services.config().limits().connections();
    this.farewells =
        new LinkedHashMap<>() {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Farewell> eldest) {
            return size() > most;
          }
        };
  }

  /** What an earlier process left; to be called first. */
  public void restore(List<SavedSession> saved) {
    earlier.restore(saved, System.currentTimeMillis());
  }

  /** By what people who came without a token can be known again. */
  public List<SavedSession> save() {
    List<SavedSession> saved = earlier.save(System.currentTimeMillis());
    byId.values().forEach(session -> session.save().ifPresent(saved::add));
    return saved;
  }

  /** Grows with each change that {@link #save} would show. */
  public long changes() {
    return changes;
  }

  /** The resume tokens of a session are others than before. */
  void renewed() {
    changes++;
  }

  /** A hello without a resume. */
  void open(Link link, long helloId, Pass pass) {
    if (closed) {
      link.close(CloseCode.RESTART, "");
      return;
    }
    String identity = pass.who().identity();
    Optional<Refusal> full = services.ledger().add(identity);
    if (full.isPresent()) {
      link.refused(helloId, full.get(), Optional.of(CloseCode.TOO_MANY_CONNECTIONS));
      return;
    }
    Session session = new Session(services, this, pass);
    byId.put(session.id(), session);
    services.counters().sessionOpened();
    session.start(link, new LedgerEntry(services.ledger(), identity), helloId);
  }

  /** A hello that asks to continue a session. The client is not told why it may not. */
  void resume(Link link, long helloId, Request.Resume wish, Pass pass) {
    if (closed) {
      link.close(CloseCode.RESTART, "");
      return;
    }
    services.counters().resumeAttempt();
    @Nullable Session session = byId.get(wish.sessionId());
    Optional<ResumeFailure> objection = objection(session, wish, pass);
    @Nullable Farewell farewell = farewells.get(wish.sessionId());
    if (farewell != null && farewell.token().matches(wish.resumeToken())) {
      services.counters().resumeFailed(ResumeFailure.UNKNOWN_SESSION);
      link.refused(helloId, NOT_FOUND, Optional.of(farewell.code()));
      return;
    }
    if (session == null || objection.isPresent()) {
      earlier
          .identityOf(wish, System.currentTimeMillis())
          .ifPresent(identity -> recognize(link, identity));
      refuse(link, helloId, session, objection.orElse(ResumeFailure.UNKNOWN_SESSION));
      return;
    }
    Optional<LedgerEntry> count = session.handOverCount();
    Optional<Refusal> full =
        count.isPresent() ? Optional.empty() : services.ledger().add(session.identity());
    if (full.isPresent()) {
      services.counters().resumeFailed(ResumeFailure.CONNECTION_LIMIT);
      link.refused(helloId, full.get(), Optional.of(CloseCode.TOO_MANY_CONNECTIONS));
      return;
    }
    services.counters().resumed();
    session.resume(
        link,
        count.orElseGet(() -> new LedgerEntry(services.ledger(), session.identity())),
        helloId,
        pass,
        wish.lastSeq());
  }

  private static void recognize(Link link, String identity) {
    LogLine.event("person.recognized").with("identity", identity).info(log);
    link.recognized(identity);
  }

  private static Optional<ResumeFailure> objection(
      @Nullable Session session, Request.Resume wish, Pass pass) {
    if (session == null) {
      // As much work as for a session that exists.
      boolean unused = ResumeToken.NONE.matches(wish.resumeToken());
      return Optional.of(ResumeFailure.UNKNOWN_SESSION);
    }
    return session.objection(wish, pass.who());
  }

  private void refuse(Link link, long helloId, @Nullable Session session, ResumeFailure reason) {
    services.counters().resumeFailed(reason);
    LogLine.event("resume.refused").with("reason", reason.wireName()).info(log);
    if (session != null
        && (reason == ResumeFailure.EVENTS_LOST || reason == ResumeFailure.IMPOSSIBLE_SEQ)) {
      // Its own client cannot continue it, so nobody ever will.
      session.hangUp(CloseCode.SESSION_GONE);
      session.finish(LeaveReason.DISCONNECTED);
    }
    link.refused(helloId, NOT_FOUND, Optional.empty());
  }

  /** A session ends while nobody can be told why. */
  void farewell(Session session, ResumeToken token, CloseCode code) {
    farewells.put(session.id(), new Farewell(token, code));
  }

  /** A session lost its socket. */
  void away(Session session) {
    away.add(session);
    List<Session> own =
        away.stream().filter(other -> other.identity().equals(session.identity())).toList();
    if (own.size() > services.config().limits().connectionsPerUser()) {
      own.getFirst().finish(LeaveReason.TIMEOUT);
    } else if (away.size() > services.config().limits().connections()) {
      away.iterator().next().finish(LeaveReason.TIMEOUT);
    }
  }

  /** A session that was away has a socket again. */
  void back(Session session) {
    if (away.remove(session)) {
      services.counters().graceEnded();
    }
  }

  void ended(Session session) {
    byId.remove(session.id());
    back(session);
  }

  public List<SessionView> list() {
    return byId.values().stream()
        .map(session -> new SessionView(session.id(), session.identity(), session.isAway()))
        .toList();
  }

  /**
   * Ends a session as if a moderator had removed it from its room.
   *
   * @return whether there is one of this id
   */
  public boolean end(String id, String words) {
    @Nullable Session session = byId.get(id);
    if (session == null) {
      return false;
    }
    session.end(CloseCode.KICKED, LeaveReason.KICKED, words);
    return true;
  }

  /** Tells every session, those away included. */
  public void tellAll(Event.ServerNotice notice) {
    EventFrame frame = EventFrame.of(notice);
    byId.values().forEach(session -> session.deliver(frame));
  }

  /** Tells every session and ends it; none is opened from now on. */
  public void close(Event.ServerNotice notice) {
    closed = true;
    tellAll(notice);
    // All sockets first: nobody needs to hear of everybody else's leave.
    byId.values().forEach(session -> session.hangUp(CloseCode.RESTART));
    for (Session session : List.copyOf(byId.values())) {
      session.finish(LeaveReason.ROOM_ENDED);
    }
  }
}
