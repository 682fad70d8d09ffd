package dev.parley.signaling.session;

import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.ResumeFailure;
import dev.parley.signaling.room.Ids;
import dev.parley.signaling.room.Member;
import dev.parley.signaling.room.Visitor;
import dev.parley.signaling.rules.Replay;
import dev.parley.signaling.session.RoomRequests.Answer;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.Decoded;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One visit of one client, over as many WebSockets as it takes. Between two of them it waits for
 * the grace: its place and its media stay, and its events are kept. Room thread.
 *
 * <p>Requests are carried out one after the other, each when the reply to the one before it is
 * known, also when the socket is gone meanwhile.
 */
final class Session implements Member {
  private static final Logger log = LoggerFactory.getLogger(Session.class);

  /** Requests that wait for a slow one; more is a client that does not read replies. */
  private static final int MAX_WAITING = 64;

  /** Credentials are renewed so long before they are needed for the last time. */
  private static final long RENEWED_EARLIER_MS = 60_000;

  /** A page that is loaded again is back within this. */
  private static final long RELOAD_MS = 6_000;

  private static final long NEVER = Long.MAX_VALUE;

  private final Services services;
  private final Sessions sessions;
  private final String id;
  private final RoomRequests roomRequests;
  private final Replay replay;
  private final RememberedReplies replies;
  private final Alarm alarm;
  private final Deque<Decoded.Accepted> waiting = new ArrayDeque<>(2);
  private Pass pass;
  private ResumeToken token = ResumeToken.NONE;
  private ResumeToken tokenBefore = ResumeToken.NONE;
  private @Nullable Link link;
  private @Nullable LedgerEntry count;
  private boolean busy;
  private boolean ended;
  private long tokenDueMs = NEVER;
  private long iceDueMs = NEVER;

  /** The largest id of this page's requests, and how many pages there were before it. */
  private long largestId;

  private int page;

  Session(Services services, Sessions sessions, Pass pass) {
    this.services = services;
    this.sessions = sessions;
    this.pass = pass;
    this.id = services.ids().session();
    this.roomRequests = new RoomRequests(new Visitor(services.rooms(), this), id, pass.address());
    this.replay =
        new Replay(
            services.config().sessions().replayEvents(),
            services.config().sessions().replayChars());
    this.replies = new RememberedReplies(services.config().sessions().rememberedReplies());
    this.alarm = new Alarm(services.vertx(), services.counters());
  }

  String id() {
    return id;
  }

  String identity() {
    return pass.who().identity();
  }

  @Override
  public boolean isAway() {
    return link == null && !ended;
  }

  /** The first socket. */
  void start(Link first, LedgerEntry entry, long helloId) {
    largestId = helloId;
    attach(first, entry, helloId, false);
  }

  /** Why this client may not continue the session, if so. */
  Optional<ResumeFailure> objection(Request.Resume wish, TokenVerdict.Granted who) {
    boolean isLatest = token.matches(wish.resumeToken());
    boolean isUnconfirmed = tokenBefore.matches(wish.resumeToken());
    if (!isLatest && !isUnconfirmed) {
      return Optional.of(ResumeFailure.WRONG_TOKEN);
    }
    if (!isSame(who)) {
      return Optional.of(ResumeFailure.OTHER_IDENTITY);
    }
    if (wish.lastSeq() > replay.lastSeq()) {
      return Optional.of(ResumeFailure.IMPOSSIBLE_SEQ);
    }
    return replay.after(wish.lastSeq()).isEmpty()
        ? Optional.of(ResumeFailure.EVENTS_LOST)
        : Optional.empty();
  }

  /** What lets the person be known again after a restart, when no token does. */
  Optional<SavedSession> save() {
    if (!isAnonymous()) {
      return Optional.empty();
    }
    List<String> hashes =
        Stream.of(token, tokenBefore)
            .filter(known -> !known.equals(ResumeToken.NONE))
            .map(ResumeToken::hashText)
            .toList();
    return Optional.of(new SavedSession(id, identity(), hashes));
  }

