package dev.parley.core.dtls;

import java.security.SecureRandom;
import org.bouncycastle.crypto.BlockCipher;
import org.bouncycastle.crypto.modes.AEADBlockCipher;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.gcm.BasicGCMMultiplier;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * The library's cryptography without tables for GCM's multiplication: 10 kB a direction, which each
 * participant would hold for as long as it stays. Few records follow a handshake, and media is
 * encrypted elsewhere. Stateless but for its random source; any thread.
 */
final class DtlsCrypto extends BcTlsCrypto {
  DtlsCrypto() {
    super(new SecureRandom());
  }

  @Override
  protected AEADBlockCipher createGCMMode(BlockCipher engine) {
    return GCMBlockCipher.newInstance(engine, new BasicGCMMultiplier());
  }
}
