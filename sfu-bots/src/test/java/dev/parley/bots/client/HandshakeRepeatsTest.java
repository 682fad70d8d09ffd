package dev.parley.bots.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class HandshakeRepeatsTest {
  private static final int HANDSHAKE = 22;
  private static final int CHANGE_CIPHER_SPEC = 20;

  private final HandshakeRepeats repeats = new HandshakeRepeats();

  private static byte[] record(int type, int epoch, int message, int fragmentOffset) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int body = 12 + 5;
    out.writeBytes(new byte[] {(byte) type, (byte) 0xfe, (byte) 0xfd, 0, (byte) epoch});
    out.writeBytes(new byte[] {0, 0, 0, 0, 0, 1, 0, (byte) body});
    out.writeBytes(new byte[] {1, 0, 0, 5, 0, (byte) message});
    out.writeBytes(new byte[] {0, 0, (byte) fragmentOffset, 0, 0, 5});
    out.writeBytes(new byte[5]);
    return out.toByteArray();
  }

  private void datagram(byte[]... records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] record : records) {
      out.writeBytes(record);
    }
    byte[] all = out.toByteArray();
    repeats.onDatagram(all, 0, all.length);
  }

  @Test
  void shouldNotCountAFlightSentOnce() {
    datagram(record(HANDSHAKE, 0, 0, 0));
    datagram(record(HANDSHAKE, 0, 1, 0), record(HANDSHAKE, 0, 2, 0));
    datagram(record(CHANGE_CIPHER_SPEC, 0, 0, 0), record(HANDSHAKE, 1, 0, 0));
    assertEquals(3, repeats.messages());
    assertEquals(0, repeats.repeats());
  }

  @Test
  void shouldNotTakeFragmentsOfOneMessageForRepeats() {
    datagram(record(HANDSHAKE, 0, 0, 0));
    datagram(record(HANDSHAKE, 0, 0, 5));
    assertEquals(0, repeats.repeats());
  }

  @Test
  void shouldCountAFlightSentAgain() {
    datagram(record(HANDSHAKE, 0, 0, 0), record(HANDSHAKE, 0, 1, 0));
    datagram(record(HANDSHAKE, 0, 0, 0), record(HANDSHAKE, 0, 1, 0));
    assertEquals(2, repeats.repeats());
  }

  @Test
  void shouldStopAtARecordThatIsCutShort() {
    byte[] whole = record(HANDSHAKE, 0, 0, 0);
    repeats.onDatagram(whole, 0, whole.length - 1);
    repeats.onDatagram(whole, 0, 3);
    assertEquals(0, repeats.messages());
  }
}
