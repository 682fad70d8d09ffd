package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.PeerClose;
import dev.parley.signaling.observe.SignalingCounters;
import dev.parley.signaling.session.RoomRequests.Answer;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.Decoded;
import dev.parley.signaling.wire.ErrorCode;
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
 * One WebSocket from its opening to its end: frames, rates, liveness, hello. Runs on the socket's
 * event loop, except the methods of {@link Link}, which the room thread calls.
 *
 * <p>After hello, {@code ping} and {@code bye} are answered here; everything else is the {@link
 * Session}'s.
 */
public final class Connection implements Link {
  /** RFC 6455, section 7.4.1: what browsers send for a page that is left. */
  private static final short GOING_AWAY = 1001;

  /** The same, from a script, which may not send that one. */
  private static final short PAGE_LEFT = 3001;

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** Frames that may wait for the reply to hello. */
  private static final int MAX_WAITING = 64;

  private static final Refusal NO_HELLO_YET =
      Refusal.of(ErrorCode.NOT_AUTHENTICATED, "say hello first");

  private enum Phase {
    GREETING,
    OPEN,
    CLOSED
  }

  /** What a new socket brings, and who is told once, on the event loop, that it is gone. */
  public record Upgrade(
      Optional<String> bearer,
      Optional<String> address,
      String remote,
      Consumer<Connection> onEnd) {}

  private final Services services;
  private final Sessions sessions;
  private final Context loop;
  private final Socket socket;
  private final Upgrade upgrade;
  private final Liveness liveness;
  private final MessageRate rate;
  private final Backlog backlog;
  private final Alarm alarm;
  private final Deque<Decoded.Accepted> waiting = new ArrayDeque<>(2);
  private Phase phase = Phase.GREETING;
  private boolean helloUnderWay;
  private boolean heardSinceHello;
  private boolean addressCounted;

  /** The client said that its page is closed, or loaded again. */
  private volatile boolean pageClosed;

  private Optional<String> earlierIdentity = Optional.empty();
  private @Nullable Session session;
  private @Nullable LedgerEntry count;

  private Connection(
      Services services, Sessions sessions, Context loop, Socket socket, Upgrade upgrade) {
    long nowNanos = System.nanoTime();
    this.services = services;
    this.sessions = sessions;
    this.loop = loop;
    this.socket = socket;
    this.upgrade = upgrade;
    this.liveness = new Liveness(services.config(), nowNanos);
    this.rate =
        new MessageRate(
            services.config().limits().messagesPerSec(),
            services.config().limits().messageBurst(),
            nowNanos);
    this.backlog = new Backlog(services.config().limits());
    this.alarm = new Alarm(services.vertx(), services.counters());
  }

  /**
   * Takes over an accepted WebSocket. Called on its event loop.
   *
   * @param upgrade its bearer is the token of the upgrade request, when it had one; its address the
   *     one that the socket counts for, its remote address the one for the log
   */
  public static Connection open(
      Services services,
      Sessions sessions,
      ServerWebSocket webSocket,
      Channel channel,
      Context loop,
      Upgrade upgrade) {
    Connection connection =
        new Connection(services, sessions, loop, new Socket(webSocket, channel), upgrade);
    services.counters().connectionOpened();
    connection.line("socket.opened").info(log);
    webSocket.frameHandler(connection::onFrame);
    webSocket.textMessageHandler(connection::onText);
    webSocket.binaryMessageHandler(binary -> connection.badMessage("binary frames are not used"));
    webSocket.exceptionHandler(connection::onFailure);
    webSocket.closeHandler(nothing -> connection.onPeerClose(webSocket.closeStatusCode()));
    connection.countAddress();
    if (connection.phase != Phase.CLOSED) {
      connection.watch();
    }
    return connection;
  }

  /** Whether the end was told before {@link #open} returned, or since. */
  public boolean isClosed() {
    return phase == Phase.CLOSED;
  }

  /** Ends a socket that no session will end. Any thread. */
  public void restart() {
    close(CloseCode.RESTART, "");
  }

  @Override
  public void greeted(long helloId, Session opened, LedgerEntry entry, ObjectNode reply) {
    loop.runOnContext(nothing -> {
      if (phase == Phase.CLOSED) {
        entry.release();
        detach(opened, LeaveReason.DISCONNECTED, true);
        return;
      }
      phase = Phase.OPEN;
      session = opened;
      count = entry;
      liveness.greeted();
      line("hello").with("resumed", reply.path("resumed")).info(log);
      reply(helloId, reply);
      acceptWaiting();
    });
  }

