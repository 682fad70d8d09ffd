package dev.parley.signaling.token;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.auth.PubSecKeyOptions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A key that signs tokens: a secret, or a private key. Immutable; any thread. */
public final class SigningKey {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final String algorithm;
  private final PubSecKeyOptions options;

  private SigningKey(String algorithm, PubSecKeyOptions options) {
    this.algorithm = algorithm;
    this.options = options;
  }

  /** HS256. */
  public static SigningKey of(TokenSecret secret) {
    return new SigningKey(TokenText.HS256, KeyRing.options(secret));
  }

  /**
   * RS256 for an RSA key, EdDSA for an Ed25519 one.
   *
   * @param pem PKCS #8, not encrypted (RFC 7468, section 10)
   * @param kid put into the header of tokens, as the key set names the public key
   * @throws InvalidKeySpecException when it is neither; the message is for the operator
   */
  public static SigningKey ofPem(String pem, Optional<String> kid) throws InvalidKeySpecException {
    Matcher matcher = PEM.matcher(pem);
    if (!matcher.find()) {
      throw new InvalidKeySpecException(
          "it is no unencrypted PKCS #8 key in PEM form (-----BEGIN PRIVATE KEY-----); openssl"
              + " pkcs8 -topk8 -nocrypt makes one of other forms");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(matcher.group(1));
    } catch (IllegalArgumentException notBase64) {
      throw new InvalidKeySpecException("its text is not Base64", notBase64);
    }
    Optional<PrivateKey> rsa = key("RSA", der);
    if (rsa.isPresent()
        && rsa.get() instanceof RSAPrivateKey known
        && known.getModulus().bitLength() < PublicKeys.MIN_RSA_BITS) {
      throw new InvalidKeySpecException(
          "it has %d bits: RS256 needs %d or more"
              .formatted(known.getModulus().bitLength(), PublicKeys.MIN_RSA_BITS));
    }
    if (rsa.isEmpty() && key("Ed25519", der).isEmpty()) {
      throw new InvalidKeySpecException("it is neither an RSA nor an Ed25519 key");
    }
    String algorithm = rsa.isPresent() ? TokenText.RS256 : TokenText.EDDSA;
    PubSecKeyOptions options =
        new PubSecKeyOptions().setAlgorithm(algorithm).setBuffer(Buffer.buffer(pem(der)));
    kid.ifPresent(options::setId);
    return new SigningKey(algorithm, options);
  }

  String algorithm() {
    return algorithm;
  }

  PubSecKeyOptions options() {
    return options;
  }

  private static Optional<PrivateKey> key(String kind, byte[] der) {
    try {
      return Optional.of(
          KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der)));
    } catch (NoSuchAlgorithmException broken) {
      throw new IllegalStateException("every JDK has " + kind, broken);
    } catch (GeneralSecurityException otherKind) {
      return Optional.empty();
    }
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
