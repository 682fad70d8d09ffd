package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.room.Entry;
import dev.parley.signaling.room.JoinCommand;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.room.Visitor;
import dev.parley.signaling.rules.EchoRooms;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.LeaveReason;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import dev.parley.signaling.wire.TimerControl;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one session asks of its room. Room thread; each request is answered exactly once. */
final class RoomRequests {
  private static final Logger log = LoggerFactory.getLogger(RoomRequests.class);
  private static final String NAMELESS = "Guest";

  private final Visitor visitor;
  private final String sessionId;
  private final String address;
  private boolean ended;
  private boolean cameBack;

  /** A reply that still has to be written, by the socket's own thread. */
  sealed interface Answer {
    record Ok(ObjectNode data) implements Answer {}

    record Refused(Refusal refusal) implements Answer {}

    default void write(Consumer<ObjectNode> ok, Consumer<Refusal> error) {
      switch (this) {
        case Ok(ObjectNode data) -> ok.accept(data);
        case Refused(Refusal refusal) -> error.accept(refusal);
      }
    }
  }

  RoomRequests(Visitor visitor, String sessionId, String address) {
    this.visitor = visitor;
    this.sessionId = sessionId;
    this.address = address;
  }

  /**
   * A fault of ours costs the one who asked, and nobody else.
   *
   * @param reply called on the room thread, now or later
   */
  void carryOut(Request request, TokenVerdict.Granted who, Consumer<Answer> reply) {
    if (ended) {
      return;
    }
    Optional<Refusal> forbidden = who.grants().refuse(request);
    if (forbidden.isPresent()) {
      reply.accept(new Answer.Refused(forbidden.get()));
      return;
    }
    try {
      dispatch(request, who, reply);
    } catch (RuntimeException fault) {
      LogLine.event("request.failed")
          .with("session", sessionId)
          .with("type", request.type())
          .error(log, fault);
      reply.accept(
          new Answer.Refused(
              Refusal.of(ErrorCode.INTERNAL, request.type() + " failed: try again")));
    }
  }

  /** The session has a new socket: the next join may be that of a page that was loaded again. */
  void cameBack() {
    cameBack = true;
    visitor.away(false);
  }

  /** The session has no socket for the moment. */
  void wentAway() {
    visitor.away(true);
  }

  /** The session is over. */
  void end(LeaveReason reason) {
    ended = true;
    visitor.leave(reason);
  }

  private void dispatch(Request request, TokenVerdict.Granted who, Consumer<Answer> reply) {
    switch (request) {
      case Request.Join join -> join(join, who, reply);
      case Request.Leave ignored ->
          reply.accept(answer(visitor.leave(LeaveReason.LEFT), done -> Replies.empty()));
      case Request.View(var wish) ->
          reply.accept(answer(visitor.view(wish), done -> Replies.empty()));
      case Request.TrackUpdate update ->
          visitor.updateTrack(update, outcome -> reply.accept(answer(outcome, Replies::track)));
      case Request.Negotiate negotiate ->
          visitor.negotiate(
              negotiate,
              (Outcome<MediaSession.Answer> outcome) ->
                  reply.accept(answer(outcome, Replies::negotiated)));
      case Request.ChatSend chat -> reply.accept(answer(visitor.chat(chat), Replies::sent));
      case Request.DataSend data ->
          reply.accept(answer(visitor.data(data), done -> Replies.empty()));
      case Request.ParticipantUpdate update ->
          reply.accept(answer(visitor.update(update), done -> Replies.empty()));
      case Request.Stats stats ->
          reply.accept(answer(visitor.stats(stats), done -> Replies.empty()));
      case Request.TimerAsk ask ->
          reply.accept(answer(visitor.askForTime(ask), done -> Replies.empty()));
      case Moderation moderation ->
          reply.accept(answer(visitor.moderate(moderation), done -> Replies.empty()));
      case Request.SwitchRoom(Request.Join to) -> switchRoom(to, who, reply);
      case Request.IceRestart restart ->
          visitor.restartIce(restart, outcome -> reply.accept(answer(outcome, Replies::ice)));
      case Request.IceCandidates candidates ->
          visitor.candidates(
              candidates, outcome -> reply.accept(answer(outcome, done -> Replies.empty())));
      case TimerControl control ->
          reply.accept(answer(visitor.timer(control), done -> Replies.empty()));
      case Request.Hello hello -> throw notForRooms(hello);
      case Request.Ping ping -> throw notForRooms(ping);
      case Request.Bye bye -> throw notForRooms(bye);
    }
  }

  private void join(Request.Join join, TokenVerdict.Granted who, Consumer<Answer> reply) {
    Optional<Refusal> shut = shut(join, who);
    if (shut.isPresent()) {
      reply.accept(new Answer.Refused(shut.get()));
      return;
    }
    Consumer<Outcome<Entry>> entered =
        outcome -> {
          if (outcome instanceof Outcome.Done<Entry>) {
            cameBack = false;
          }
          reply.accept(answer(outcome, Replies::entry));
        };
    if (cameBack) {
      visitor.rejoin(command(join, who, false), entered);
    } else {
      visitor.join(command(join, who, false), entered);
    }
  }

  private void switchRoom(Request.Join to, TokenVerdict.Granted who, Consumer<Answer> reply) {
    boolean invited = visitor.isInvitedTo(to.room());
    Optional<Refusal> shut = invited ? Optional.empty() : shut(to, who);
    shut.ifPresentOrElse(
        refusal -> reply.accept(new Answer.Refused(refusal)),
        () ->
            visitor.switchRoom(
                command(to, who, invited),
                outcome -> reply.accept(answer(outcome, Replies::switched))));
  }

  /** Whoever may come to any room may try the connection first. */
  private static Optional<Refusal> shut(Request.Join join, TokenVerdict.Granted who) {
    return EchoRooms.isOne(join.room()) || who.opens(join.room())
        ? Optional.empty()
        : Optional.of(
            Refusal.of(ErrorCode.FORBIDDEN, "the token does not open room " + join.room()));
  }

  private JoinCommand command(Request.Join join, TokenVerdict.Granted who, boolean invited) {
    return new JoinCommand(
        sessionId,
        join.room(),
        who.identity(),
        join.displayName().or(who::name).orElse(NAMELESS),
        who.describe(join.attributes()),
        who.grants(),
        join.sdp(),
        join.tracks(),
        true,
        Optional.empty(),
        new JoinCommand.Keys(join.password(), join.admitToken(), address, invited));
  }

  private static <T> Answer answer(Outcome<T> outcome, Function<T, ObjectNode> data) {
    return switch (outcome) {
      case Outcome.Done<T>(T value) -> new Answer.Ok(data.apply(value));
      case Outcome.Refused<T>(Refusal refusal) -> new Answer.Refused(refusal);
    };
  }

  private static IllegalStateException notForRooms(Request request) {
    return new IllegalStateException(request.type() + " is not a request to a room");
  }
}
