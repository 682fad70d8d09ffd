package dev.parley.signaling.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.signaling.wire.WireJson;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The keys of a JSON Web Key Set (RFC 7517, section 5) that check signatures here: RSA for RS256,
 * Ed25519 (RFC 8037) for EdDSA. A set may hold keys for other purposes; they are passed over, and
 * so are secrets, which have no place in a set that is published.
 *
 * @param ignored how many keys of the set are not used
 */
public record PublicKeys(List<PublicKey> keys, int ignored) {
  /** In bytes of the document. */
  public static final int MAX_BYTES = 256 << 10;

  private static final int MAX_KEYS = 100;

  /** RFC 7518, section 3.3. */
  static final int MIN_RSA_BITS = 2048;

  /** Above, one check of a signature takes milliseconds. */
  private static final int MAX_RSA_BITS = 8192;

  private static final int MAX_RSA_EXPONENT_BITS = 33;
  private static final int ED25519_BYTES = 32;

  /**
   * One key.
   *
   * @param jwk its public members, nothing else
   */
  record PublicKey(String algorithm, Optional<String> kid, JsonObject jwk) {}

  /** A document that is no key set. The message says why, for the operator. */
  public static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  public PublicKeys {
    keys = List.copyOf(keys);
  }

  /**
   * Reads a document.
   *
   * @throws MalformedException when it is no key set, or two of its keys cannot be told apart
   */
  public static PublicKeys parse(String json) throws MalformedException {
    JsonNode set;
    try {
      set = WireJson.MAPPER.readTree(json);
    } catch (JsonProcessingException broken) {
      throw new MalformedException("it is not JSON: " + broken.getOriginalMessage());
    }
    JsonNode members = set.path("keys");
    if (!members.isArray() || members.size() > MAX_KEYS) {
      throw new MalformedException(
          "it is no JSON Web Key Set: expected { \"keys\": [ … ] } with at most "
              + MAX_KEYS
              + " keys");
    }
    List<PublicKey> keys = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode member : members) {
      Optional<PublicKey> key = key(member);
      if (key.isPresent() && key.get().kid().isPresent()) {
        String name = key.get().algorithm() + " " + key.get().kid().get();
        if (!names.add(name)) {
          throw new MalformedException("two keys have the same alg and kid: " + name);
        }
      }
      key.ifPresent(keys::add);
    }
    return new PublicKeys(keys, members.size() - keys.size());
  }

  private static Optional<PublicKey> key(JsonNode member) {
    String use = member.path("use").asText("sig");
    JsonNode operations = member.path("key_ops");
    if (!use.equals("sig") || (operations.isArray() && !contains(operations, "verify"))) {
      return Optional.empty();
    }
    return switch (member.path("kty").asText()) {
      case "RSA" -> rsa(member);
      case "OKP" -> ed25519(member);
      default -> Optional.empty();
    };
  }

  private static Optional<PublicKey> rsa(JsonNode member) {
    Optional<BigInteger> modulus = bytes(member, "n").map(bytes -> new BigInteger(1, bytes));
    Optional<BigInteger> exponent = bytes(member, "e").map(bytes -> new BigInteger(1, bytes));
    boolean usable =
        modulus
                .filter(n -> n.bitLength() >= MIN_RSA_BITS && n.bitLength() <= MAX_RSA_BITS)
                .isPresent()
            && exponent
                .filter(e ->
                    e.testBit(0) && e.bitLength() > 1 && e.bitLength() <= MAX_RSA_EXPONENT_BITS)
                .isPresent();
    return usable ? named(member, TokenText.RS256, "n", "e") : Optional.empty();
  }

  private static Optional<PublicKey> ed25519(JsonNode member) {
    boolean usable =
        member.path("crv").asText().equals("Ed25519")
            && bytes(member, "x").filter(x -> x.length == ED25519_BYTES).isPresent();
    return usable ? named(member, TokenText.EDDSA, "crv", "x") : Optional.empty();
  }

  private static Optional<PublicKey> named(JsonNode member, String algorithm, String... parts) {
    if (!member.path("alg").asText(algorithm).equals(algorithm)) {
      return Optional.empty();
    }
    JsonObject jwk = new JsonObject().put("kty", member.path("kty").asText()).put("alg", algorithm);
    for (String part : parts) {
      jwk.put(part, member.path(part).asText());
    }
    Optional<String> kid =
        Optional.of(member.path("kid")).filter(JsonNode::isTextual).map(JsonNode::textValue);
    kid.ifPresent(known -> jwk.put("kid", known));
    return Optional.of(new PublicKey(algorithm, kid, jwk));
  }

  private static Optional<byte[]> bytes(JsonNode member, String part) {
    try {
      return Optional.of(member.path(part))
          .filter(JsonNode::isTextual)
          .map(text -> Base64.getUrlDecoder().decode(text.textValue()));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static boolean contains(JsonNode list, String word) {
    for (JsonNode element : list) {
      if (element.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }
}
