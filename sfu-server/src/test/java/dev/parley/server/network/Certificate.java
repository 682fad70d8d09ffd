package dev.parley.server.network;

import dev.parley.core.turn.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;

/**
 * A certificate that signs itself, for a server's addresses.
 *
 * @param pin its public key as {@code --ignore-certificate-errors-spki-list} wants it
 */
public record Certificate(Path file, Path key, String pin) {
  public static Certificate make(Path folder, String... addresses) {
    try {
      TestCertificate.write(folder, "parley", addresses);
      Path file = folder.resolve("cert.pem");
      byte[] publicKey;
      try (var pem = Files.newInputStream(file)) {
        publicKey =
            CertificateFactory.getInstance("X.509")
                .generateCertificate(pem)
                .getPublicKey()
                .getEncoded();
      }
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
      return new Certificate(
          file, folder.resolve("key.pem"), Base64.getEncoder().encodeToString(digest));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
