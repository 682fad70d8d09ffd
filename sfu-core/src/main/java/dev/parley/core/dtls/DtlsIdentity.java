package dev.parley.core.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.cert.bc.BcX509v3CertificateBuilder;
import org.bouncycastle.crypto.AsymmetricCipherKeyPair;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcECContentSignerBuilder;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;

/**
 * A key and its self-signed certificate; what the peer is told in {@code a=fingerprint}. Immutable;
 * any thread. One identity may serve all transports of a server.
 */
public final class DtlsIdentity {
  static final DtlsCrypto CRYPTO = new DtlsCrypto();

  private static final Duration VALIDITY = Duration.ofDays(30);

  private final AsymmetricKeyParameter privateKey;
  private final short signatureAlgorithm;
  private final Certificate certificate;
  private final DtlsFingerprint fingerprint;

  /** {@code der} is the certificate of {@code privateKey}. */
  DtlsIdentity(AsymmetricKeyParameter privateKey, short signatureAlgorithm, byte[] der) {
    this.privateKey = privateKey;
    this.signatureAlgorithm = signatureAlgorithm;
    try {
      this.certificate = new Certificate(new TlsCertificate[] {CRYPTO.createCertificate(der)});
    } catch (IOException e) {
      throw new IllegalArgumentException("not a certificate", e);
    }
    this.fingerprint = DtlsFingerprint.of("sha-256", der);
  }

  /**
   * A new P-256 key with a certificate valid for 30 days, and from yesterday, since clocks differ.
   * The subject is random and says nothing about this machine.
   */
  public static DtlsIdentity generate() {
    SecureRandom random = CRYPTO.getSecureRandom();
    ECKeyPairGenerator generator = new ECKeyPairGenerator();
    ECNamedDomainParameters curve =
        new ECNamedDomainParameters(
            SECObjectIdentifiers.secp256r1,
            ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp256r1));
    generator.init(new ECKeyGenerationParameters(curve, random));
    AsymmetricCipherKeyPair pair = generator.generateKeyPair();
    byte[] name = new byte[8];
    random.nextBytes(name);
    X500Name subject = new X500Name("CN=" + HexFormat.of().formatHex(name));
    Instant now = Instant.now();
    try {
      AlgorithmIdentifier algorithm =
          new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
      ContentSigner signer =
          new BcECContentSignerBuilder(
                  algorithm, new DefaultDigestAlgorithmIdentifierFinder().find(algorithm))
              .build(pair.getPrivate());
      byte[] der =
          new BcX509v3CertificateBuilder(
                  subject,
                  new BigInteger(63, random).add(BigInteger.ONE),
                  Date.from(now.minus(Duration.ofDays(1))),
                  Date.from(now.plus(VALIDITY)),
                  subject,
                  pair.getPublic())
              .build(signer)
              .getEncoded();
      return new DtlsIdentity(pair.getPrivate(), SignatureAlgorithm.ecdsa, der);
    } catch (OperatorCreationException | IOException e) {
      throw new IllegalStateException("the library cannot sign with P-256", e);
    }
  }

  /** The SHA-256 of the certificate: upper-case hexadecimal with colons. */
  public String fingerprint() {
    return fingerprint.value();
  }

  /** The same with its algorithm's name. */
  public DtlsFingerprint sha256() {
    return fingerprint;
  }

  /** What proves to the peer of this handshake that we hold the key. */
  TlsCredentialedSigner signer(TlsContext context) {
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        CRYPTO,
        privateKey,
        certificate,
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, signatureAlgorithm));
  }
}
