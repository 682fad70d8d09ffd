package dev.parley.core.address;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Somebody who knows the addresses under which this machine is reached from outside. */
public interface AddressSource {
  /** For people, for instance {@code stun.example.org:3478}. */
  String name();

  /**
   * Asks; blocks for some seconds at most.
   *
   * @return at least one
   * @throws IOException when there is no answer, or none with an address; says why
   */
  List<InetAddress> ask() throws IOException;
}
