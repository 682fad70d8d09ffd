package dev.parley.core.transport;

import dev.parley.core.common.HotPath;
import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpSender;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Both directions under the keys of one handshake (RFC 5764 section 4.2), and whoever looks at what
 * is in the clear between them and the room. Worker's thread only.
 */
final class SrtpPair {
  private final SrtpProfile profile;
  private final SrtpReceiver receiver;
  private final SrtpSender sender;
  private @Nullable PacketTap tap;
  private long packetsReceived;
  private long packetsSent;

  private SrtpPair(SrtpProfile profile, SrtpReceiver receiver, SrtpSender sender) {
    this.profile = profile;
    this.receiver = receiver;
    this.sender = sender;
  }

  /** The server's side of it. */
  static SrtpPair of(SrtpKeys keys) {
    return new SrtpPair(
        keys.profile(),
        new SrtpReceiver(keys.profile(), keys.clientKey(), keys.clientSalt()),
        new SrtpSender(keys.profile(), keys.serverKey(), keys.serverSalt()));
  }

  @HotPath
  SrtpReceiver receiver() {
    return receiver;
  }

  @HotPath
  SrtpSender sender() {
    return sender;
  }

  /** A packet has come, and is in the clear. */
  @HotPath
  void received(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    packetsReceived++;
    show(false, bytes, offset, lengthBytes, nowNanos);
  }

  /** A packet is about to be protected. */
  @HotPath
  void leaving(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    show(true, bytes, offset, lengthBytes, nowNanos);
  }

  /** An RTP packet has left. */
  @HotPath
  void sent() {
    packetsSent++;
  }

  @HotPath
  private void show(boolean sent, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    PacketTap seen = tap;
    if (seen != null) {
      seen.onPacket(sent, bytes, offset, lengthBytes, nowNanos);
    }
  }

  /** Shows what goes by from now on; null: to nobody any more. False: somebody looks already. */
  boolean tap(@Nullable PacketTap newTap) {
    boolean changes = tap == null || newTap == null;
    if (changes) {
      tap = newTap;
    }
    return changes;
  }

  void describe(Map<String, Object> state) {
    state.put("srtpProfile", profile.id());
    state.put("packetsReceived", packetsReceived);
    state.put("packetsSent", packetsSent);
  }

  void close() {
    receiver.close();
    sender.close();
  }
}
