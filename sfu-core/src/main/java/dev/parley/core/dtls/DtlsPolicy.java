package dev.parley.core.dtls;

import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * What both roles of one handshake decide alike, and what came of it. Written by the handshake's
 * thread, read by it or, after the hand-over, by the owner's.
 */
final class DtlsPolicy {
  /** Of all handshakes: longer than a browser waits for media, shorter than consent. */
  static final int HANDSHAKE_TIMEOUT_MILLIS = 15_000;

  /**
   * First retransmission, doubled each time. RFC 6347 section 4.2.4.1 suggests 1 s and lets
   * time-sensitive applications choose less; a lost flight otherwise delays the first picture.
   */
  static final int FIRST_RESEND_MILLIS = 400;

  /** AES-GCM first, which hardware does. All with forward secrecy (RFC 8827 section 6.5). */
  private static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
  };

  private final DtlsIdentity identity;
  private final List<DtlsFingerprint> expected;
  private final List<SrtpProfile> profiles;
  private final long deadlineNanos;

  private @Nullable SrtpProfile profile;
  private @Nullable SrtpKeys keys;
  private DtlsEndpoint.@Nullable Failure failure;
  private short alertReceived = -1;

  DtlsPolicy(
      DtlsIdentity identity,
      List<DtlsFingerprint> expected,
      List<SrtpProfile> profiles,
      long beganNanos) {
    this.identity = identity;
    this.expected = expected;
    this.profiles = profiles;
    this.deadlineNanos = beganNanos + HANDSHAKE_TIMEOUT_MILLIS * 1_000_000L;
  }

  DtlsIdentity identity() {
    return identity;
  }

  static int[] cipherSuites() {
    return CIPHER_SUITES.clone();
  }

  /** Milliseconds left of {@link #HANDSHAKE_TIMEOUT_MILLIS}, at least 1 (0 would be for ever). */
  int timeoutMillis() {
    return (int) Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
  }

  /** The signatures that we verify: any certificate a WebRTC peer may present. */
  @SuppressWarnings("JdkObsolete") // the library's type
  static Vector<SignatureAndHashAlgorithm> signatures() {
    Vector<SignatureAndHashAlgorithm> all = new Vector<>();
    for (short hash :
        new short[] {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512}) {
      all.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.ecdsa));
    }
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha256);
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha384);
    all.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha512);
    for (short hash :
        new short[] {HashAlgorithm.sha256, HashAlgorithm.sha384, HashAlgorithm.sha512}) {
      all.add(SignatureAndHashAlgorithm.getInstance(hash, SignatureAlgorithm.rsa));
    }
    return all;
  }

  /** The peer's own certificate must be one that its SDP announced (RFC 8122 section 5). */
  void checkCertificate(@Nullable Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      failure = DtlsEndpoint.Failure.FINGERPRINT_MISMATCH;
      throw new TlsFatalAlert(AlertDescription.bad_certificate, "the peer sent no certificate");
    }
    byte[] der = chain.getCertificateAt(0).getEncoded();
    for (DtlsFingerprint fingerprint : expected) {
      if (fingerprint.matches(der)) {
        return;
      }
    }
    failure = DtlsEndpoint.Failure.FINGERPRINT_MISMATCH;
    throw new TlsFatalAlert(
        AlertDescription.bad_certificate,
        "the peer's certificate "
            + DtlsFingerprint.of("sha-256", der).value()
            + " is none of the announced "
            + expected);
  }

  /** The numbers for {@code use_srtp} of a ClientHello. */
  int[] offered() {
    return profiles.stream().mapToInt(SrtpProfile::id).toArray();
  }

  /** Picks the first of ours that the peer has too, and fails the handshake if there is none. */
  SrtpProfile choose(int @Nullable [] peers) throws IOException {
    if (peers != null) {
      for (SrtpProfile ours : profiles) {
        for (int id : peers) {
          if (id == ours.id()) {
            profile = ours;
            return ours;
          }
        }
      }
    }
    failure = DtlsEndpoint.Failure.NO_SRTP_PROFILE;
    throw new TlsFatalAlert(
        AlertDescription.handshake_failure,
        peers == null ? "the peer does not use SRTP" : "no SRTP profile in common");
  }

  void export(TlsContext context) {
    SrtpProfile chosen = profile;
    if (chosen == null) {
      throw new IllegalStateException("a handshake completed without an SRTP profile");
    }
    keys =
        SrtpKeys.fromExporter(
            chosen,
            context.exportKeyingMaterial(
                SrtpKeys.EXPORTER_LABEL, null, chosen.keyingMaterialLength()));
  }

  void alertReceived(short description) {
    alertReceived = description;
  }

  SrtpKeys keys() {
    SrtpKeys exported = keys;
    if (exported == null) {
      throw new IllegalStateException("no keys before the handshake is complete");
    }
    return exported;
  }

  /** Why it failed, if the reason is one of ours and not the library's. */
  DtlsEndpoint.@Nullable Failure failure() {
    return failure;
  }

  boolean peerClosed() {
    return alertReceived == AlertDescription.close_notify;
  }

  /** The peer's last alert in words, or null. */
  @Nullable String alert() {
    return alertReceived < 0 ? null : AlertDescription.getText(alertReceived);
  }
}
