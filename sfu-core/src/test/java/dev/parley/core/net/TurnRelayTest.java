package dev.parley.core.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.core.api.RelayStreams;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.turn.StunText;
import dev.parley.core.turn.TestCertificate;
import dev.parley.core.turn.TurnCredentials;
import dev.parley.core.turn.TurnLink;
import dev.parley.core.turn.TurnSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's ports over the real loopback. */
class TurnRelayTest {
  private static final String SECRET = "secret of the test";
  private static final PeerAddress MEDIA =
      PeerAddress.of(new InetSocketAddress("203.0.113.1", 10_000));
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final Counters media = new Counters();
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path folder;

  private TurnRelay open(Optional<TurnRelay.Tls> tls, TurnRelay.Limits limits) throws IOException {
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    TurnRelay relay =
        new TurnRelay(
            new TurnRelay.Settings(
                new UdpPort.Settings(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    epoll,
                    1 << 20,
                    1 << 20),
                tls,
                limits,
                TurnSettings.of("sfu", SECRET)),
            io,
            List.of(new TurnRelay.MediaPort(List.of(MEDIA), new Demux(media), Runnable::run)));
    open.addFirst(relay);
    return relay;
  }

  private TurnRelay open() throws IOException {
    return open(Optional.empty(), new TurnRelay.Limits(10_000, 1_000, 10_000, 60));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
  }

  private TurnLink link(String kind, InetSocketAddress server) throws IOException {
    TurnLink link =
        TurnLink.open(
            kind,
            server,
            new TurnCredentials(SECRET).mint("ann", System.currentTimeMillis() / 1000 + 300));
    open.addFirst(link);
    return link;
  }

