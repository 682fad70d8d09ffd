package dev.parley.core.subscriber;

/** Where the parts of a written packet stand, in bytes from the beginning of the buffer. */
final class PacketLayout {
  /** The transport-wide sequence number, or -1. */
  int transportWideAt;

  int lengthBytes;
}
