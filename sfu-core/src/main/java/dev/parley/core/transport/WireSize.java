package dev.parley.core.transport;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;

/** What a packet measures on its way to an address, in bytes. */
final class WireSize {
  /** The longest trailer of SRTP. */
  private static final int SRTP_TAG = 16;

  /** 1500 bytes of Ethernet less the headers of IP and UDP. */
  private static final int MAX_RTP_V4 = 1500 - 28 - SRTP_TAG;

  private static final int MAX_RTP_V6 = 1500 - 48 - SRTP_TAG;

  private WireSize() {}

  /** Of an RTP packet that is not protected yet. */
  @HotPath
  static int maxRtpBytes(PeerAddress to) {
    return to.isV4() ? MAX_RTP_V4 : MAX_RTP_V6;
  }

  /** Headers and trailers around an RTP packet. */
  @HotPath
  static int overheadBytes(PeerAddress to) {
    PeerPath path = to.path();
    return SRTP_TAG + (path == null ? PeerPath.UDP_OVERHEAD_BYTES : path.overheadBytes());
  }
}