  private static void await(String what, BooleanSupplier done) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!done.getAsBoolean()) {
      assertTrue(System.nanoTime() - end < 0, "waited in vain: " + what);
      Thread.onSpinWait();
    }
  }

  private void relays(TurnLink link) throws IOException {
    assertEquals(0, link.allocate().error());
    assertEquals(0, link.bind(0x4001, MEDIA).error());
    long before = media.total(DropReason.UNKNOWN_ADDRESS);
    link.data(0x4001, new byte[] {(byte) 0x80, 1, 2}, 3);
    await("the packet", () -> media.total(DropReason.UNKNOWN_ADDRESS) > before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp", "tls"})
  void shouldRelayByEveryTransport(String kind) throws Exception {
    TestCertificate.write(folder, "relay.test");
    TurnRelay relay =
        open(
            Optional.of(
                new TurnRelay.Tls(0, folder.resolve("cert.pem"), folder.resolve("key.pem"))),
            new TurnRelay.Limits(10, 10, 10, 60));
    relays(
        link(kind, kind.equals("tls") ? relay.tlsAddress().orElseThrow() : relay.localAddress()));
    assertTrue(
        relay.snapshot().get(5, TimeUnit.SECONDS).toString().contains("by=" + kind),
        "the state names the transport");
  }

  @Test
  void shouldServeCallsWhileThousandsOfConnectionsWait() throws Exception {
    TurnRelay relay = open();
    TurnLink before = link("tcp", relay.localAddress());
    relays(before);
    for (int i = 0; i < 2_000; i++) {
      Socket silent = new Socket(relay.localAddress().getAddress(), relay.localAddress().getPort());
      open.add(silent);
      if (i % 2 == 0) {
        silent.getOutputStream().write(new byte[] {0, 3, 0});
      }
    }
    await(
        "the oldest are closed",
        () -> relay.counters().total(Counter.TURN_CONNECTIONS_UNPROVEN) >= 1_000);
    relays(link("tcp", relay.localAddress()));
    relays(link("udp", relay.localAddress()));
    before.data(0x4001, new byte[] {(byte) 0x80, 1, 2}, 3);
    await("the old call goes on", () -> media.total(DropReason.UNKNOWN_ADDRESS) >= 4);
    Object held = relay.snapshot().get(5, TimeUnit.SECONDS).get("connections");
    assertTrue(held instanceof Integer count && count <= 1_002, "bounded, but " + held);
  }

  @Test
  void shouldCloseConnectionsThatOpenNothing() throws Exception {
    TurnRelay relay = open(Optional.empty(), new TurnRelay.Limits(10, 10, 10, 1));
    try (Socket silent =
        new Socket(relay.localAddress().getAddress(), relay.localAddress().getPort())) {
      silent.setSoTimeout(20_000);
      assertEquals(-1, silent.getInputStream().read());
    }
    assertEquals(1, relay.counters().total(Counter.TURN_CONNECTIONS_UNPROVEN));
  }

  @Test
  void shouldBoundTheConnectionsOfAnAddress() throws Exception {
    TurnRelay relay = open(Optional.empty(), new TurnRelay.Limits(10, 10, 2, 60));
    relays(link("tcp", relay.localAddress()));
    relays(link("tcp", relay.localAddress()));
    TurnLink third = link("tcp", relay.localAddress());
    assertThrows(IOException.class, third::allocate);
    assertEquals(1, relay.counters().total(Counter.TURN_CONNECTIONS_REFUSED));
  }

  @Test
  void shouldCloseWhatSpeaksAnotherProtocol() throws Exception {
    TurnRelay relay = open();
    try (Socket http =
        new Socket(relay.localAddress().getAddress(), relay.localAddress().getPort())) {
      http.setSoTimeout(20_000);
      http.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertEquals(-1, http.getInputStream().read());
    }
    await("it is counted", () -> relay.counters().total(Counter.TURN_CONNECTIONS_BROKEN) == 1);
  }

  @Test
  void shouldEndTheAllocationWithItsConnection() throws Exception {
    TurnRelay relay = open();
    TurnLink link = link("tcp", relay.localAddress());
    relays(link);
    link.close();
    await("the end", () -> relay.counters().total(Counter.TURN_ALLOCATIONS_CLOSED) == 1);
  }

  @Test
  void shouldServeStreamsOfAnotherServersPipeline() throws Exception {
    TurnRelay relay = open();
    MultiThreadIoEventLoopGroup other =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    open.add(() -> other.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync());
    Channel port =
        new ServerBootstrap()
            .group(other)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(relay.newStream(false));
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    relays(link("tcp", (InetSocketAddress) port.localAddress()));
  }

  @Test
  void shouldServeConnectionsThatSomebodyElseAccepted() throws Exception {
    TurnRelay relay = open();
    List<byte[]> got = new CopyOnWriteArrayList<>();
    AtomicBoolean closed = new AtomicBoolean();
    RelayStreams.Stream stream =
        relay
            .streams()
            .open(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 50_000),
                new RelayStreams.Output() {
                  @Override
                  public void send(byte[] bytes) {
                    got.add(bytes);
                  }

                  @Override
                  public int waitingBytes() {
                    return got.size() > 1 ? 1 << 20 : 0;
                  }

                  @Override
                  public void close() {
                    closed.set(true);
                  }
                });
    byte[] allocate = new StunText.Builder(0x003, "transaction1").number(0x0019, 17 << 24).plain();
    for (byte b : allocate) {
      stream.receive(new byte[] {b});
    }
    await("the challenge", () -> got.size() == 1);
    assertEquals(401, StunText.read(got.getFirst()).error());
    stream.receive(allocate);
    stream.receive(allocate);
    await("a drop", () -> relay.counters().total(DropReason.TURN_WRITE_FULL) == 1);
    stream.receive(new byte[] {'G', 'E', 'T', ' '});
    await("the end", closed::get);
    stream.closed();
    await("no connection", () -> relay.counters().total(Counter.TURN_CONNECTIONS_CLOSED) == 1);
  }

  @Test
  void shouldDropVideoBeforeVoices() throws Exception {
    TurnRelay relay = open();
    List<byte[]> got = new ArrayList<>();
    AtomicInteger waiting = new AtomicInteger();
    LentStream.Client slow =
        new LentStream.Client(
            relay,
            MEDIA,
            new RelayStreams.Output() {
              @Override
              public void send(byte[] bytes) {
                got.add(bytes);
              }

              @Override
              public int waitingBytes() {
                return waiting.get();
              }

              @Override
              public void close() {}
            });
    byte[] packet = {1, 2, 3, 4};
    slow.send(packet, 0, 4, true);
    assertEquals(1, got.size());
    waiting.set(70_000);
    slow.send(packet, 0, 4, true);
    slow.send(packet, 0, 4, false);
    assertEquals(2, got.size());
    waiting.set(140_000);
    slow.send(packet, 0, 4, false);
    assertEquals(2, got.size());
    assertEquals(2, relay.counters().total(DropReason.TURN_WRITE_FULL));
  }

  @Test
  void shouldDropWhatAClientDoesNotRead() throws Exception {
    TurnRelay relay = open();
    TurnLink deaf = link("tcp", relay.localAddress());
    byte[] binding = deaf.message(0x001).plain();
    byte[] thousand = new byte[1000 * binding.length];
    for (int i = 0; i < 1000; i++) {
      System.arraycopy(binding, 0, thousand, i * binding.length, binding.length);
    }
    for (int i = 0; i < 2_000 && relay.counters().total(DropReason.TURN_WRITE_FULL) == 0; i++) {
      deaf.send(thousand);
    }
    await("a drop", () -> relay.counters().total(DropReason.TURN_WRITE_FULL) > 0);
    relays(link("tcp", relay.localAddress()));
  }

  @Test
  void shouldAnswerStrangersNothingButBinding() throws Exception {
    TurnRelay relay = open();
    TurnLink link =
        TurnLink.open(
            "udp", relay.localAddress(), new TurnCredentials.Minted("1:ann", "no password"));
    open.addFirst(link);
    assertEquals(401, link.allocate().error());
    StunText.Read binding = StunText.read(exchange(link));
    assertEquals(0x101, binding.type());
  }

  private static byte[] exchange(TurnLink link) throws IOException {
    link.send(link.message(0x001).plain());
    return link.receive();
  }

  @Test
  void shouldReadAChangedCertificateAndKeepTheOldOneWhileItIsBroken() throws Exception {
    TestCertificate.write(folder, "first");
    TurnCertificate certificate =
        new TurnCertificate(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    var first = certificate.context();
    certificate.refresh();
    assertSame(first, certificate.context());
    Files.writeString(folder.resolve("cert.pem"), "broken");
    Files.setLastModifiedTime(folder.resolve("cert.pem"), FileTime.fromMillis(1));
    certificate.refresh();
    assertSame(first, certificate.context());
    TestCertificate.write(folder, "second");
    Files.setLastModifiedTime(folder.resolve("cert.pem"), FileTime.fromMillis(2));
    certificate.refresh();
    assertNotEquals(first, certificate.context());
  }
}
