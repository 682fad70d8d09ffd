package dev.parley.core.srtp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.srtp.crypto.Aes;
import org.jitsi.srtp.crypto.JitsiOpenSslProvider;
import org.jitsi.utils.logging2.Logger;
import org.jitsi.utils.logging2.LoggerImpl;
import org.jspecify.annotations.Nullable;

/**
 * Every profile by jitsi-srtp, one of its contexts per SSRC. Its replay window (64 packets, too
 * small for video under reordering) is switched off for RTP: {@link StreamTable} stands before it.
 * A context for a new SSRC is kept only if its first packet proved authentic.
 */
final class JitsiPacketCipher extends PacketCipher {
  private static final Logger LOGGER = new LoggerImpl("dev.parley.core.srtp.jitsi");
  private static final ThreadLocal<JitsiBuffer> BUFFER = ThreadLocal.withInitial(JitsiBuffer::new);

  static {
    // Named, because the library otherwise times all providers against each other under one lock.
    Aes.setFactoryClassName(JitsiOpenSslProvider.isLoaded() ? "OpenSSL" : "SunJCE");
  }

  private final SrtpContextFactory factory;
  private @Nullable SrtpCryptoContext[] rtp = new SrtpCryptoContext[4];
  private @Nullable SrtcpCryptoContext[] rtcp = new SrtcpCryptoContext[4];
  private @Nullable SrtpCryptoContext newRtp;
  private @Nullable SrtcpCryptoContext newRtcp;
  private @Nullable SrtcpCryptoContext rtcpSender;

  JitsiPacketCipher(SrtpProfile profile, byte[] masterKey, byte[] masterSalt, boolean sender) {
    // The factory wipes the arrays it is given when it is closed.
    factory =
        new SrtpContextFactory(
            sender,
            masterKey.clone(),
            masterSalt.clone(),
            policy(profile),
            policy(profile),
            LOGGER);
  }

  private static SrtpPolicy policy(SrtpProfile profile) {
    SrtpPolicy policy =
        profile.isAead()
            ? new SrtpPolicy(
                SrtpPolicy.AESGCM_ENCRYPTION,
                profile.keyLength(),
                SrtpPolicy.NULL_AUTHENTICATION,
                0,
                16,
                profile.saltLength())
            : new SrtpPolicy(
                SrtpPolicy.AESCM_ENCRYPTION,
                profile.keyLength(),
                SrtpPolicy.HMACSHA1_AUTHENTICATION,
                20,
                10,
                profile.saltLength());
    policy.setSendReplayEnabled(false);
    policy.setReceiveReplayEnabled(false);
    return policy;
  }

  @Override
  int sealRtp(
      byte[] b,
      int off,
      int len,
      int headerLength,
      int stream,
      int ssrc,
      long index,
      MemorySegment out,
      long outOffset) {
    try {
      JitsiBuffer packet = BUFFER.get().copy(b, off, len);
      SrtpErrorStatus status = rtp(stream, ssrc).transformPacket(packet);
      if (status != SrtpErrorStatus.OK) {
        return failure(status);
      }
      MemorySegment.copy(packet.getBuffer(), 0, out, JAVA_BYTE, outOffset, packet.getLength());
      return packet.getLength();
    } catch (GeneralSecurityException e) {
      return SrtpStatus.CIPHER_FAILED;
    }
  }

  @Override
  int openRtp(byte[] b, int off, int len, int headerLength, int stream, int ssrc, long index) {
    try {
      JitsiBuffer packet = BUFFER.get().copy(b, off, len);
      SrtpErrorStatus status = rtp(stream, ssrc).reverseTransformPacket(packet, false);
      return status == SrtpErrorStatus.OK ? packet.copyTo(b, off) : failure(status);
    } catch (GeneralSecurityException e) {
      return SrtpStatus.CIPHER_FAILED;
    }
  }

  @Override
  int sealRtcp(byte[] b, int off, int len, int ssrc) {
    try {
      // One context, and so one index, for all our SSRCs: a nonce holds SSRC and index, and a
      // receiver asks only that the index of an SSRC grows.
      SrtcpCryptoContext context = rtcpSender;
      if (context == null) {
        context = factory.deriveControlContext(0);
        rtcpSender = context;
      }
      JitsiBuffer packet = BUFFER.get().copy(b, off, len);
      SrtpErrorStatus status = context.transformPacket(packet);
      return status == SrtpErrorStatus.OK ? packet.copyTo(b, off) : failure(status);
    } catch (GeneralSecurityException e) {
      return SrtpStatus.CIPHER_FAILED;
    }
  }

  @Override
  int openRtcp(byte[] b, int off, int len, int stream, int ssrc, int indexWord) {
    try {
      JitsiBuffer packet = BUFFER.get().copy(b, off, len);
      SrtpErrorStatus status = rtcp(stream, ssrc).reverseTransformPacket(packet);
      return status == SrtpErrorStatus.OK ? packet.copyTo(b, off) : failure(status);
    } catch (GeneralSecurityException e) {
      return SrtpStatus.CIPHER_FAILED;
    }
  }

  private SrtpCryptoContext rtp(int stream, int ssrc) throws GeneralSecurityException {
    SrtpCryptoContext known = stream < 0 ? null : rtp[stream];
    if (known == null) {
      known = factory.deriveContext(ssrc, 0);
      newRtp = known;
    }
    return known;
  }

  private SrtcpCryptoContext rtcp(int stream, int ssrc) throws GeneralSecurityException {
    SrtcpCryptoContext known = stream < 0 ? null : rtcp[stream];
    if (known == null) {
      known = factory.deriveControlContext(ssrc);
      newRtcp = known;
    }
    return known;
  }

  @Override
  void adoptRtp(int stream) {
    if (stream >= rtp.length) {
      rtp = Arrays.copyOf(rtp, 2 * stream);
    }
    rtp[stream] = newRtp;
    newRtp = null;
  }

  @Override
  void adoptRtcp(int stream) {
    if (stream >= rtcp.length) {
      rtcp = Arrays.copyOf(rtcp, 2 * stream);
    }
    rtcp[stream] = newRtcp;
    newRtcp = null;
  }

  private static int failure(SrtpErrorStatus status) {
    return switch (status) {
      case AUTH_FAIL -> SrtpStatus.AUTH_FAILED;
      case REPLAY_FAIL, REPLAY_OLD -> SrtpStatus.REPLAYED;
      case INVALID_PACKET -> SrtpStatus.MALFORMED;
      case OK, FAIL -> SrtpStatus.CIPHER_FAILED;
    };
  }

  /** Wipes the keys; the library frees its native contexts when they are collected. */
  @Override
  public void close() {
    factory.close();
    rtp = new SrtpCryptoContext[0];
    rtcp = new SrtcpCryptoContext[0];
    newRtp = null;
    newRtcp = null;
    rtcpSender = null;
  }
}
