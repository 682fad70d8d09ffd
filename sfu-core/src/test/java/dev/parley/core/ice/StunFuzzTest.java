package dev.parley.core.ice;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.SentDatagrams;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class StunFuzzTest implements IceLite.Listener {
  private static final IceCredentials LOCAL =
      new IceCredentials("srvUfrag", "serverPassword0123456789");
  private static final IceCredentials REMOTE =
      new IceCredentials("clnt", "clientPassword0123456789");

  private static final int MOST_ATTRIBUTE_BYTES = 1000;

  private final SentDatagrams sink = new SentDatagrams();
  private final IceLite ice =
      new IceLite(LOCAL, REMOTE, IceLite.Settings.DEFAULT, sink, this, new Counters(), 0);
  private long now;

  static List<byte[]> checks() {
    return List.of(
        StunFixture.check("srvUfrag:clnt", LOCAL.pwd(), true),
        StunFixture.check("srvUfrag:clnt", LOCAL.pwd(), false),
        StunFixture.check("srvUfrag:clnt", "wrong", false));
  }

  @MethodSource("checks")
  @FuzzTest(maxDuration = "10m")
  void shouldTakeAnyDatagram(byte[] data) {
    byte[] b = new byte[data.length + 4];
    System.arraycopy(data, 0, b, 2, data.length);
    if (StunPeek.looksLikeStun(b, 2, data.length)) {
      var unused = new StunView().parse(b, 2, data.length);
    }
    ice.handle(b, 2, data.length, PeerAddress.ofV4(0x0a000001, 5001), now += 1_000_000);
  }

  /** Attributes, each behind its type and one byte of length. */
  static List<byte[]> attributes() {
    return List.of(
        new byte[] {0x00, 0x25, 0, 0x00, 0x24, 4, 110, 0, 1, 2, (byte) 0x80, 0x2a, 2, 1, 2},
        new byte[] {0x00, 0x20, 8, 0, 1, 1, 2, 3, 4, 5, 6, 0x12, 0x34, 0, (byte) 0x80, 0x29, 1, 9},
        new byte[] {0x00, 0x09, 6, 0, 0, 4, 1, 65, 66, 0x00, 0x0a, 4, 0, 37, 0, 36});
  }

  /** What one who knows the password sends; the answer is a whole message under the same one. */
  @MethodSource("attributes")
  @FuzzTest(maxDuration = "10m")
  void shouldTakeAnyAttributesOfAnAuthenticCheck(byte[] data) {
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(StunView.USERNAME, "srvUfrag:clnt".getBytes(StandardCharsets.UTF_8));
    int at = 0;
    while (at + 3 <= data.length && at < MOST_ATTRIBUTE_BYTES) {
      int end = Math.min(data.length, at + 3 + (data[at + 2] & 0xff));
      attributes.put(StunView.uint16(data, at), Arrays.copyOfRange(data, at + 3, end));
      at = end;
    }
    byte[] check =
        StunFixture.write(
            StunView.BINDING_REQUEST,
            "transaction!".getBytes(StandardCharsets.US_ASCII),
            attributes,
            LOCAL.pwd());
    sink.sent().clear();
    ice.handle(check, 0, check.length, PeerAddress.ofV4(0x0a000001, 5001), now += 1_000_000);
    assertTrue(sink.sent().size() <= 1);
    if (!sink.sent().isEmpty()) {
      var unused = StunFixture.read(sink.last(), LOCAL.pwd());
    }
  }

  @Override
  public void onValidAddress(PeerAddress address) {}

  @Override
  public void onSelected(PeerAddress address) {}

  @Override
  public void onConsentLost() {}

  @Override
  public void onGraceOver() {}

  @Override
  public void onNeverConnected() {}
}