  @Override
  public void refused(long helloId, Refusal refusal, Optional<CloseCode> code) {
    loop.runOnContext(nothing -> {
      refuse(OptionalLong.of(helloId), refusal);
      helloUnderWay = false;
      code.ifPresent(this::end);
      acceptWaiting();
    });
  }

  @Override
  public void recognized(String identity) {
    loop.runOnContext(nothing -> earlierIdentity = Optional.of(identity));
  }

  @Override
  public void event(long seq, EventFrame event) {
    loop.runOnContext(nothing -> {
      if (phase == Phase.OPEN) {
        send(event.text(seq));
      }
    });
  }

  @Override
  public void answer(long id, Answer answer) {
    loop.runOnContext(nothing ->
        answer.write(data -> reply(id, data), refusal -> refuse(OptionalLong.of(id), refusal)));
  }

  @Override
  public void close(CloseCode code, String words) {
    loop.runOnContext(nothing -> end(code, words));
  }

  /** Control frames and fragments cost as much as messages, or they would be free floods. */
  private void onFrame(WebSocketFrame frame) {
    if (phase == Phase.CLOSED || frame.isClose() || (frame.isText() && frame.isFinal())) {
      return;
    }
    if (rate.message(System.nanoTime()) == MessageRate.Verdict.ABUSE) {
      end(CloseCode.RATE_LIMITED);
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
    int bytes = text.length() > most ? text.length() : Socket.utf8Length(text);
    services.counters().received(bytes);
    if (bytes > most) {
      tooBig();
      return;
    }
    long nowNanos = System.nanoTime();
    liveness.heard(nowNanos);
    MessageRate.Verdict verdict = rate.message(nowNanos);
    if (verdict == MessageRate.Verdict.ABUSE) {
      services.counters().rateLimited();
      refuse(OptionalLong.empty(), rateRefusal());
      end(CloseCode.RATE_LIMITED);
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
      case Decoded.Accepted accepted -> {
        noteFirst();
        accept(accepted);
      }
    }
  }

  /** A client speaks again when it has the reply to hello. */
  private void noteFirst() {
    @Nullable Session own = session;
    if (own != null && !heardSinceHello) {
      heardSinceHello = true;
      services.roomThread().execute(() -> own.confirmed(this));
    }
  }

  private void accept(Decoded.Accepted accepted) {
    OptionalLong id = OptionalLong.of(accepted.id());
    @Nullable Session own = session;
    if (own != null) {
      request(own, accepted);
    } else if (helloUnderWay && waiting.size() < MAX_WAITING) {
      waiting.add(accepted);
    } else if (helloUnderWay) {
      refuse(id, rateRefusal());
    } else if (accepted.request() instanceof Request.Hello hello) {
      hello(accepted.id(), hello);
    } else {
      refuse(id, NO_HELLO_YET);
    }
  }

  private void acceptWaiting() {
    while (phase != Phase.CLOSED && !helloIsAwaited() && !waiting.isEmpty()) {
      accept(waiting.remove());
    }
  }

  private boolean helloIsAwaited() {
    return phase == Phase.GREETING && helloUnderWay;
  }

  private void request(Session own, Decoded.Accepted accepted) {
    switch (accepted.request()) {
      case Request.Ping(double t) ->
          reply(
              accepted.id(),
              Replies.empty().put("t", t).put("serverTimeMs", System.currentTimeMillis()));
      case Request.Bye ignored -> {
        reply(accepted.id(), Replies.empty());
        end(CloseCode.NORMAL);
      }
      case Request.Hello ignored ->
          refuse(
              OptionalLong.of(accepted.id()),
              Refusal.of(ErrorCode.BAD_REQUEST, "hello was said already"));
      case Request ignored -> services.roomThread().execute(() -> own.request(this, accepted));
    }
  }

  private void hello(long id, Request.Hello hello) {
    if (!hello.versions().contains(Replies.VERSION)) {
      refuse(
          OptionalLong.of(id),
          Refusal.of(
              ErrorCode.UNSUPPORTED_VERSION,
              "this server speaks version " + Replies.VERSION + ", not " + hello.versions()));
      end(CloseCode.UNSUPPORTED_VERSION);
      return;
    }
    helloUnderWay = true;
    Optional<String> token = hello.token().or(upgrade::bearer);
    services
        .tokens()
        .verify(token, services.nowSec())
        .onComplete(verdict ->
            // The check may come back on another thread.
            loop.runOnContext(nothing -> checked(id, hello, token, verdict.result())));
  }

  private void checked(long id, Request.Hello hello, Optional<String> token, TokenVerdict verdict) {
    if (phase == Phase.CLOSED) {
      return;
    }
    switch (verdict) {
      case TokenVerdict.Denied(Refusal refusal) -> {
        refuse(OptionalLong.of(id), refusal);
        end(CloseCode.AUTH_FAILED);
      }
      case TokenVerdict.Granted granted -> {
        TokenVerdict.Granted who = asBefore(granted);
        line("hello.checked")
            .with("identity", who.identity())
            .with("sdk", hello.client().sdk())
            .with("version", hello.client().version())
            .with("platform", hello.client().platform())
            .info(log);
        Pass pass = Pass.of(who, token, upgrade.address().orElse(""));
        services
            .roomThread()
            .execute(() ->
                hello
                    .resume()
                    .ifPresentOrElse(
                        wish -> sessions.resume(this, id, wish, pass),
                        () -> sessions.open(this, id, pass)));
      }
    }
  }

  /** Who came without a token may have been recognized. */
  private TokenVerdict.Granted asBefore(TokenVerdict.Granted who) {
    return who.validity().isPresent()
        ? who
        : earlierIdentity.map(TokenVerdict.Granted::anonymous).orElse(who);
  }

  private void countAddress() {
    if (upgrade.address().isEmpty()) {
      return;
    }
    addressCounted = services.addresses().add(upgrade.address().get());
    if (!addressCounted) {
      refuse(
          OptionalLong.empty(),
          Refusal.of(
              ErrorCode.TOO_MANY_CONNECTIONS,
              "your network address has as many connections open as it may: "
                  + services.config().sessions().socketsPerAddress()));
      end(CloseCode.TOO_MANY_CONNECTIONS);
    }
  }

  private void badMessage(String why) {
    refuse(
        OptionalLong.empty(),
        Refusal.of(ErrorCode.BAD_REQUEST, "every frame is a text holding a JSON object: " + why));
    end(CloseCode.BAD_MESSAGE);
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
    end(CloseCode.TOO_BIG);
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
      services.counters().peerClose(PeerClose.of(code));
      pageClosed = code != null && (code == GOING_AWAY || code == PAGE_LEFT);
      gone(LeaveReason.DISCONNECTED, true, "peer " + (code == null ? "lost" : code.toString()));
    }
  }

