package dev.parley.core.turn;

import dev.parley.core.common.HotPath;

/**
 * Cuts a client's byte stream into messages (RFC 8656 sections 3.1 and 12.5): STUN as long as its
 * header says, ChannelData padded to a multiple of four. Holds one message; what cannot be one, or
 * is longer than any of ours, ends the stream. Not thread-safe.
 */
public final class TurnDeframer {
  /** Takes one whole message; borrows the bytes, padding included. */
  public interface Sink {
    @HotPath
    void message(byte[] bytes, int offset, int lengthBytes);
  }

  /** A packet of 1500 bytes in a Send indication. */
  static final int MAX_BYTES = 1600;

  private static final int HEAD_BYTES = 4;

  private final byte[] held = new byte[MAX_BYTES];
  private int length;
  private int wanted = HEAD_BYTES;

  /**
   * Takes the next bytes of the stream; they are copied where a message is not whole.
   *
   * @return false when the stream is none of a TURN client: take no more of it
   */
  @HotPath
  public boolean take(byte[] bytes, int offset, int lengthBytes, Sink sink) {
    int at = offset;
    int end = offset + lengthBytes;
    while (at < end) {
      int count = Math.min(wanted - length, end - at);
      System.arraycopy(bytes, at, held, length, count);
      length += count;
      at += count;
      if (length == wanted && length == HEAD_BYTES) {
        wanted = messageLength();
        if (wanted < 0) {
          return false;
        }
      }
      if (length == wanted) {
        sink.message(held, 0, length);
        length = 0;
        wanted = HEAD_BYTES;
      }
    }
    return true;
  }

  /** From the first four bytes; -1 for what is no message. */
  @HotPath
  private int messageLength() {
    int body = Stun.uint16(held, 2);
    int whole =
        switch (held[0] & 0xc0) {
          case 0x00 -> (body & 3) == 0 ? Stun.HEADER_BYTES + body : -1;
          case 0x40 -> Stun.CHANNEL_HEADER_BYTES + Stun.padded(body);
          default -> -1;
        };
    return whole > MAX_BYTES ? -1 : whole;
  }
}
