package dev.parley.admin.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.Operator;
import dev.parley.signaling.room.RoomView;
import dev.parley.signaling.rules.RoomSettings;
import dev.parley.signaling.store.RoomSettingsJson;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.Moderation;
import dev.parley.signaling.wire.RequestCodec;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v1/rooms} and what is done to a room as a whole. */
final class RoomOperations {
  static final Map<String, TrackSource> SOURCES = sources();
  static final int TEXT_CHARS = 200;

  private static final int USUAL_KEEP_SEC = 300;
  private static final int MOST_KEEP_SEC = 7 * 86_400;
  private static final int MESSAGE_CHARS = 1000;
  private static final Pattern ETAG = Pattern.compile("\"(rm_[A-Za-z0-9]+)\\.(\\d{1,18})\"");

  private final Operator operator;

  RoomOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.get("/v1/rooms", this::list),
        Operation.post("/v1/rooms", this::create),
        Operation.get("/v1/rooms/{room}", this::get),
        new Operation(HttpMethod.PATCH, "/v1/rooms/{room}", AdminRole.OPERATE, true, this::patch),
        Operation.post(
            "/v1/rooms/{room}:end",
            call ->
                moderate(
                    call, body -> new Moderation.End(body.text("reason", TEXT_CHARS).orElse("")))),
        Operation.post(
            "/v1/rooms/{room}:lock", call -> moderate(call, body -> new Moderation.Lock(true))),
        Operation.post(
            "/v1/rooms/{room}:unlock", call -> moderate(call, body -> new Moderation.Lock(false))),
        Operation.post(
            "/v1/rooms/{room}:muteAll",
            call -> moderate(call, body -> new Moderation.MuteAll(body.word("source", SOURCES)))),
        Operation.post("/v1/rooms/{room}:message", this::message));
  }

  private Future<Answer> list(Call call) {
    return Pages.answer(
        call,
        Answer.later(operator.rooms(rooms -> rooms.list())),
        "rooms",
        RoomView::name,
        RoomOperations::view);
  }

  private Future<Answer> create(Call call) {
    Body body = call.body();
    String name = body.requiredMatch("name", RequestCodec.ROOM);
    int keepSec = body.integer("keepSec", 1, MOST_KEEP_SEC).orElse(USUAL_KEEP_SEC);
    UnaryOperator<RoomSettings> settings = settings(body);
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.create(name, settings, keepSec)),
            room ->
                room.map(made ->
                        new Answer(201, Map.of("Location", "/v1/rooms/" + name), view(made))
                            .with("ETag", etag(made)))
                    .orElseGet(() ->
                        Answer.problem(
                            409, "room_exists", "a room of this name is open: " + name))));
  }

  private Future<Answer> get(Call call) {
    return Answer.of(operator.rooms(rooms -> rooms.get(call.path("room"))), RoomOperations::found);
  }

  private Future<Answer> patch(Call call) {
    Body body = call.body();
    Optional<Boolean> locked = body.flag("locked");
    UnaryOperator<RoomSettings> settings = settings(body);
    Optional<String> condition = call.header("If-Match");
    if (condition.isEmpty()) {
      return Future.succeededFuture(
          Answer.problem(
              428, "precondition_required", "If-Match: expected the ETag of the room, or *"));
    }
    return call.checked(() -> patch(call.path("room"), condition.get(), settings, locked));
  }

  private Future<Answer> patch(
      String name,
      String condition,
      UnaryOperator<RoomSettings> settings,
      Optional<Boolean> locked) {
    Matcher etag = ETAG.matcher(condition.strip());
    boolean any = condition.strip().equals("*");
    if (!any && !etag.matches()) {
      return Future.succeededFuture(stale());
    }
    OptionalLong revision =
        any ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(etag.group(2)));
    String roomId = any ? "" : etag.group(1);
    return Answer.of(
            operator.rooms(rooms ->
                // A room that was opened anew is another one.
                rooms.change(name, roomId, revision, settings, locked)),
            RoomOperations::found)
        .map(answer ->
            answer.code().filter(ErrorCode.STALE_GENERATION.wireName()::equals).isPresent()
                ? stale()
                : answer);
  }

  private static Answer stale() {
    return Answer.problem(
        412, "precondition_failed", "the room has changed meanwhile: get it again");
  }

  private Future<Answer> moderate(Call call, Function<Body, Moderation> reader) {
    Moderation request = reader.apply(call.body());
    return call.checked(() -> moderate(operator, call, request));
  }

  static Future<Answer> moderate(Operator operator, Call call, Moderation request) {
    return Answer.of(
        operator.rooms(rooms -> rooms.moderate(call.path("room"), call.by(), request)),
        done -> Answer.DONE);
  }

  private Future<Answer> message(Call call) {
    String text = call.body().requiredText("text", MESSAGE_CHARS);
    return call.checked(() ->
        Answer.of(
            operator.rooms(rooms -> rooms.announce(call.path("room"), text)), done -> Answer.DONE));
  }

  /** What the field {@code settings} changes; a password of {@code null} takes it away. */
  private static UnaryOperator<RoomSettings> settings(Body body) {
    Optional<ObjectNode> given = body.object("settings");
    if (given.isEmpty()) {
      return before -> before;
    }
    ObjectNode changes = given.get().deepCopy();
    JsonNode password = changes.get("password");
    boolean open = password != null && password.isNull();
    if (open) {
      changes.remove("password");
    }
    return before -> {
      RoomSettings after = RoomSettingsJson.read(changes, before);
      return open
          ? new RoomSettings(Optional.empty(), after.queue(), after.timer(), after.guestSlotSec())
          : after;
    };
  }

  private static Answer found(RoomView room) {
    return Answer.ok(view(room)).with("ETag", etag(room));
  }

  private static String etag(RoomView room) {
    return "\"" + room.roomId() + "." + room.revision() + "\"";
  }

  private static Map<String, Object> view(RoomView room) {
    ObjectNode settings = RoomSettingsJson.write(room.settings());
    settings.remove("password");
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", room.name());
    map.put("roomId", room.roomId());
    map.put("locked", room.locked());
    map.put("keepSec", room.keepSec());
    map.put("participants", room.participants());
    map.put("seatsTaken", room.seatsTaken());
    map.put("waiting", room.waiting());
    map.put("queueClosed", room.queueClosed());
    map.put("queuePaused", room.queuePaused());
    map.put("hasPassword", room.settings().password().isPresent());
    map.put("settings", WireJson.MAPPER.convertValue(settings, Map.class));
    return map;
  }

  private static Map<String, TrackSource> sources() {
    Map<String, TrackSource> sources = new LinkedHashMap<>();
    for (TrackSource source : TrackSource.values()) {
      sources.put(source.wireName(), source);
    }
    return sources;
  }
}