  private void end(CloseCode code) {
    end(code, "");
  }

  private void end(CloseCode code, String words) {
    if (phase == Phase.CLOSED) {
      return;
    }
    services.counters().close(code);
    socket.close(code, words);
    // Who broke the protocol is told to stop, and a bye leaves nothing behind.
    boolean resumable =
        code != CloseCode.NORMAL && code != CloseCode.BAD_MESSAGE && code != CloseCode.TOO_BIG;
    LeaveReason reason =
        code == CloseCode.NORMAL
            ? LeaveReason.LEFT
            : code == CloseCode.HEARTBEAT_LOST ? LeaveReason.TIMEOUT : LeaveReason.DISCONNECTED;
    gone(reason, resumable, code.text());
  }

  private void gone(LeaveReason reason, boolean resumable, String why) {
    phase = Phase.CLOSED;
    waiting.clear();
    alarm.cancel();
    SignalingCounters counters = services.counters();
    counters.connectionClosed();
    if (count != null) {
      count.release();
    }
    if (addressCounted) {
      upgrade.address().ifPresent(services.addresses()::remove);
    }
    if (session != null) {
      detach(session, reason, resumable);
    }
    line("socket.closed").with("reason", why).with("open", counters.openConnections()).info(log);
    upgrade.onEnd().accept(this);
  }

  private void detach(Session from, LeaveReason reason, boolean resumable) {
    services.roomThread().execute(() -> from.detached(this, reason, resumable, pageClosed));
  }

  /** One timer at a time, set to the next moment at which something may be due. */
  private void watch() {
    long nowNanos = System.nanoTime();
    Optional<CloseCode> verdict =
        backlog.isLost(nowNanos)
            ? Optional.of(CloseCode.SLOW_CONSUMER)
            : liveness.verdict(nowNanos);
    if (verdict.isPresent()) {
      end(verdict.get());
      return;
    }
    long waitNanos = liveness.nextTimeoutNanos() - nowNanos;
    if (backlog.isSlow()) {
      waitNanos = Math.min(waitNanos, backlog.timeoutNanos());
    }
    alarm.set(TimeUnit.NANOSECONDS.toMillis(waitNanos) + 1, this::watch);
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
    int bytes = socket.write(text, backlog::left);
    services.counters().sent(bytes);
    backlog.written(bytes, nowNanos);
    if (backlog.isLost(nowNanos)) {
      end(CloseCode.SLOW_CONSUMER);
    } else if (!wasSlow && backlog.isSlow()) {
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
    LogLine line = LogLine.event(event).with("remote", upgrade.remote());
    return session == null ? line : line.with("session", session.id());
  }
}
