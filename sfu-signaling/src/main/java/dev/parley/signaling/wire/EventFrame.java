package dev.parley.signaling.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import java.time.Instant;
import java.util.Locale;

/**
 * An event written once for all its receivers: only {@code seq} differs between them.
 *
 * @param data the JSON of the data
 */
public record EventFrame(String type, String data) {
  public static EventFrame of(Event event) {
    ObjectNode data = WireJson.MAPPER.createObjectNode();
    String type =
        switch (event) {
          case Event.ParticipantJoined(Event.ParticipantInfo participant) -> {
            data.set("participant", json(participant));
            yield "participant.joined";
          }
          case Event.ParticipantUpdated(Event.ParticipantInfo participant) -> {
            data.set("participant", json(participant));
            yield "participant.updated";
          }
          case Event.ParticipantLeft(String participantId, LeaveReason reason) -> {
            data.put("participantId", participantId).put("reason", reason.wireName());
            yield "participant.left";
          }
          case Event.TrackPublished(String participantId, Event.TrackInfo track) -> {
            data.put("participantId", participantId).set("track", json(track));
            yield "track.published";
          }
          case Event.TrackUnpublished(String participantId, String trackId, String reason) -> {
            data.put("participantId", participantId).put("trackId", trackId).put("reason", reason);
            yield "track.unpublished";
          }
          case Event.TrackMuted(String participantId, String trackId, boolean muted) -> {
            data.put("participantId", participantId).put("trackId", trackId).put("muted", muted);
            yield "track.muted";
          }
          case Event.Slots slots -> {
            ArrayNode changes = data.putArray("changes");
            slots.changes().forEach(change -> changes.add(json(change)));
            yield "slots";
          }
          case Event.Layers layers -> {
            data.put("mid", layers.mid());
            ArrayNode active = data.putArray("active");
            layers.active().forEach(active::add);
            yield "layers";
          }
          case Event.Speakers speakers -> {
            ArrayNode list = data.putArray("list");
            for (MediaRoom.SpeakerLevel speaker : speakers.list()) {
              list.addObject()
                  .put("participantId", speaker.participantId())
                  .put("level", speaker.level());
            }
            yield "speakers";
          }
          case Event.Quality quality -> {
            ArrayNode updates = data.putArray("updates");
            for (Event.QualityLevel one : quality.updates()) {
              updates
                  .addObject()
                  .put("participantId", one.participantId())
                  .put("level", one.level());
            }
            yield "quality";
          }
          case Event.TimerAsked(String participantId, int sec, String text) -> {
            data.put("participantId", participantId).put("sec", sec);
            if (!text.isEmpty()) {
              data.put("text", text);
            }
            yield "timer.asked";
          }
          case Event.RoomUpdated(boolean locked) -> {
            data.put("locked", locked);
            yield "room.updated";
          }
          case Event.QueueUpdate update -> {
            data.setAll(json(update));
            yield "queue.update";
          }
          case Event.QueueAdmitted(String ticketId, String admitToken, long windowMs) -> {
            data.put("ticketId", ticketId).put("admitToken", admitToken).put("windowMs", windowMs);
            yield "queue.admitted";
          }
          case Event.QueueDenied(String ticketId, String reason, String text) -> {
            data.put("ticketId", ticketId).put("reason", reason).put("text", text);
            yield "queue.denied";
          }
          case Event.QueueList(var tickets, boolean paused) -> {
            ArrayNode list = data.putArray("tickets");
            tickets.forEach(ticket -> list.add(json(ticket)));
            data.put("paused", paused);
            yield "queue.list";
          }
          case Event.TimerState timer -> {
            data.setAll(json(timer));
            yield "timer.state";
          }
          case Event.TimerWarning(int remainingSec) -> {
            data.put("remainingSec", remainingSec);
            yield "timer.warning";
          }
          case Event.TimerEnded(String action) -> {
            data.put("action", action);
            yield "timer.ended";
          }
          case Event.ChatMessage message -> {
            data.setAll(json(message));
            yield "chat.message";
          }
          case Event.DataMessage(var from, var to, var topic, String payload) -> {
            data.put("from", from);
            to.ifPresent(id -> data.put("to", id));
            topic.ifPresent(name -> data.put("topic", name));
            data.putRawValue("payload", new RawValue(payload));
            yield "data.message";
          }
          case Event.ServerNotice(String kind, String action, String text) -> {
            data.put("kind", kind).put("action", action).put("text", text);
            yield "server.notice";
          }
          case Event.RoomMove(String room, String text) -> {
            data.put("room", room).put("text", text);
            yield "room.move";
          }
        };
    return new EventFrame(type, WireJson.write(data));
  }

