package dev.parley.signaling.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.WireJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token taken apart (RFC 7515, section 3.1), its signature unchecked. Of the header {@code alg}
 * and {@code kid} count: keys that a token brings along or points to ({@code jwk}, {@code jku},
 * {@code x5c}, {@code x5u}) are never looked at (RFC 8725, section 3.10).
 *
 * @param text the whole token
 * @param kid the name of the key, when the header gives one
 * @param claims an object without duplicate names
 */
public record TokenText(
    String text, String algorithm, Optional<String> kid, JsonNode header, JsonNode claims) {
  /** The longest token, in characters; as long as one in a frame may be. */
  public static final int MAX_LENGTH = 8192;

  static final String HS256 = "HS256";
  static final String RS256 = "RS256";
  static final String EDDSA = "EdDSA";
  static final List<String> ALGORITHMS = List.of(HS256, RS256, EDDSA);

  private static final int MAX_KID = 256;
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /** Nothing when this is no token of a kind that this server may accept. */
  public static Optional<TokenText> parse(String text) {
    if (text.length() > MAX_LENGTH || !FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    String[] parts = text.split("\\.", -1);
    Optional<JsonNode> header = object(parts[0]);
    Optional<JsonNode> claims = object(parts[1]);
    if (header.isEmpty() || claims.isEmpty()) {
      return Optional.empty();
    }
    String algorithm = header.get().path("alg").asText();
    JsonNode kid = header.get().path("kid");
    boolean namesAKey = !kid.isMissingNode();
    // "crit" lists what must be understood, and nothing of it is (RFC 7515, section 4.1.11).
    if (!ALGORITHMS.contains(algorithm)
        || header.get().has("crit")
        || (namesAKey && (!kid.isTextual() || kid.textValue().length() > MAX_KID))) {
      return Optional.empty();
    }
    return Optional.of(
        new TokenText(
            text,
            algorithm,
            namesAKey ? Optional.of(kid.textValue()) : Optional.empty(),
            header.get(),
            claims.get()));
  }

  private static Optional<JsonNode> object(String base64) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(base64));
      String json = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return Optional.of(WireJson.MAPPER.readTree(json)).filter(JsonNode::isObject);
    } catch (IllegalArgumentException | CharacterCodingException | JsonProcessingException broken) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "TokenText[" + algorithm + ", kid=" + kid.orElse("") + "]";
  }
}
