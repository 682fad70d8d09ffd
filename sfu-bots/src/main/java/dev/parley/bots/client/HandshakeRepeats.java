package dev.parley.bots.client;

/**
 * Counts the handshake messages of one direction that were sent more than once (RFC 6347 section
 * 4.2.4). Only messages in the clear can be told apart; a repeated Finished never comes alone but
 * behind repeated messages of its flight.
 */
final class HandshakeRepeats {
  private static final int RECORD_HEADER_BYTES = 13;
  private static final int HANDSHAKE = 22;

  /** Behind the record header: type, length, then the message's number. */
  private static final int MESSAGE_NUMBER = RECORD_HEADER_BYTES + 4;

  private static final int FRAGMENT_OFFSET = RECORD_HEADER_BYTES + 6;
  private static final int FRAGMENT_HEADER_BYTES = 12;

  private int highestMessage = -1;
  private int highestFragment = -1;
  private int messages;
  private int repeats;

  /** Takes in one datagram of DTLS records. Borrows the bytes. */
  void onDatagram(byte[] b, int offset, int lengthBytes) {
    int at = offset;
    int end = offset + lengthBytes;
    while (end - at >= RECORD_HEADER_BYTES) {
      int bytes = RECORD_HEADER_BYTES + number(b, at + 11, 2);
      if (bytes > end - at) {
        return;
      }
      boolean clear = number(b, at + 3, 2) == 0;
      if ((b[at] & 0xff) == HANDSHAKE
          && clear
          && bytes >= RECORD_HEADER_BYTES + FRAGMENT_HEADER_BYTES) {
        onFragment(number(b, at + MESSAGE_NUMBER, 2), number(b, at + FRAGMENT_OFFSET, 3));
      }
      at += bytes;
    }
  }

  private void onFragment(int message, int fragment) {
    messages++;
    if (message < highestMessage || message == highestMessage && fragment <= highestFragment) {
      repeats++;
    } else {
      highestMessage = message;
      highestFragment = fragment;
    }
  }

  private static int number(byte[] b, int at, int bytes) {
    int n = 0;
    for (int i = 0; i < bytes; i++) {
      n = n << 8 | (b[at + i] & 0xff);
    }
    return n;
  }

  int messages() {
    return messages;
  }

  int repeats() {
    return repeats;
  }
}
