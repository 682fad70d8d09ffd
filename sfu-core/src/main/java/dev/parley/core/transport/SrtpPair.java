package dev.parley.core.transport;

import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpReceiver;
import dev.parley.core.srtp.SrtpSender;

/** Both directions under the keys of one handshake (RFC 5764 section 4.2). Worker's thread only. */
record SrtpPair(SrtpProfile profile, SrtpReceiver receiver, SrtpSender sender) {
  /** The server's side of it. */
  static SrtpPair of(SrtpKeys keys) {
    return new SrtpPair(
        keys.profile(),
        new SrtpReceiver(keys.profile(), keys.clientKey(), keys.clientSalt()),
        new SrtpSender(keys.profile(), keys.serverKey(), keys.serverSalt()));
  }

  void close() {
    receiver.close();
    sender.close();
  }
}
