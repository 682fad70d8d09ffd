package dev.parley.signaling.session;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.parley.core.api.MediaSession;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.room.Entry;
import dev.parley.signaling.room.Joined;
import dev.parley.signaling.room.Queued;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.wire.Event;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.WireJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The data of replies as JSON. */
public final class Replies {
  public static final int VERSION = 1;

  /** What this server can do beyond hello, ping, join, leave and bye. */
  private static final List<String> FEATURES =
      List.of("resume", "view", "track.update", "negotiate", "speakers", "whip", "whep");

  private Replies() {}

  static ObjectNode empty() {
    return WireJson.MAPPER.createObjectNode();
  }

  static ObjectNode hello(
      SignalingConfig config,
      Grants grants,
      String sessionId,
      String resumeToken,
      boolean resumed,
      IceOffer ice,
      long timeMs) {
    ObjectNode data =
        empty()
            .put("version", VERSION)
            .put("sessionId", sessionId)
            .put("resumeToken", resumeToken)
            .put("resumed", resumed);
    data.putObject("server")
        .put("name", config.server().name())
        .put("version", config.server().version())
        .put("node", config.server().node())
        .put("timeMs", timeMs);
    data.putObject("ping")
        .put("intervalMs", config.heartbeat().interval().toMillis())
        .put("timeoutMs", config.heartbeat().timeout().toMillis());
    data.put("resumeGraceMs", config.sessions().resumeGrace().toMillis());
    putIce(data, ice);
    SignalingConfig.Limits limits = config.limits();
    ObjectNode shown =
        data.putObject("limits")
            .put("messagesPerSec", limits.messagesPerSec())
            .put("messageBurst", limits.messageBurst())
            .put("frameBytes", limits.frameBytes())
            .put("sdpBytes", limits.sdpBytes())
            .put("roomSize", limits.roomSize());
    SignalingConfig.Slots none = new SignalingConfig.Slots(0, 0);
    slots(shown.putObject("audioSlots"), grants.subscribe() ? config.audioSlots() : none);
    slots(shown.putObject("videoSlots"), grants.subscribe() ? config.videoSlots() : none);
    ArrayNode features = data.putArray("features");
    FEATURES.forEach(features::add);
    return data;
  }

  private static void putIce(ObjectNode data, IceOffer ice) {
    data.set("iceServers", iceServers(ice.servers()));
    ice.expiresAtMs().ifPresent(ms -> data.put("iceServersExpireAt", time(ms)));
  }

  /** Fresh TURN credentials. */
  static EventFrame iceServersEvent(IceOffer ice) {
    ObjectNode data = empty();
    putIce(data, ice);
    return new EventFrame("ice.servers", WireJson.write(data));
  }

  /** A join token for the next hello. */
  static EventFrame tokenRefreshEvent(String token, OptionalLong expiresAtMs) {
    ObjectNode data = empty().put("token", token);
    expiresAtMs.ifPresent(ms -> data.put("expiresAt", time(ms)));
    return new EventFrame("token.refresh", WireJson.write(data));
  }

  private static String time(long epochMs) {
    return Instant.ofEpochMilli(epochMs).toString();
  }

  /** The list that {@code RTCPeerConnection} takes. */
  public static ArrayNode iceServers(List<SignalingConfig.IceServer> servers) {
    ArrayNode list = WireJson.MAPPER.createArrayNode();
    for (SignalingConfig.IceServer server : servers) {
      ObjectNode node = list.addObject();
      ArrayNode urls = node.putArray("urls");
      server.urls().forEach(urls::add);
      server.username().ifPresent(username -> node.put("username", username));
      server.credential().ifPresent(credential -> node.put("credential", credential));
    }
    return list;
  }

  static ObjectNode entry(Entry entry) {
    return switch (entry) {
      case Joined joined -> {
        ObjectNode data = joined(joined);
        joined.answer().ifPresent(answer -> data.put("sdp", answer.sdp()));
        yield data;
      }
      case Queued(Event.QueueUpdate update) -> EventFrame.json(update).put("status", "queued");
    };
  }

  /** As {@link #entry}, without the SDP, which stays as it was. */
  static ObjectNode switched(Entry entry) {
    return entry instanceof Joined joined ? joined(joined) : entry(entry);
  }

  static ObjectNode ice(MediaSession.LocalIce ice) {
    ObjectNode data = empty().put("gen", ice.gen()).put("ufrag", ice.ufrag()).put("pwd", ice.pwd());
    ArrayNode candidates = data.putArray("candidates");
    ice.candidates().forEach(candidates::add);
    return data;
  }

  private static ObjectNode joined(Joined joined) {
    ObjectNode data = empty().put("status", "joined");
    data.putObject("room")
        .put("id", joined.roomId())
        .put("name", joined.roomName())
        .put("locked", joined.locked());
    ArrayNode permissions =
        data.putObject("self")
            .put("id", joined.self().id())
            .put("csrc", joined.self().csrc())
            .put("role", joined.self().role().wireName())
            .put("displayName", joined.self().displayName())
            .putArray("permissions");
    joined.permissions().forEach(permissions::add);
    // The newcomer's own tracks, so that it learns their ids.
    ObjectNode self = (ObjectNode) data.get("self");
    self.set("tracks", EventFrame.json(joined.self()).get("tracks"));
    ArrayNode others = data.putArray("participants");
    joined.others().forEach(other -> others.addRawValue(new RawValue(other)));
    joined
        .timer()
        .ifPresentOrElse(
            timer -> data.set("timer", EventFrame.json(timer)), () -> data.putNull("timer"));
    ArrayNode chat = data.putArray("chat");
    joined.chat().forEach(message -> chat.add(EventFrame.json(message)));
    joined.answer().ifPresent(answer -> putAnswer(data, answer));
    if (joined.answer().isEmpty()) {
      data.putArray("slots");
    }
    return data;
  }

  static ObjectNode negotiated(MediaSession.Answer answer) {
    ObjectNode data = empty().put("sdp", answer.sdp());
    putAnswer(data, answer);
    return data;
  }

  static ObjectNode sent(Event.ChatMessage message) {
    return empty()
        .put("msgId", message.msgId())
        .put("at", Instant.ofEpochMilli(message.at()).toString());
  }

  static ObjectNode track(Optional<String> trackId) {
    ObjectNode data = empty();
    trackId.ifPresent(id -> data.put("trackId", id));
    return data;
  }

  private static void putAnswer(ObjectNode data, MediaSession.Answer answer) {
    data.put("gen", answer.gen());
    ArrayNode slots = data.putArray("slots");
    for (MediaSession.Section section : answer.sections()) {
      if (section.direction() == MediaSession.Direction.RECEIVE) {
        slots
            .addObject()
            .put("mid", section.mid())
            .put("kind", EventFrame.wireName(section.kind()));
      }
    }
  }

  private static void slots(ObjectNode node, SignalingConfig.Slots slots) {
    node.put("initial", slots.initial()).put("most", slots.most());
  }
}
