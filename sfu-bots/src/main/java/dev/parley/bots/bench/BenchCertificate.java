package dev.parley.bots.bench;

import java.io.IOException;
import java.io.Writer;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate for {@code localhost} for an hour, in PEM files that go away with the process:
 * P-256 as most servers have.
 */
record BenchCertificate(Path certificate, Path key) {
  private static final X500Name NAME = new X500Name("CN=localhost");
  private static final Duration VALIDITY = Duration.ofHours(1);

  static BenchCertificate make() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(256);
      KeyPair pair = generator.generateKeyPair();
      Instant now = Instant.now();
      var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
      var certificate =
          new JcaX509v3CertificateBuilder(
                  NAME,
                  BigInteger.ONE,
                  Date.from(now.minus(VALIDITY)),
                  Date.from(now.plus(VALIDITY)),
                  NAME,
                  pair.getPublic())
              .build(signer);
      return new BenchCertificate(
          pem(certificate), pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
    } catch (GeneralSecurityException | OperatorCreationException e) {
      throw new IOException("no certificate can be made: " + e.getMessage(), e);
    }
  }

  private static Path pem(Object content) throws IOException {
    Path file = Files.createTempFile("sfu-bench", ".pem");
    file.toFile().deleteOnExit();
    try (Writer text = Files.newBufferedWriter(file);
        JcaPEMWriter pem = new JcaPEMWriter(text)) {
      pem.writeObject(content);
    }
    return file;
  }
}