  /** Whether the resume token is all by which the person is known. */
  private boolean isAnonymous() {
    return pass.who().validity().isEmpty();
  }

  private void noteTokens() {
    if (isAnonymous()) {
      sessions.renewed();
    }
  }

  /** In development people without a token are called differently at each hello. */
  private boolean isSame(TokenVerdict.Granted who) {
    return who.identity().equals(identity())
        || (services.config().dev()
            && Ids.isAnonymous(who.identity())
            && Ids.isAnonymous(identity()));
  }

  /** The old socket's place among the connections, for the one that takes over. */
  Optional<LedgerEntry> handOverCount() {
    return Optional.ofNullable(count).flatMap(LedgerEntry::handOver);
  }

  /** The next socket; the one before may still seem to be open. Without objection only. */
  void resume(Link next, LedgerEntry entry, long helloId, Pass newPass, long lastSeq) {
    var missed = replay.after(lastSeq).orElseThrow();
    @Nullable Link old = link;
    if (old == null) {
      sessions.back(this);
    } else {
      old.close(CloseCode.HEARTBEAT_LOST, "");
    }
    if (helloId <= largestId) {
      // The ids begin anew, so the page does: it knows nothing of the old one's requests.
      replies.clear();
      waiting.clear();
      page++;
    }
    largestId = helloId;
    if (newPass.who().identity().equals(identity())) {
      pass = newPass;
    }
    roomRequests.cameBack();
    attach(next, entry, helloId, true);
    long seq = lastSeq;
    for (EventFrame frame : missed) {
      seq++;
      next.event(seq, frame);
    }
    line("session.resumed").with("events", missed.size()).info(log);
  }

  private void attach(Link next, LedgerEntry entry, long helloId, boolean resumed) {
    link = next;
    count = entry;
    String text = services.ids().resumeToken();
    tokenBefore = token;
    token = ResumeToken.of(text);
    noteTokens();
    IceOffer ice = services.credentials().iceOf(id);
    long nowMs = System.currentTimeMillis();
    tokenDueMs = dueMs(nowMs, pass.expiresAtMs());
    iceDueMs = dueMs(nowMs, ice.expiresAtMs());
    watch(nowMs);
    services.counters().hello();
    next.greeted(
        helloId,
        this,
        entry,
        Replies.hello(services.config(), pass.who().grants(), id, text, resumed, ice, nowMs));
  }

  /** The client has the reply to hello, so the resume token before is not needed any more. */
  void confirmed(Link from) {
    if (from == link) {
      tokenBefore = ResumeToken.NONE;
      noteTokens();
    }
  }

  /** A request that came over a link; what comes late from a link given up is not heard. */
  void request(Link from, Decoded.Accepted accepted) {
    if (ended || from != link) {
      return;
    }
    long requestId = accepted.id();
    largestId = Math.max(largestId, requestId);
    Optional<RememberedReplies.Entry> known = replies.find(requestId, accepted.request());
    if (known.isPresent()) {
      // One that is under way is answered when it is done, once.
      known.get().answer().ifPresent(answer -> from.answer(requestId, answer));
      return;
    }
    if (!busy) {
      replies.begin(requestId, accepted.request());
      carryOut(accepted);
      next();
    } else if (waiting.size() < MAX_WAITING) {
      replies.begin(requestId, accepted.request());
      waiting.add(accepted);
    } else {
      from.answer(
          requestId,
          new Answer.Refused(
              Refusal.retryAfter(
                  ErrorCode.RATE_LIMITED, "too many requests wait for their reply", 1000)));
    }
  }

  private void carryOut(Decoded.Accepted accepted) {
    busy = true;
    int askedBy = page;
    roomRequests.carryOut(
        accepted.request(),
        pass.who(),
        answer -> {
          if (askedBy == page) {
            replies.done(accepted.id(), answer);
            if (link != null) {
              link.answer(accepted.id(), answer);
            }
          }
          busy = false;
          next();
        });
  }

