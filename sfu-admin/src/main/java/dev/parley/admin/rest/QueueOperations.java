package dev.parley.admin.rest;

import dev.parley.signaling.Operator;
import dev.parley.signaling.rules.TicketView;
import dev.parley.signaling.wire.Moderation;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** {@code /v1/rooms/{room}/queue}. */
final class QueueOperations {
  private static final Pattern TICKET = Pattern.compile("qt_[A-Za-z0-9]{1,61}");
  private static final int MOST = 1000;
  private static final String QUEUE = "/v1/rooms/{room}/queue";

  private final Operator operator;

  QueueOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.get(QUEUE, this::list),
        Operation.post(QUEUE + ":admit", call -> moderate(call, QueueOperations::admit)),
        Operation.post(QUEUE + ":pause", call -> close(call, true)),
        Operation.post(QUEUE + ":resume", call -> close(call, false)),
        Operation.post(
            QUEUE + "/{ticket}:deny",
            call ->
                moderate(
                    call,
                    body ->
                        new Moderation.Deny(
                            call.path("ticket"),
                            body.text("text", RoomOperations.TEXT_CHARS).orElse("")))),
        Operation.post(
            QUEUE + "/{ticket}:move",
            call -> moderate(call, body -> move(call.path("ticket"), body))));
  }

  /** In the order in which people are admitted. */
  private Future<Answer> list(Call call) {
    Optional<Page> page = Pages.page(call);
    return page.isEmpty()
        ? Future.succeededFuture(Pages.NO_PAGE)
        : Answer.of(
            operator.rooms(rooms -> rooms.queue(call.path("room"))),
            all ->
                Answer.ok(
                    page.get()
                        .of(
                            "tickets",
                            all,
                            ticket -> "%08d".formatted(ticket.position()),
                            QueueOperations::view)));
  }

  private Future<Answer> moderate(Call call, Function<Body, Moderation> reader) {
    Moderation request = reader.apply(call.body());
    return call.checked(() -> RoomOperations.moderate(operator, call, request));
  }

  private Future<Answer> close(Call call, boolean closed) {
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.closeQueue(call.path("room"), closed)),
            done -> Answer.DONE));
  }

  private static Moderation admit(Body body) {
    boolean one = body.node("ticketId").isPresent();
    OptionalInt count = body.integer("count", 1, MOST);
    boolean all = body.flag("all").orElse(false);
    if ((one ? 1 : 0) + (count.isPresent() ? 1 : 0) + (all ? 1 : 0) != 1) {
      body.complain("ticketId", "a ticket, or one of count and all instead");
    }
    if (one) {
      return new Moderation.Admit(
          new Moderation.Admit.Who.Ticket(body.requiredMatch("ticketId", TICKET)));
    }
    return new Moderation.Admit(
        all ? new Moderation.Admit.Who.All() : new Moderation.Admit.Who.Count(count.orElse(1)));
  }

  private static Moderation move(String ticketId, Body body) {
    OptionalInt position = body.integer("position", 1, MOST);
    OptionalInt priority = body.integer("priority", 0, 9);
    if (position.isPresent() == priority.isPresent()) {
      body.complain("position", "an integer from 1 to " + MOST + ", or priority instead");
    }
    return new Moderation.Reorder(ticketId, priority, position);
  }

  private static Map<String, Object> view(TicketView ticket) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ticketId", ticket.ticketId());
    map.put("identity", ticket.identity());
    map.put("displayName", ticket.displayName());
    map.put("state", ticket.state().wireName());
    map.put("position", ticket.position());
    map.put("priority", ticket.priority());
    map.put("held", ticket.held());
    map.put("approved", ticket.approved());
    map.put("joinedAt", Instant.ofEpochMilli(ticket.joinedAtMs()).toString());
    ticket.eta().lowSec().ifPresent(sec -> map.put("etaLowSec", sec));
    ticket.eta().highSec().ifPresent(sec -> map.put("etaHighSec", sec));
    return map;
  }
}
