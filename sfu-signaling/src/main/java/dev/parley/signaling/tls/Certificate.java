package dev.parley.signaling.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A certificate and its key, read and found to belong together. Any thread.
 *
 * @param chainPem as it stood in the file
 * @param subject for people
 */
public record Certificate(
    String chainPem, String keyPem, String subject, Instant notBefore, Instant notAfter) {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  /**
   * Reads both files.
   *
   * @throws IOException when a file cannot be read, is no PEM, or the key is another certificate's;
   *     the message says which file and what is wrong
   */
  public static Certificate read(TlsConfig config) throws IOException {
    String chain = Files.readString(config.certificateFile(), StandardCharsets.ISO_8859_1);
    String key = Files.readString(config.keyFile(), StandardCharsets.ISO_8859_1);
    X509Certificate first;
    try {
      first =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(chain.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException malformed) {
      throw new IOException(
          config.certificateFile() + " holds no PEM certificate: " + malformed.getMessage(),
          malformed);
    }
    try {
      if (!belong(privateKey(key, first.getPublicKey()), first.getPublicKey())) {
        throw new IOException(config.keyFile() + " is not the key of " + config.certificateFile());
      }
    } catch (GeneralSecurityException | IllegalArgumentException malformed) {
      throw new IOException(
          config.keyFile()
              + " holds no PKCS #8 key that fits the certificate ("
              + malformed.getMessage()
              + "); convert it: openssl pkcs8 -topk8 -nocrypt -in KEY",
          malformed);
    }
    return new Certificate(
        chain,
        key,
        first.getSubjectX500Principal().getName(),
        first.getNotBefore().toInstant(),
        first.getNotAfter().toInstant());
  }

  private static PrivateKey privateKey(String pem, PublicKey of) throws GeneralSecurityException {
    Matcher found = KEY.matcher(pem);
    if (!found.find()) {
      throw new GeneralSecurityException("no BEGIN PRIVATE KEY in it");
    }
    byte[] der = Base64.getMimeDecoder().decode(found.group(1));
    return KeyFactory.getInstance(of.getAlgorithm()).generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  private static boolean belong(PrivateKey key, PublicKey certified)
      throws GeneralSecurityException {
    String algorithm =
        switch (certified.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> certified.getAlgorithm();
        };
    byte[] something = new byte[32];
    new SecureRandom().nextBytes(something);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(something);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(something);
    return signature.verify(signed);
  }

  PemKeyCertOptions options() {
    return new PemKeyCertOptions()
        .addCertValue(Buffer.buffer(chainPem))
        .addKeyValue(Buffer.buffer(keyPem));
  }

  /** Without the key, which has no place in a log. */
  @Override
  public String toString() {
    return "Certificate[" + subject + ", until " + notAfter + "]";
  }
}
