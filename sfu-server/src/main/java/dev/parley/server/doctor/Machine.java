package dev.parley.server.doctor;

import dev.parley.core.address.AddressLookup;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What {@link Doctor} asks of the machine it runs on. */
public interface Machine {
  /** The running JDK's feature release, for instance 25. */
  int jdkFeature();

  /** Its full version with the vendor. */
  String jdkVersion();

  /** Why Netty's epoll transport does not load; empty: it does. */
  Optional<String> epollFailure();

  /** Why a native library does not load; empty: it does. */
  Optional<String> libraryFailure(String name);

  /** A kernel setting such as {@code net.core.rmem_max}; empty where there is none of the name. */
  OptionalLong kernelSetting(String name);

  Instant now();

  /** How many files and sockets the process may hold open. */
  OptionalLong maxOpenFiles();

  /**
   * Whether the kernel says that its clock is kept right by somebody; empty: it does not tell. It
   * cannot know of a clock that is set without its notice, nor whether whoever sets it is right.
   */
  Optional<Boolean> clockIsKept();

  /** Asks others for this machine's public addresses, for ten seconds at most. */
  Looked lookUp(AddressLookup lookup);

  /**
   * What came of it.
   *
   * @param failures of those who did not answer, each with its name
   */
  record Looked(List<InetAddress> known, List<String> failures) {}

  /** The addresses of the interfaces that are up. */
  List<InetAddress> interfaceAddresses();

  /** Why the TCP port cannot be listened on; empty: it can. */
  Optional<String> tcpBindFailure(String host, int port);

  /** Why the UDP port cannot be bound; empty: it can. */
  Optional<String> udpBindFailure(String host, int port);

  /** Whether something on this port answers {@code GET /healthz} with success. */
  boolean answersHealth(String host, int port);
}
