package dev.parley.signaling.room;

import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.Request;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What people and programs in a room say to each other. What was said to all is kept for those who
 * come later, what was said to one is not. Room thread.
 */
final class Chat {
  static final int KEPT = 100;

  /** Messages of the recent past that are recognized when they are sent again. */
  private static final int RECOGNIZED = 256;

  private final Deque<Event.ChatMessage> toAll = new ArrayDeque<>();
  private final Deque<Event.ChatMessage> recent = new ArrayDeque<>();

  /** The last messages to all, the oldest first. */
  List<Event.ChatMessage> history() {
    return List.copyOf(toAll);
  }

  void restore(List<Event.ChatMessage> history) {
    history.forEach(message -> {
      keep(message);
      remember(message);
    });
  }

  Outcome<Event.ChatMessage> send(
      Room room, Participant from, Request.ChatSend request, String msgId, long nowMs) {
    if (!from.grants().chat()) {
      return Outcome.refused(Refusal.of(ErrorCode.FORBIDDEN, "the token does not grant chat"));
    }
    Optional<Event.ChatMessage> known = known(from, request);
    if (known.isPresent()) {
      return Outcome.done(known.get());
    }
    Optional<Refusal> nobody = request.to().flatMap(room::missing);
    if (nobody.isPresent()) {
      return Outcome.refused(nobody.get());
    }
    Event.ChatMessage message =
        new Event.ChatMessage(
            msgId,
            nowMs,
            new Event.Sender(from.id, from.command.identity(), from.displayName()),
            request.text(),
            request.to(),
            request.clientMsgId());
    remember(message);
    if (request.to().isEmpty()) {
      keep(message);
      room.tellAll(message);
    } else {
      EventFrame frame = EventFrame.of(message);
      from.deliver(frame);
      room.inside(request.to().get()).filter(to -> to != from).ifPresent(to -> to.deliver(frame));
    }
    return Outcome.done(message);
  }

  private Optional<Event.ChatMessage> known(Participant from, Request.ChatSend request) {
    if (request.clientMsgId().isEmpty()) {
      return Optional.empty();
    }
    return recent.stream()
        .filter(message ->
            message.clientMsgId().equals(request.clientMsgId())
                && message.from().identity().equals(from.command.identity()))
        .findFirst();
  }

  private void remember(Event.ChatMessage message) {
    if (message.clientMsgId().isPresent()) {
      recent.add(message);
      if (recent.size() > RECOGNIZED) {
        recent.remove();
      }
    }
  }

  private void keep(Event.ChatMessage message) {
    toAll.add(message);
    if (toAll.size() > KEPT) {
      toAll.remove();
    }
  }

  /** Passes a message between programs on; nothing of it is kept. */
  static Outcome<Boolean> pass(Room room, Participant from, Request.DataSend request) {
    if (!from.grants().data()) {
      return Outcome.refused(
          Refusal.of(ErrorCode.FORBIDDEN, "the token does not grant data messages"));
    }
    Optional<Refusal> nobody = request.to().flatMap(room::missing);
    if (nobody.isPresent()) {
      return Outcome.refused(nobody.get());
    }
    Event message =
        new Event.DataMessage(from.id, request.to(), request.topic(), request.payload());
    request
        .to()
        .flatMap(room::inside)
        .ifPresentOrElse(
            to -> to.deliver(EventFrame.of(message)), () -> room.tellOthers(from, message));
    return Outcome.done(true);
  }
}
