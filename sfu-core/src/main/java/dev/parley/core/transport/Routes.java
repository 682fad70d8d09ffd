package dev.parley.core.transport;

import dev.parley.core.common.PeerAddress;

/** The address table, kept by {@code net}. */
public interface Routes {
  /** The address has proved to belong to the transport; replaces an earlier owner. */
  void bind(PeerAddress address, Transport transport);

  /** The address belongs to the transport no longer. */
  void unbind(PeerAddress address, Transport transport);

  /**
   * Checks that name this local ufrag are for the transport, too.
   *
   * @throws IllegalStateException when the ufrag is in use
   */
  void name(String ufrag, Transport transport);

  /** The ufrag names the transport no longer. */
  void unname(String ufrag, Transport transport);

  /** Forgets the transport with its ufrags and addresses. */
  void release(Transport transport);
}
