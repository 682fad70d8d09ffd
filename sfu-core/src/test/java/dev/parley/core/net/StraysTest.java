package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.Transports;
import dev.parley.core.transport.Transport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What strays lead to in a call: {@code quality.ReconnectTest}. */
class StraysTest {
  private static final PeerAddress FROM = PeerAddress.ofV4(0x0a00_0001L, 1000);

  private final Counters counters = new Counters();
  private final Transport stranger = Transports.unconnected(counters);
  private final Strays strays = new Strays();

  private void look(byte[] packet, long nowNanos) {
    strays.look(packet, 0, packet.length, FROM, List.of(stranger), nowNanos);
  }

  @Test
  void shouldLookAtFewPackets() {
    byte[] packet = new byte[20];
    packet[0] = (byte) 0x80;
    assertTrue(strays.mayLook(0));
    look(packet, 0);
    assertFalse(strays.mayLook(Strays.LOOK_INTERVAL_NANOS - 1));
    assertTrue(strays.mayLook(Strays.LOOK_INTERVAL_NANOS));
  }

  @Test
  void shouldNotAskForSourcesThatNobodyKnows() {
    byte[] rtp = new byte[20];
    rtp[0] = (byte) 0x80;
    byte[] rtcp = rtp.clone();
    rtcp[1] = (byte) 200;
    look(rtp, 0);
    look(rtcp, 1);
    assertNull(strays.askedBy(FROM));
    assertEquals(0, counters.total(Counter.ADDRESSES_ASKED));
  }

  @Test
  void shouldEndureWhatIsTooShortOrNoMedia() {
    for (int length = 1; length <= 12; length++) {
      look(new byte[length], length);
      byte[] packet = new byte[length];
      packet[0] = (byte) 0x80;
      look(packet, length);
    }
    assertNull(strays.askedBy(FROM));
  }
}
