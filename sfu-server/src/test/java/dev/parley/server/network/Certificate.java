package dev.parley.server.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A certificate that signs itself, for a server's addresses.
 *
 * @param pin its public key as {@code --ignore-certificate-errors-spki-list} wants it
 */
public record Certificate(Path file, Path key, String pin) {
  public static Certificate make(Path folder, String... addresses) {
    Path file = folder.resolve("certificate.pem");
    Path key = folder.resolve("key.pem");
    String names = Stream.of(addresses).map(a -> "IP:" + a).collect(Collectors.joining(","));
    Command.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=parley",
            "-addext",
            "subjectAltName=" + names,
            "-keyout",
            key.toString(),
            "-out",
            file.toString())
        .run();
    try (var pem = Files.newInputStream(file)) {
      byte[] publicKey =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(pem)
              .getPublicKey()
              .getEncoded();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(publicKey);
      return new Certificate(file, key, Base64.getEncoder().encodeToString(digest));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
