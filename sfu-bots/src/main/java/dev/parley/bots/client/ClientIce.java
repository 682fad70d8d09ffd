package dev.parley.bots.client;

import dev.parley.core.common.PeerAddress;
import dev.parley.core.ice.IceClient;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.sdp.Candidate;
import java.util.List;

/** The client's end of ICE, with one pair of credentials. Owner's thread only. */
interface ClientIce {
  /**
   * What a server says of itself.
   *
   * @param candidates in the server's order
   */
  record Remote(IceCredentials credentials, List<Candidate> candidates) {
    public Remote {
      candidates = List.copyOf(candidates);
    }

    /** The same server after an ICE restart. */
    Remote with(IceCredentials other) {
      return new Remote(other, candidates);
    }
  }

  /** Makes one after the other: an ICE restart takes new credentials. */
  interface Source {
    /** The client's credentials for the next one. */
    IceCredentials draw();

    /**
     * Begins; what was before has been stopped.
     *
     * @param local credentials, which have been drawn
     * @param listener told on the owner's thread, never inside of this call
     * @throws IllegalArgumentException when no candidate is in reach
     */
    ClientIce begin(
        IceCredentials local, Remote remote, IceClient.Listener listener, long nowNanos);
  }

  /** Where to send; before it is connected, where the first check goes. */
  PeerAddress server();

  /** Whether anything may be sent to {@link #server} before it is connected. */
  boolean sendsUnchecked();

  /** A STUN packet. Borrows the bytes. */
  void handle(byte[] bytes, int offset, int lengthBytes, long nowNanos);

  long nextTimeoutNanos();

  void handleTimeout(long nowNanos);

  /**
   * The client's own address is another now.
   *
   * @return false when only an ICE restart helps
   */
  boolean addressChanged(long nowNanos);

  /** Checks nothing more, and tells nothing more. */
  void stop();
}
