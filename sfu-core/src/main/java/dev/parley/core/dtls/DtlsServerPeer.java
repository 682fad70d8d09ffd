package dev.parley.core.dtls;

import dev.parley.core.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Hashtable;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.jspecify.annotations.Nullable;

/** The server's side of one handshake, as the library asks for it. The handshake's thread only. */
@SuppressWarnings({"rawtypes", "unchecked"}) // the library predates generics
final class DtlsServerPeer extends DefaultTlsServer {
  /** X25519 is the quicker; some clients have only P-256. */
  private static final int[] GROUPS = {NamedGroup.x25519, NamedGroup.secp256r1};

  private final DtlsPolicy policy;
  private @Nullable SrtpProfile profile;

  DtlsServerPeer(DtlsPolicy policy) {
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
  protected boolean preferLocalCipherSuites() {
    return true;
  }

  @Override
  public int[] getSupportedGroups() {
    return GROUPS.clone();
  }

  @Override
  protected int selectECDH(int minimumCurveBits) {
    int[] clients = context.getSecurityParametersHandshake().getClientSupportedGroups();
    if (clients == null) {
      return NamedGroup.secp256r1;
    }
    for (int group : GROUPS) {
      for (int other : clients) {
        if (group == other) {
          return group;
        }
      }
    }
    return -1;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return policy.timeoutMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return DtlsPolicy.FIRST_RESEND_MILLIS;
  }

  /** Exported keys are bound to this handshake only with RFC 7627. */
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  /** Certificates are self-signed; the fingerprint is what binds them, not their signature. */
  @Override
  public boolean shouldCheckSigAlgOfPeerCerts() {
    return false;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() {
    return policy.identity().signer(context);
  }

  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        DtlsPolicy.signatures(),
        null);
  }

  @Override
  public void notifyClientCertificate(@Nullable Certificate chain) throws IOException {
    policy.checkCertificate(chain);
  }

  @Override
  public void processClientExtensions(@Nullable Hashtable extensions) throws IOException {
    super.processClientExtensions(extensions);
    UseSRTPData offered = extensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(extensions);
    profile = policy.choose(offered == null ? null : offered.getProtectionProfiles());
  }

  @Override
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    if (profile != null) {
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(new int[] {profile.id()}, TlsUtils.EMPTY_BYTES));
    }
    return extensions;
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
