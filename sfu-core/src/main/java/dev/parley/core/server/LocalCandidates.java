package dev.parley.core.server;

import dev.parley.core.common.AddressText;
import dev.parley.core.sdp.Candidate;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What answers say of a worker's ports. */
final class LocalCandidates {
  /** RFC 8445 section 5.1.2.1: a host's type preference, and a component's part of the priority. */
  private static final long UDP_HOST = 126L << 24;

  private static final long COMPONENT = 255;

  /** RFC 6544 section 4.2: TCP stands behind every candidate for UDP. */
  private static final long TCP_HOST = 90L << 24;

  /** The section's direction preference of a passive host candidate. */
  private static final long PASSIVE = 4L << 13;

  private static final long UDP_PREFERENCES = 65_535;
  private static final long TCP_PREFERENCES = 8_191;

  private LocalCandidates() {}

  /** A candidate for each address and transport, in the order of preference. */
  static List<Candidate> of(List<InetAddress> addresses, int udpPort, OptionalInt tcpPort) {
    List<Candidate> all = new ArrayList<>();
    for (int i = 0; i < addresses.size(); i++) {
      all.add(
          Candidate.udpHost(
              Integer.toString(i + 1),
              UDP_HOST | (UDP_PREFERENCES - i) << 8 | COMPONENT,
              AddressText.of(addresses.get(i)),
              udpPort));
    }
    if (tcpPort.isPresent()) {
      for (int i = 0; i < addresses.size(); i++) {
        all.add(
            Candidate.tcpPassiveHost(
                Integer.toString(addresses.size() + i + 1),
                TCP_HOST | (PASSIVE | TCP_PREFERENCES - i) << 8 | COMPONENT,
                AddressText.of(addresses.get(i)),
                tcpPort.getAsInt()));
      }
    }
    return List.copyOf(all);
  }
}
