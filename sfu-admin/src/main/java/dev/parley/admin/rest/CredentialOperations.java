package dev.parley.admin.rest;

import dev.parley.core.api.TrackSource;
import dev.parley.signaling.Operator;
import dev.parley.signaling.config.SignalingConfig;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.session.IceOffer;
import dev.parley.signaling.token.Grants;
import dev.parley.signaling.token.TokenVerdict;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.RequestCodec;
import dev.parley.signaling.wire.Role;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code /v1/tokens} and {@code /v1/iceServers}: what an application hands to its clients. */
final class CredentialOperations {
  private static final int IDENTITY_CHARS = 128;
  private static final int USUAL_TTL_SEC = 3600;
  private static final int MOST_TTL_SEC = 30 * 86_400;
  private static final Pattern ROOM_OR_PREFIX = Pattern.compile("[A-Za-z0-9_.-]{1,64}\\*?|\\*");
  private static final Map<String, Role> ROLES = roles();

  private final Operator operator;

  CredentialOperations(Operator operator) {
    this.operator = operator;
  }

  List<Operation> all() {
    return List.of(
        Operation.mint("/v1/tokens", this::mint), Operation.mint("/v1/iceServers", this::ice));
  }

  private Future<Answer> mint(Call call) {
    Body body = call.body();
    String identity = body.requiredText("identity", IDENTITY_CHARS);
    Optional<String> name = body.text("displayName", RequestCodec.MAX_DISPLAY_NAME);
    Map<String, String> attributes =
        body.map(
            "attributes",
            TokenVerdict.Granted.MAX_ATTRIBUTES,
            TokenVerdict.Granted.MAX_ATTRIBUTE_NAME,
            TokenVerdict.Granted.MAX_ATTRIBUTE);
    List<String> rooms = body.texts("rooms", TokenVerdict.Granted.MAX_ROOMS, ROOM_OR_PREFIX);
    Grants grants = grants(body);
    int ttlSec = body.integer("ttlSec", 1, MOST_TTL_SEC).orElse(USUAL_TTL_SEC);
    return call.checked(() -> {
      TokenVerdict.Granted who =
          new TokenVerdict.Granted(identity, name, attributes, rooms, grants, Optional.empty());
      return Future.succeededFuture(
          switch (operator.mintToken(who, Duration.ofSeconds(ttlSec))) {
            case Outcome.Refused<String>(Refusal refusal) -> Answer.refused(refusal);
            case Outcome.Done<String>(String token) ->
                new Answer(
                    201, Map.of(), new LinkedHashMap<>(Map.of("token", token, "ttlSec", ttlSec)));
          });
    });
  }

  private static Grants grants(Body body) {
    Grants usual = Grants.of(body.word("role", ROLES).orElse(Role.PARTICIPANT));
    Set<TrackSource> publish = EnumSet.noneOf(TrackSource.class);
    if (body.node("publish").isPresent()) {
      Pattern sources = Pattern.compile(String.join("|", RoomOperations.SOURCES.keySet()));
      for (String source : body.texts("publish", RoomOperations.SOURCES.size(), sources)) {
        publish.addAll(Optional.ofNullable(RoomOperations.SOURCES.get(source)).stream().toList());
      }
    } else {
      publish.addAll(usual.publish());
    }
    return new Grants(
        publish,
        body.flag("subscribe").orElse(usual.subscribe()),
        body.flag("chat").orElse(usual.chat()),
        body.flag("data").orElse(usual.data()),
        body.flag("moderate").orElse(usual.moderate()),
        usual.role(),
        body.flag("bypassQueue").orElse(usual.bypassQueue()),
        body.integer("priority", 0, Grants.MAX_PRIORITY).orElse(usual.priority()),
        body.integer("maxSessionSec", 1, Grants.MAX_SESSION_SEC));
  }

  private Future<Answer> ice(Call call) {
    String owner = call.body().requiredText("owner", IDENTITY_CHARS);
    return call.checked(() -> Future.succeededFuture(view(operator.iceServers(owner))));
  }

  private static Answer view(IceOffer offer) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("iceServers", offer.servers().stream().map(CredentialOperations::view).toList());
    offer
        .expiresAtMs()
        .ifPresent(atMs -> map.put("expiresAt", Instant.ofEpochMilli(atMs).toString()));
    return new Answer(201, Map.of(), map);
  }

  private static Map<String, Object> view(SignalingConfig.IceServer server) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("urls", server.urls());
    server.username().ifPresent(name -> map.put("username", name));
    server.credential().ifPresent(secret -> map.put("credential", secret));
    return map;
  }

  private static Map<String, Role> roles() {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Role role : Role.values()) {
      roles.put(role.wireName(), role);
    }
    return roles;
  }
}
