package dev.parley.core.ice;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** See docs/fuzzing.md. */
class StunFuzzTest implements IceLite.Listener {
  private static final IceCredentials LOCAL =
      new IceCredentials("srvUfrag", "serverPassword0123456789");
  private static final IceCredentials REMOTE =
      new IceCredentials("clnt", "clientPassword0123456789");

  private final StunFixture.Sink sink = new StunFixture.Sink();
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

  @Override
  public void onValidAddress(PeerAddress address) {}

  @Override
  public void onSelected(PeerAddress address) {}

  @Override
  public void onConsentLost() {}

  @Override
  public void onNeverConnected() {}
}
