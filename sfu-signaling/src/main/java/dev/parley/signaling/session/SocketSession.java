package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.room.Member;
import dev.parley.signaling.room.Visitor;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.Decoded;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.ReplyFrame;
import dev.parley.signaling.wire.Request;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket from its opening to its end. Runs on the socket's event loop, except the methods of
 * {@link Member}, which the room thread calls.
 *
 * <p>Requests are carried out one after the other, each when the reply to the one before it is
 * written; only {@code ping} and {@code bye} overtake.
 */
public final class SocketSession implements Member {
  private static final Logger log = LoggerFactory.getLogger(SocketSession.class);

  /** Requests that wait for a slow one; more is a client that does not read replies. */
  private static final int MAX_WAITING = 64;

  private enum Phase {
    GREETING,
    OPEN,
    CLOSED
  }

  private final Services services;
  private final Context loop;
  private final Socket socket;
  private final Optional<String> bearer;
  private final String remote;
  private final Consumer<SocketSession> onEnd;
  private final String sessionId;
  private final Liveness liveness;
  private final MessageRate rate;
  private final Backlog backlog;
  private final RoomRequests roomRequests;
  private final Deque<Decoded.Accepted> waiting = new ArrayDeque<>();
  private Phase phase = Phase.GREETING;
  private boolean busy;
  private long seq;
  private long timer = -1;
  private TokenVerdict.@Nullable Granted granted;
  private boolean counted;

  private SocketSession(
      Services services,
      Context loop,
      Socket socket,
      Optional<String> bearer,
      String remote,
      Consumer<SocketSession> onEnd) {
    long nowNanos = System.nanoTime();
    this.services = services;
    this.loop = loop;
    this.socket = socket;
    this.bearer = bearer;
    this.remote = remote;
    this.onEnd = onEnd;
    this.sessionId = services.ids().session();
    this.liveness = new Liveness(services.config(), nowNanos);
    this.rate =
        new MessageRate(
            services.config().limits().messagesPerSec(),
            services.config().limits().messageBurst(),
            nowNanos);
    this.backlog = new Backlog(services.config().limits());
    this.roomRequests = new RoomRequests(new Visitor(services.rooms(), this), sessionId);
  }

  /**
   * Takes over an accepted WebSocket. Called on its event loop.
   *
   * @param bearer the token of the upgrade request, when it had one
   * @param onEnd told once, on the event loop
   */
  public static SocketSession open(
      Services services,
      ServerWebSocket webSocket,
      Channel channel,
      Context loop,
      Optional<String> bearer,
      Consumer<SocketSession> onEnd) {
    SocketSession session =
        new SocketSession(
            services,
            loop,
            new Socket(webSocket, channel),
            bearer,
            String.valueOf(webSocket.remoteAddress()),
            onEnd);
    services.counters().connectionOpened();
    session.line("socket.opened").info(log);
    webSocket.frameHandler(session::onFrame);
    webSocket.textMessageHandler(session::onText);
    webSocket.binaryMessageHandler(binary -> session.badMessage("binary frames are not used"));
    webSocket.exceptionHandler(session::onFailure);
    webSocket.closeHandler(nothing -> session.onPeerClose(webSocket.closeStatusCode()));
    session.watch();
    return session;
  }

  /** Tells the client that the server goes away, and closes. Any thread. */
  public void restart() {
    loop.runOnContext(nothing -> {
      if (phase == Phase.OPEN) {
        sendEvent(
            EventFrame.of(
                new Event.ServerNotice(
                    "restarting", "rejoin", "The server restarts: connect and join again.")));
      }
      close(CloseCode.RESTART, LeaveReason.ROOM_ENDED);
    });
  }

  @Override
  public void deliver(EventFrame event) {
    loop.runOnContext(nothing -> sendEvent(event));
  }

  @Override
  public void removed(LeaveReason reason) {
    // Only the end of the server removes a socket's participant, and restart() says so.
  }

  /** Control frames and fragments cost as much as messages, or they would be free floods. */
  private void onFrame(WebSocketFrame frame) {
    if (phase == Phase.CLOSED || frame.isClose() || (frame.isText() && frame.isFinal())) {
      return;
    }
    if (rate.message(System.nanoTime()) == MessageRate.Verdict.ABUSE) {
      close(CloseCode.RATE_LIMITED, LeaveReason.DISCONNECTED);
    }
  }

