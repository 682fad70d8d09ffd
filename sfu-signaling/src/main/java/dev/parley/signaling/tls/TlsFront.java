package dev.parley.signaling.tls;

import dev.parley.core.api.RelayStreams;
import dev.parley.signaling.observe.LogLine;
import dev.parley.signaling.observe.SignalingCounters;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TLS port for all: what speaks TURN goes to the relay, everything else to this process's own
 * HTTP port. A certificate that is replaced on disk is used within {@link #LOOK_MS}; one that
 * cannot be used leaves the one before in use. Any thread.
 */
public final class TlsFront {
  private static final Logger log = LoggerFactory.getLogger(TlsFront.class);
  private static final long LOOK_MS = 30_000;
  private static final int HANDSHAKE_SEC = 10;

  /** A negative port is a free one that loops share; each listener of a process has its own. */
  private static final int FREE_PORT = -3;

  private static final long FIRST_BYTES_MS = 10_000;

  /** Connections that have not said yet what they are; each costs a few kilobytes. */
  private static final int MOST_UNDECIDED = 20_000;

  private final Vertx vertx;
  private final TlsConfig config;
  private final Optional<RelayStreams> relay;
  private final Hops hops;
  private final SignalingCounters counters;
  private final NetClient client;
  private final AtomicInteger undecided = new AtomicInteger();
  private volatile Certificate certificate;
  private volatile int port;
  private final List<NetServer> servers = new CopyOnWriteArrayList<>();
  private volatile String deployment = "";
  private long timer = -1;

  /**
   * @param relay who takes those who speak TURN
   * @throws IOException when the certificate cannot be used
   */
  public TlsFront(
      Vertx vertx,
      TlsConfig config,
      Optional<RelayStreams> relay,
      Hops hops,
      SignalingCounters counters)
      throws IOException {
    this.vertx = vertx;
    this.config = config;
    this.relay = relay;
    this.hops = hops;
    this.counters = counters;
    this.certificate = Certificate.read(config);
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
  }

  private NetServerOptions options() {
    NetServerOptions options = new NetServerOptions();
    options
        .setSsl(true)
        .setKeyCertOptions(certificate.options())
        .setSslHandshakeTimeout(HANDSHAKE_SEC)
        .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
        .setTcpNoDelay(true);
    return options.setHost(config.host()).setPort(config.port() == 0 ? FREE_PORT : config.port());
  }

  /** Opens the port. */
  public Future<Void> start() {
    int loops = Runtime.getRuntime().availableProcessors();
    return vertx
        .deployVerticle(Loop::new, new DeploymentOptions().setInstances(loops))
        .map(id -> {
          deployment = id;
          timer = vertx.setPeriodic(LOOK_MS, tick -> look());
          LogLine.event("tls.started")
              .with("host", config.host())
              .with("port", port)
              .with("certificate", certificate.subject())
              .with("until", certificate.notAfter())
              .info(log);
          return null;
        });
  }

  public Future<Void> stop() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
    Future<Void> closed =
        deployment.isEmpty() ? Future.succeededFuture() : vertx.undeploy(deployment);
    return closed.eventually(client::close);
  }

  /** One event loop's share of the port. */
  private final class Loop extends VerticleBase {
    @Override
    public Future<?> start() {
      return vertx
          .createNetServer(options())
          .connectHandler(TlsFront.this::connected)
          .exceptionHandler(failed -> counters.tlsFailed())
          .listen()
          .onSuccess((NetServer open) -> {
            port = open.actualPort();
            servers.add(open);
          });
    }
  }

  /** The open port; 0 before {@link #start} has completed. */
  public int port() {
    return port;
  }

  public Certificate certificate() {
    return certificate;
  }

  /** Uses the files' content if it has changed. Returns whether another certificate is in use. */
  public Future<Boolean> look() {
    return vertx
        .executeBlocking(() -> Certificate.read(config), false)
        .compose(read -> {
          if (Objects.requireNonNull(read).chainPem().equals(certificate.chainPem())) {
            return Future.succeededFuture(false);
          }
          certificate = read;
          return Future.all(
                  servers.stream()
                      .map(open -> open.updateSSLOptions(options().getSslOptions()))
                      .toList())
              .onSuccess(done ->
                  LogLine.event("tls.certificate_replaced")
                      .with("certificate", read.subject())
                      .with("until", read.notAfter())
                      .info(log))
              .map(true);
        })
        .recover(unusable -> {
          LogLine.event("tls.certificate_unusable").with("cause", unusable).warn(log);
          return Future.succeededFuture(false);
        });
  }

  private void connected(NetSocket socket) {
    if (undecided.incrementAndGet() > MOST_UNDECIDED) {
      undecided.decrementAndGet();
      counters.tlsRefused();
      socket.close();
      return;
    }
    new Undecided(socket);
  }

  /** A connection until its first bytes say what it is. */
  private final class Undecided {
    private final NetSocket socket;
    private final long patience;
    private Buffer first = Buffer.buffer();
    private boolean decided;

    Undecided(NetSocket socket) {
      this.socket = socket;
      this.patience = vertx.setTimer(FIRST_BYTES_MS, late -> giveUp());
      socket.closeHandler(closed -> decide());
      socket.exceptionHandler(broken -> {});
      socket.handler(this::more);
    }

    private boolean decide() {
      if (decided) {
        return false;
      }
      decided = true;
      vertx.cancelTimer(patience);
      undecided.decrementAndGet();
      return true;
    }

    private void giveUp() {
      if (decide()) {
        counters.tlsRefused();
        socket.close();
      }
    }

    private void more(Buffer bytes) {
      first = first.appendBuffer(bytes);
      switch (FirstBytes.look(first)) {
        case UNKNOWN -> {}
        case HTTP -> {
          if (decide()) {
            handOn(socket, first);
          }
        }
        case TURN -> {
          if (decide()) {
            relay(socket, first);
          }
        }
      }
    }
  }

  private void handOn(NetSocket socket, Buffer first) {
    socket.pause();
    client
        .connect(hops.innerPort(), "127.0.0.1")
        .onFailure(refused -> socket.close())
        .onSuccess(inner -> {
          int innerPort = inner.localAddress().port();
          hops.add(innerPort, socket.remoteAddress());
          inner.closeHandler(closed -> {
            hops.remove(innerPort);
            socket.close();
          });
          socket.closeHandler(closed -> inner.close());
          inner.exceptionHandler(broken -> {});
          inner.write(first);
          inner.pipeTo(socket);
          socket.pipeTo(inner);
          socket.resume();
        });
  }

  private void relay(NetSocket socket, Buffer first) {
    if (relay.isEmpty()) {
      counters.tlsRefused();
      socket.close();
      return;
    }
    counters.tlsRelayed();
    InetSocketAddress from =
        new InetSocketAddress(socket.remoteAddress().hostAddress(), socket.remoteAddress().port());
    RelayStreams.Stream stream = relay.get().open(from, new SocketOutput(vertx, socket));
    socket.closeHandler(closed -> stream.closed());
    socket.handler(bytes -> stream.receive(bytes.getBytes()));
    stream.receive(first.getBytes());
  }
}
