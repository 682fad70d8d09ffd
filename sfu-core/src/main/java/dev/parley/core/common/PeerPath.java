package dev.parley.core.common;

/**
 * A way to one client other than UDP: a TCP connection, or an allocation of the relay. Stands in
 * the {@link PeerAddress} of what came by it. Any thread.
 */
public interface PeerPath {
  /** IPv4 and UDP headers. */
  int UDP_OVERHEAD_BYTES = 28;

  /**
   * Sends one packet, or drops and counts it; a closed path drops all. Borrows the bytes.
   *
   * @param lengthBytes at most 1500
   */
  @HotPath
  void send(byte[] bytes, int offset, int lengthBytes);

  /** The same for video, which is worth less the longer it waits: it is dropped first. */
  @HotPath
  default void sendVideo(byte[] bytes, int offset, int lengthBytes) {
    send(bytes, offset, lengthBytes);
  }

  /** What the way adds to each packet, in bytes on the wire: all headers below it. */
  @HotPath
  default int overheadBytes() {
    return UDP_OVERHEAD_BYTES;
  }

  /** {@code tcp} or {@code relay}, for people. */
  String kind();

  /** What carries the client's packets: TCP, unless a relay is between. */
  default PairKind.Way way() {
    return PairKind.Way.TCP;
  }
}