  private void onText(String text) {
    if (phase == Phase.CLOSED) {
      return;
    }
    int most =
        phase == Phase.GREETING
            ? services.config().limits().preHelloFrameBytes()
            : services.config().limits().frameBytes();
    if (text.length() > most || Socket.utf8Length(text) > most) {
      tooBig();
      return;
    }
    long nowNanos = System.nanoTime();
    liveness.heard(nowNanos);
    MessageRate.Verdict verdict = rate.message(nowNanos);
    if (verdict == MessageRate.Verdict.ABUSE) {
      services.counters().rateLimited();
      refuse(OptionalLong.empty(), rateRefusal());
      close(CloseCode.RATE_LIMITED, LeaveReason.DISCONNECTED);
      return;
    }
    Decoded decoded = services.codec().decode(text);
    if (verdict == MessageRate.Verdict.REFUSED) {
      services.counters().rateLimited();
      refuse(id(decoded), rateRefusal());
      return;
    }
    switch (decoded) {
      case Decoded.Malformed(String why) -> badMessage(why);
      case Decoded.Refused(OptionalLong id, String type, Refusal refusal) ->
          refuse(
              id, phase == Phase.OPEN || type.equals(Request.Hello.TYPE) ? refusal : NO_HELLO_YET);
      case Decoded.Accepted accepted -> accept(accepted);
    }
  }

  private static final Refusal NO_HELLO_YET =
      Refusal.of(ErrorCode.NOT_AUTHENTICATED, "say hello first");

  private void accept(Decoded.Accepted accepted) {
    if (accepted.request() instanceof Request.Ping(double t) && phase == Phase.OPEN) {
      reply(
          accepted.id(),
          Replies.empty().put("t", t).put("serverTimeMs", System.currentTimeMillis()));
    } else if (accepted.request() instanceof Request.Bye && phase == Phase.OPEN) {
      reply(accepted.id(), Replies.empty());
      close(CloseCode.NORMAL, LeaveReason.LEFT);
    } else if (!busy) {
      carryOut(accepted);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(accepted);
    } else {
      refuse(OptionalLong.of(accepted.id()), rateRefusal());
    }
  }

  private void carryOut(Decoded.Accepted accepted) {
    long id = accepted.id();
    if (accepted.request() instanceof Request.Hello hello) {
      hello(id, hello);
      return;
    }
    TokenVerdict.Granted who = granted;
    if (who == null) {
      refuse(OptionalLong.of(id), NO_HELLO_YET);
      return;
    }
    switch (accepted.request()) {
      // Both were queued behind a hello.
      case Request.Ping ignored -> accept(accepted);
      case Request.Bye ignored -> accept(accepted);
      case Request request -> {
        busy = true;
        services
            .roomThread()
            .execute(() ->
                roomRequests.carryOut(
                    request,
                    who,
                    answer ->
                        loop.runOnContext(nothing -> {
                          answer.write(
                              data -> reply(id, data),
                              refusal -> refuse(OptionalLong.of(id), refusal));
                          next();
                        })));
      }
    }
  }

  private void next() {
    busy = false;
    while (!busy && phase != Phase.CLOSED && !waiting.isEmpty()) {
      carryOut(waiting.remove());
    }
  }

  private void hello(long id, Request.Hello hello) {
    OptionalLong known = OptionalLong.of(id);
    if (phase == Phase.OPEN) {
      refuse(known, Refusal.of(ErrorCode.BAD_REQUEST, "hello was said already"));
      return;
    }
    if (!hello.versions().contains(Replies.VERSION)) {
      refuse(
          known,
          Refusal.of(
              ErrorCode.UNSUPPORTED_VERSION,
              "this server speaks version " + Replies.VERSION + ", not " + hello.versions()));
      close(CloseCode.UNSUPPORTED_VERSION, LeaveReason.DISCONNECTED);
      return;
    }
    if (hello.resume()) {
      refuse(
          known,
          Refusal.of(
              ErrorCode.SESSION_NOT_FOUND, "there is no such session: say hello without resume"));
      return;
    }
    busy = true;
    services
        .tokens()
        .verify(hello.token().or(() -> bearer), services.nowSec())
        .onComplete(verdict -> {
          if (phase == Phase.GREETING) {
            greet(known, hello, verdict.result());
          }
          next();
        });
  }

  private void greet(OptionalLong id, Request.Hello hello, TokenVerdict verdict) {
    switch (verdict) {
      case TokenVerdict.Denied(Refusal refusal) -> {
        refuse(id, refusal);
        close(CloseCode.AUTH_FAILED, LeaveReason.DISCONNECTED);
      }
      case TokenVerdict.Granted who -> {
        Optional<Refusal> full = services.ledger().add(who.identity());
        if (full.isPresent()) {
          refuse(id, full.get());
          close(CloseCode.TOO_MANY_CONNECTIONS, LeaveReason.DISCONNECTED);
          return;
        }
        counted = true;
        granted = who;
        phase = Phase.OPEN;
        liveness.greeted();
        services.counters().hello();
        line("hello")
            .with("identity", who.identity())
            .with("sdk", hello.client().sdk())
            .with("version", hello.client().version())
            .with("platform", hello.client().platform())
            .info(log);
        reply(
            id.orElseThrow(),
            Replies.hello(
                services.config(),
                sessionId,
                services.ids().resumeToken(),
                System.currentTimeMillis()));
      }
    }
  }

