package dev.parley.core.dtls;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Vector;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** The client's side of one handshake, as the library asks for it. The handshake's thread only. */
@SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"}) // the library predates generics
final class DtlsClientPeer extends DefaultTlsClient {
  private final DtlsPolicy policy;

  DtlsClientPeer(DtlsPolicy policy) {
    super(DtlsIdentity.CRYPTO);
    this.policy = policy;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return DtlsPolicy.cipherSuites();
  }

  @Override
  protected Vector getSupportedGroups(Vector roles) {
    Vector<Integer> groups = new Vector<>();
    groups.add(NamedGroup.x25519);
    groups.add(NamedGroup.secp256r1);
    return groups;
  }

  @Override
  protected Vector getSupportedSignatureAlgorithms() {
    return DtlsPolicy.signatures();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return policy.timeoutMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return DtlsPolicy.FIRST_RESEND_MILLIS;
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    if (extensions == null) {
      extensions = new Hashtable<>();
    }
    TlsSRTPUtils.addUseSRTPExtension(
        extensions, new UseSRTPData(policy.offered(), TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  public void processServerExtensions(@Nullable Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    UseSRTPData chosen = extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions);
    policy.choose(chosen == null ? null : chosen.getProtectionProfiles());
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) throws IOException {
        policy.checkCertificate(certificate.getCertificate());
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) {
        return policy.identity().signer(context);
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    policy.export(context);
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    policy.alertReceived(description);
  }
}