  private void next() {
    while (!busy && !ended && !waiting.isEmpty()) {
      carryOut(waiting.remove());
    }
  }

  @Override
  public void deliver(EventFrame event) {
    if (ended) {
      return;
    }
    long seq = replay.add(event);
    if (link != null) {
      link.event(seq, event);
    }
  }

  @Override
  public void end(CloseCode code, LeaveReason reason, String words) {
    @Nullable Link last = link;
    if (isAway()) {
      sessions.farewell(this, token, code);
    }
    finish(reason);
    if (last != null) {
      last.close(code, words);
    }
  }

  /** Closes the socket of a session that is about to end. */
  void hangUp(CloseCode code) {
    if (link != null) {
      link.close(code, "");
      link = null;
      count = null;
    }
  }

  /**
   * A link is gone.
   *
   * @param reason why the participant leaves, when the session is not to wait
   * @param pageClosed the page is left: it comes back soon, or not at all
   * @param resumable false when the client wanted it so, or did what ends the session
   */
  void detached(Link from, LeaveReason reason, boolean resumable, boolean pageClosed) {
    if (ended || from != link) {
      return;
    }
    link = null;
    count = null;
    long fullMs = services.config().sessions().resumeGrace().toMillis();
    long graceMs = pageClosed ? Math.min(fullMs, RELOAD_MS) : fullMs;
    if (!resumable || graceMs == 0) {
      finish(reason);
      return;
    }
    services.counters().graceBegun();
    alarm.set(graceMs, () -> finish(LeaveReason.TIMEOUT));
    line("session.away").with("graceMs", graceMs).info(log);
    sessions.away(this);
    if (!ended) {
      roomRequests.wentAway();
    }
  }

  /** Ends a session whose link, if any, is somebody else's to close. */
  void finish(LeaveReason reason) {
    if (ended) {
      return;
    }
    ended = true;
    link = null;
    count = null;
    alarm.cancel();
    waiting.clear();
    sessions.ended(this);
    services.counters().sessionClosed();
    line("session.closed").with("reason", reason.wireName()).info(log);
    roomRequests.end(reason);
  }

  private void watch(long nowMs) {
    long dueMs = Math.min(tokenDueMs, iceDueMs);
    if (dueMs == NEVER) {
      alarm.cancel();
    } else {
      alarm.set(dueMs - nowMs, this::renew);
    }
  }

  private void renew() {
    long nowMs = System.currentTimeMillis();
    if (nowMs >= tokenDueMs) {
      Optional<String> fresh = services.credentials().freshToken().apply(pass.who());
      pass = fresh.isPresent() ? Pass.of(pass.who(), fresh, pass.address()) : pass;
      tokenDueMs = fresh.isPresent() ? dueMs(nowMs, pass.expiresAtMs()) : NEVER;
      fresh.ifPresent(text -> deliver(Replies.tokenRefreshEvent(text, pass.expiresAtMs())));
    }
    if (nowMs >= iceDueMs) {
      IceOffer ice = services.credentials().iceOf(id);
      iceDueMs = dueMs(nowMs, ice.expiresAtMs());
      deliver(Replies.iceServersEvent(ice));
    }
    watch(nowMs);
  }

  /** Early enough for a resume in the grace; halfway for what does not live so long. */
  private long dueMs(long nowMs, OptionalLong expiresAtMs) {
    if (expiresAtMs.isEmpty()) {
      return NEVER;
    }
    long leftMs = expiresAtMs.getAsLong() - nowMs;
    long earlierMs = services.config().sessions().resumeGrace().toMillis() + RENEWED_EARLIER_MS;
    return nowMs + Math.max(1000, Math.max(leftMs / 2, leftMs - earlierMs));
  }

  private LogLine line(String event) {
    return LogLine.event(event).with("session", id).with("identity", identity());
  }
}
