package dev.parley.signaling.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.core.api.TrackSource;
import dev.parley.signaling.wire.ErrorCode;
import dev.parley.signaling.wire.PlainText;
import dev.parley.signaling.wire.Refusal;
import dev.parley.signaling.wire.RequestCodec;
import dev.parley.signaling.wire.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A token's claims, each of the right type; whether they count is asked with {@link #verdict}. The
 * table in docs/tokens.md says what each is for.
 */
record TokenClaims(
    String identity,
    Optional<String> name,
    Map<String, String> attributes,
    List<String> rooms,
    Grants grants,
    Optional<String> issuer,
    List<String> audience,
    OptionalLong issuedAtSec,
    OptionalLong notBeforeSec,
    long expiresAtSec) {
  /** In UTF-16 units. */
  static final int MAX_IDENTITY = 128;

  private static final int MAX_AUDIENCE = 32;

  private static final Map<String, Role> ROLES = roles();
  private static final Map<String, TrackSource> SOURCES = sources();

  /** Whether a token may name somebody so. */
  static boolean isIdentity(String text) {
    return !text.isBlank() && text.length() <= MAX_IDENTITY;
  }

  /** What is wrong is asked of the reader afterwards. */
  static TokenClaims read(ClaimReader claims) {
    OptionalLong expiry = claims.date("exp");
    if (expiry.isEmpty()) {
      claims.complain("exp", "a number of seconds since 1970: tokens must expire");
    }
    String identity = claims.text("sub").orElse("");
    if (!isIdentity(identity)) {
      claims.complain("sub", "a text of 1 to " + MAX_IDENTITY + " characters");
    }
    return new TokenClaims(
        identity,
        claims.text("name").flatMap(TokenClaims::displayName),
        attributes(claims),
        claims.oneOrMore("room", TokenVerdict.Granted.MAX_ROOMS),
        grants(claims),
        claims.text("iss"),
        claims.oneOrMore("aud", MAX_AUDIENCE),
        claims.date("iat"),
        claims.date("nbf"),
        expiry.orElse(0));
  }

  private static Map<String, String> attributes(ClaimReader claims) {
    Map<String, String> plain = new TreeMap<>();
    claims
        .texts(
            "attributes",
            TokenVerdict.Granted.MAX_ATTRIBUTES,
            TokenVerdict.Granted.MAX_ATTRIBUTE_NAME,
            TokenVerdict.Granted.MAX_ATTRIBUTE)
        .forEach((name, text) -> plain.put(PlainText.of(name), text));
    return plain;
  }

  private static Grants grants(ClaimReader claims) {
    Grants usual = Grants.of(claims.word("role", ROLES).orElse(Role.PARTICIPANT));
    return new Grants(
        publish(claims, usual),
        claims.flag("subscribe", usual.subscribe()),
        claims.flag("chat", usual.chat()),
        claims.flag("data", usual.data()),
        claims.flag("moderate", usual.moderate()),
        usual.role(),
        claims.flag("bypassQueue", usual.bypassQueue()),
        claims.integer("priority", 0, Grants.MAX_PRIORITY).orElse(usual.priority()),
        claims.integer("maxSessionSec", 1, Grants.MAX_SESSION_SEC));
  }

  private static Set<TrackSource> publish(ClaimReader claims, Grants usual) {
    Optional<JsonNode> value = claims.value("publish");
    if (value.isEmpty()) {
      return usual.publish();
    }
    Set<TrackSource> sources = EnumSet.noneOf(TrackSource.class);
    boolean right = value.get().isArray() || value.get().isBoolean();
    if (value.get().isBoolean() && value.get().booleanValue()) {
      sources.addAll(SOURCES.values());
    }
    for (JsonNode element : value.get()) {
      TrackSource source = element.isTextual() ? SOURCES.get(element.textValue()) : null;
      if (source == null) {
        right = false;
      } else {
        sources.add(source);
      }
    }
    if (!right) {
      claims.complain(
          "publish", "true, false, or a list of " + String.join(", ", SOURCES.keySet()));
    }
    return sources;
  }

  /** The holder's rights, or why the token does not count here and now. */
  TokenVerdict verdict(TokenRules rules, long nowSec) {
    if (rules.issuer().isPresent() && !rules.issuer().equals(issuer)) {
      return invalid("iss", "the token is not from the issuer that this server trusts");
    }
    if (rules.audience().isPresent() && !audience.contains(rules.audience().get())) {
      return invalid("aud", "the token is not made for this server");
    }
    long leewaySec = rules.leeway().toSeconds();
    if (expiresAtSec + leewaySec <= nowSec) {
      return new TokenVerdict.Denied(
          Refusal.of(
              ErrorCode.TOKEN_EXPIRED,
              "the token expired " + (nowSec - expiresAtSec) + " s ago: get a new one"));
    }
    if (notBeforeSec.isPresent() && notBeforeSec.getAsLong() - leewaySec > nowSec) {
      long waitSec = notBeforeSec.getAsLong() - nowSec;
      return new TokenVerdict.Denied(
          Refusal.retryAfter(
              ErrorCode.TOKEN_NOT_YET_VALID,
              "the token is valid in " + waitSec + " s only",
              waitSec * 1000));
    }
    long lifetimeSec = expiresAtSec - issuedAtSec.orElse(notBeforeSec.orElse(nowSec));
    return new TokenVerdict.Granted(
        identity,
        name,
        attributes,
        rooms,
        grants,
        Optional.of(new TokenVerdict.Validity(expiresAtSec, Math.max(1, lifetimeSec))));
  }

  /** The claims of a new token: all that {@link #read} understands and that is not the default. */
  static JsonObject write(
      TokenVerdict.Granted who, TokenRules rules, long nowSec, long expiresAtSec) {
    JsonObject claims =
        new JsonObject()
            .put("sub", who.identity())
            .put("iat", nowSec)
            .put("nbf", nowSec)
            .put("exp", expiresAtSec);
    rules.issuer().ifPresent(known -> claims.put("iss", known));
    rules.audience().ifPresent(known -> claims.put("aud", known));
    who.name().ifPresent(known -> claims.put("name", known));
    if (!who.rooms().isEmpty()) {
      claims.put("room", who.rooms().size() == 1 ? who.rooms().get(0) : new JsonArray(who.rooms()));
    }
    if (!who.attributes().isEmpty()) {
      JsonObject attributes = new JsonObject();
      new TreeMap<>(who.attributes()).forEach(attributes::put);
      claims.put("attributes", attributes);
    }
    write(claims, who.grants());
    return claims;
  }

  private static void write(JsonObject claims, Grants grants) {
    Grants usual = Grants.of(grants.role());
    if (grants.role() != Role.PARTICIPANT) {
      claims.put("role", grants.role().wireName());
    }
    if (!grants.publish().equals(usual.publish())) {
      claims.put("publish", publish(grants.publish()));
    }
    putUnlessUsual(claims, "subscribe", grants.subscribe(), usual.subscribe());
    putUnlessUsual(claims, "chat", grants.chat(), usual.chat());
    putUnlessUsual(claims, "data", grants.data(), usual.data());
    putUnlessUsual(claims, "moderate", grants.moderate(), usual.moderate());
    putUnlessUsual(claims, "bypassQueue", grants.bypassQueue(), usual.bypassQueue());
    if (grants.priority() != usual.priority()) {
      claims.put("priority", grants.priority());
    }
    OptionalInt most = grants.maxSessionSec();
    most.ifPresent(seconds -> claims.put("maxSessionSec", seconds));
  }

  private static Object publish(Set<TrackSource> sources) {
    if (sources.isEmpty() || sources.size() == TrackSource.values().length) {
      return !sources.isEmpty();
    }
    return new JsonArray(sources.stream().map(TrackSource::wireName).toList());
  }

  private static void putUnlessUsual(
      JsonObject claims, String claim, boolean value, boolean usual) {
    if (value != usual) {
      claims.put(claim, value);
    }
  }

  private static Optional<String> displayName(String claim) {
    String plain = PlainText.of(claim);
    int length = plain.codePointCount(0, plain.length());
    return plain.isEmpty()
        ? Optional.empty()
        : Optional.of(
            length <= RequestCodec.MAX_DISPLAY_NAME
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, RequestCodec.MAX_DISPLAY_NAME)));
  }

  private static TokenVerdict invalid(String claim, String message) {
    return new TokenVerdict.Denied(
        new Refusal(
            ErrorCode.TOKEN_INVALID, message, OptionalLong.empty(), Map.of("claim", claim)));
  }

  private static Map<String, Role> roles() {
    return Arrays.stream(Role.values())
        .collect(Collectors.toMap(Role::wireName, role -> role, (a, b) -> a, LinkedHashMap::new));
  }

  private static Map<String, TrackSource> sources() {
    return Arrays.stream(TrackSource.values())
        .collect(
            Collectors.toMap(
                TrackSource::wireName, source -> source, (a, b) -> a, LinkedHashMap::new));
  }
}
