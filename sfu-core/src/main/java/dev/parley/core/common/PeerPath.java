package dev.parley.core.common;

/**
 * A way to one client other than UDP: a TCP connection, or an allocation of the relay. Stands in
 * the {@link PeerAddress} of what came by it. Any thread.
 */
public interface PeerPath {
  /**
   * Sends one packet, or drops and counts it; a closed path drops all. Borrows the bytes.
   *
   * @param lengthBytes at most 1500
   */
  @HotPath
  void send(byte[] bytes, int offset, int lengthBytes);

  /** {@code tcp} or {@code relay}, for people. */
  String kind();
}
