package dev.parley.core.ice;

import dev.parley.core.common.Counters;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.fixtures.SentDatagrams;
import java.util.ArrayList;
import java.util.List;

/** An agent, its sink and a diary of its events. */
final class IceLiteAgent implements IceLite.Listener {
  static final IceCredentials LOCAL = new IceCredentials("srvUfrag", "serverPassword0123456789");
  static final IceCredentials REMOTE = new IceCredentials("clnt", "clientPassword0123456789");
  static final String NAME = "srvUfrag:clnt";
  static final PeerAddress A = PeerAddress.ofV4(0x0a000001, 5001);
  static final PeerAddress B = PeerAddress.ofV4(0x0a000002, 5002);
  static final PeerAddress V6 = new PeerAddress(0x20010db800000000L, 7, 5003);
  static final long SECOND = 1_000_000_000L;

  final SentDatagrams sink = new SentDatagrams();
  final Counters counters = new Counters();
  final List<String> events = new ArrayList<>();
  final IceLite ice;

  IceLiteAgent(long nowNanos) {
    this(nowNanos, IceLite.Settings.DEFAULT);
  }

  IceLiteAgent(long nowNanos, IceLite.Settings settings) {
    ice = new IceLite(LOCAL, REMOTE, settings, sink, this, counters, nowNanos);
  }

  void check(PeerAddress from, boolean nominates, long nowNanos) {
    byte[] b = StunFixture.check(NAME, LOCAL.pwd(), nominates);
    ice.handle(b, 0, b.length, from, nowNanos);
  }

  @Override
  public void onValidAddress(PeerAddress address) {
    events.add("valid " + address.port());
  }

  @Override
  public void onSelected(PeerAddress address) {
    events.add("selected " + address.port());
  }

  @Override
  public void onSelectedClosed() {
    events.add("closed");
  }

  @Override
  public void onAddressForgotten(PeerAddress address) {
    events.add("forgotten " + address.port());
  }

  @Override
  public void onConsentLost() {
    events.add("lost");
  }

  @Override
  public void onRestarted() {
    events.add("restarted");
  }

  @Override
  public void onRecovered(PeerAddress address) {
    events.add("recovered " + address.port());
  }

  @Override
  public void onGraceOver() {
    events.add("over");
  }

  @Override
  public void onNeverConnected() {
    events.add("never");
  }
}