  /** The text of the frame for one receiver. {@code type} needs no escaping: it is ours. */
  public String text(long seq) {
    return "{\"type\":\"" + type + "\",\"seq\":" + seq + ",\"data\":" + data + "}";
  }

  public static JsonNode json(Event.ParticipantInfo participant) {
    ObjectNode node =
        WireJson.MAPPER
            .createObjectNode()
            .put("id", participant.id())
            .put("csrc", participant.csrc())
            .put("displayName", participant.displayName());
    ObjectNode attributes = node.putObject("attributes");
    participant.attributes().forEach(attributes::put);
    node.put("role", participant.role().wireName());
    ArrayNode tracks = node.putArray("tracks");
    participant.tracks().forEach(track -> tracks.add(json(track)));
    return node;
  }

  /** The data of {@code queue.update}, which a reply may hold as well. */
  public static ObjectNode json(Event.QueueUpdate update) {
    ObjectNode node = WireJson.MAPPER.createObjectNode();
    node.set("ticket", json(update.ticket()));
    if (!update.message().isEmpty()) {
      node.put("message", update.message());
    }
    return node.put("paused", update.paused());
  }

  private static ObjectNode json(Event.TicketInfo ticket) {
    ObjectNode node =
        WireJson.MAPPER
            .createObjectNode()
            .put("ticketId", ticket.ticketId())
            .put("state", ticket.state())
            .put("priority", ticket.priority())
            .put("held", ticket.held())
            .put("joinedAt", Instant.ofEpochMilli(ticket.joinedAtMs()).toString());
    ticket.position().ifPresent(position -> node.put("position", position));
    ticket.ahead().ifPresent(ahead -> node.put("ahead", ahead));
    ticket.count().ifPresent(count -> node.put("count", count));
    ticket
        .admittedAtMs()
        .ifPresent(at -> node.put("admittedAt", Instant.ofEpochMilli(at).toString()));
    ticket
        .eta()
        .ifPresent(eta -> {
          ObjectNode range = node.putObject("eta").put("basis", eta.basis());
          eta.lowSec().ifPresent(low -> range.put("lowSec", low));
          eta.highSec().ifPresent(high -> range.put("highSec", high));
        });
    ticket
        .who()
        .ifPresent(
            who -> node.put("identity", who.identity()).put("displayName", who.displayName()));
    return node;
  }

  public static ObjectNode json(Event.TimerState timer) {
    ObjectNode node = WireJson.MAPPER.createObjectNode().put("state", timer.state());
    timer.startedAtMs().ifPresent(at -> node.put("startedAt", Instant.ofEpochMilli(at).toString()));
    timer.endsAtMs().ifPresent(at -> node.put("endsAt", Instant.ofEpochMilli(at).toString()));
    return node.put("remainingMs", timer.remainingMs())
        .put("serverTimeMs", timer.serverTimeMs())
        .put("extendedSec", timer.extendedSec());
  }

  public static ObjectNode json(Event.ChatMessage message) {
    ObjectNode node =
        WireJson.MAPPER
            .createObjectNode()
            .put("msgId", message.msgId())
            .put("at", Instant.ofEpochMilli(message.at()).toString());
    node.putObject("from")
        .put("participantId", message.from().participantId())
        .put("identity", message.from().identity())
        .put("displayName", message.from().displayName());
    node.put("text", message.text());
    message.to().ifPresent(to -> node.put("to", to));
    message.clientMsgId().ifPresent(id -> node.put("clientMsgId", id));
    return node;
  }

  public static String wireName(MediaKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode json(Event.TrackInfo track) {
    return WireJson.MAPPER
        .createObjectNode()
        .put("trackId", track.trackId())
        .put("source", track.source().wireName())
        .put("kind", wireName(track.source().kind()))
        .put("muted", track.muted())
        .put("label", track.label());
  }

  private static JsonNode json(MediaSession.SlotChange change) {
    ObjectNode node =
        WireJson.MAPPER
            .createObjectNode()
            .put("mid", change.mid())
            .put("state", change.state().name().toLowerCase(Locale.ROOT));
    change.participantId().ifPresent(id -> node.put("participantId", id));
    change.trackId().ifPresent(id -> node.put("trackId", id));
    change.source().ifPresent(source -> node.put("source", source.wireName()));
    if (change.csrc() != 0) {
      node.put("csrc", change.csrc());
    }
    return node.put("reason", change.reason().name().toLowerCase(Locale.ROOT));
  }
}