  private void badMessage(String why) {
    refuse(
        OptionalLong.empty(),
        Refusal.of(ErrorCode.BAD_REQUEST, "every frame is a text holding a JSON object: " + why));
    close(CloseCode.BAD_MESSAGE, LeaveReason.DISCONNECTED);
  }

  private void tooBig() {
    refuse(
        OptionalLong.empty(),
        Refusal.of(
            ErrorCode.MESSAGE_TOO_BIG,
            "a frame may have %d bytes before hello and %d after"
                .formatted(
                    services.config().limits().preHelloFrameBytes(),
                    services.config().limits().frameBytes())));
    close(CloseCode.TOO_BIG, LeaveReason.DISCONNECTED);
  }

  private void onFailure(Throwable failure) {
    if (phase != Phase.CLOSED && Socket.isTooBig(failure)) {
      tooBig();
    } else {
      line("socket.failure").with("cause", failure).debug(log);
    }
  }

  private void onPeerClose(@Nullable Short code) {
    if (phase != Phase.CLOSED) {
      services.counters().peerClose();
      end(LeaveReason.DISCONNECTED, "peer " + (code == null ? "lost" : code.toString()));
    }
  }

  private void close(CloseCode code, LeaveReason reason) {
    if (phase != Phase.CLOSED) {
      services.counters().close(code);
      socket.close(code);
      end(reason, code.text());
    }
  }

  private void end(LeaveReason reason, String why) {
    phase = Phase.CLOSED;
    waiting.clear();
    services.vertx().cancelTimer(timer);
    SignalingCounters counters = services.counters();
    counters.connectionClosed();
    TokenVerdict.Granted who = granted;
    if (counted && who != null) {
      services.ledger().remove(who.identity());
    }
    services.roomThread().execute(() -> roomRequests.end(reason));
    line("socket.closed").with("reason", why).with("open", counters.openConnections()).info(log);
    onEnd.accept(this);
  }

  /** One timer at a time, set to the next moment at which something may be due. */
  private void watch() {
    long nowNanos = System.nanoTime();
    Optional<CloseCode> verdict =
        backlog.isLost(nowNanos)
            ? Optional.of(CloseCode.SLOW_CONSUMER)
            : liveness.verdict(nowNanos);
    if (verdict.isPresent()) {
      close(
          verdict.get(),
          verdict.get() == CloseCode.HEARTBEAT_LOST
              ? LeaveReason.TIMEOUT
              : LeaveReason.DISCONNECTED);
      return;
    }
    long waitNanos = liveness.nextTimeoutNanos() - nowNanos;
    if (backlog.isSlow()) {
      waitNanos = Math.min(waitNanos, backlog.timeoutNanos());
    }
    timer =
        services
            .vertx()
            .setTimer(
                Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1),
                fired -> {
                  if (phase != Phase.CLOSED) {
                    watch();
                  }
                });
  }

  private void sendEvent(EventFrame event) {
    if (phase == Phase.OPEN) {
      seq++;
      send(event.text(seq));
    }
  }

  private void reply(long id, ObjectNode data) {
    if (phase != Phase.CLOSED) {
      send(ReplyFrame.ok(id, data));
    }
  }

  private void refuse(OptionalLong id, Refusal refusal) {
    if (phase != Phase.CLOSED) {
      services.counters().error(refusal.code());
      line("refused").with("code", refusal.code().wireName()).info(log);
      send(ReplyFrame.error(id, refusal));
    }
  }

  private void send(String text) {
    long nowNanos = System.nanoTime();
    boolean wasSlow = backlog.isSlow();
    backlog.written(socket.write(text, backlog::left), nowNanos);
    if (backlog.isLost(nowNanos)) {
      close(CloseCode.SLOW_CONSUMER, LeaveReason.DISCONNECTED);
    } else if (!wasSlow && backlog.isSlow()) {
      services.vertx().cancelTimer(timer);
      watch();
    }
  }

  private Refusal rateRefusal() {
    return Refusal.retryAfter(
        ErrorCode.RATE_LIMITED,
        "more than %d messages per second".formatted(services.config().limits().messagesPerSec()),
        rate.retryAfterMs());
  }

  private static OptionalLong id(Decoded decoded) {
    return switch (decoded) {
      case Decoded.Accepted(long id, Request ignored) -> OptionalLong.of(id);
      case Decoded.Refused refused -> refused.id();
      case Decoded.Malformed ignored -> OptionalLong.empty();
    };
  }

  private LogLine line(String event) {
    return LogLine.event(event).with("session", sessionId).with("remote", remote);
  }
}
