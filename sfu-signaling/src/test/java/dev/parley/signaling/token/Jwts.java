package dev.parley.signaling.token;

import dev.parley.signaling.TestClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tokens and keys made by the JDK alone, bit by bit, as an attacker or another issuer would. */
final class Jwts {
  static final long NOW = 1_800_000_000L;

  private Jwts() {}

  static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  static String base64(String text) {
    return base64(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Claims that are right; {@code more} is put after them. */
  static String claims(String more) {
    return "{\"iss\":\"parley\",\"sub\":\"anna\",\"exp\":" + (NOW + 60) + more + "}";
  }

  static String hs256(byte[] secret, String header, String claims) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      String signed = base64(header) + "." + base64(claims);
      return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  static String hs256(String secret, String header, String claims) {
    return hs256(secret.getBytes(StandardCharsets.UTF_8), header, claims);
  }

  /** {@code algorithm} is the JDK's name, for instance {@code SHA256withRSA} or {@code Ed25519}. */
  static String signed(PrivateKey key, String algorithm, String header, String claims) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      String signed = base64(header) + "." + base64(claims);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + base64(signature.sign());
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  static KeyPair ed25519() {
    return curve("Ed25519");
  }

  /** A key that agrees on secrets and signs nothing. */
  static KeyPair x25519() {
    return curve("X25519");
  }

  private static KeyPair curve(String name) {
    try {
      return KeyPairGenerator.getInstance(name).generateKeyPair();
    } catch (GeneralSecurityException broken) {
      throw new AssertionError(broken);
    }
  }

  static JsonObject rsaJwk(KeyPair pair, String kid) {
    RSAPublicKey key = (RSAPublicKey) pair.getPublic();
    return new JsonObject()
        .put("kty", "RSA")
        .put("kid", kid)
        .put("n", base64(unsigned(key.getModulus())))
        .put("e", base64(unsigned(key.getPublicExponent())));
  }

  /** The key is the end of its encoding (RFC 8410, section 4). */
  static JsonObject ed25519Jwk(KeyPair pair, String kid) {
    byte[] encoded = pair.getPublic().getEncoded();
    return new JsonObject()
        .put("kty", "OKP")
        .put("crv", "Ed25519")
        .put("kid", kid)
        .put("x", base64(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)));
  }

  static String set(JsonObject... keys) {
    return new JsonObject().put("keys", new JsonArray(List.of(keys))).encode();
  }

  static String pem(PrivateKey key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
        + "\n-----END PRIVATE KEY-----\n";
  }

  static TokenVerifier verifier(Vertx vertx, TokenRules rules) {
    return new TokenVerifier(vertx, rules, true, () -> "nobody");
  }

  static TokenVerdict verdict(TokenVerifier verifier, String token, long nowSec) {
    return TestClient.get(verifier.verify(Optional.of(token), nowSec).toCompletionStage());
  }

  private static byte[] unsigned(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
