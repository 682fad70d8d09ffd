package dev.parley.core.dtls;

import dev.parley.core.srtp.SrtpKeys;
import dev.parley.core.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client and a server endpoint in one process; the test's thread owns both. */
final class DtlsLink implements AutoCloseable {
  /** Decides over each datagram: the how manieth in its direction, from 0. */
  interface Loss {
    boolean drops(boolean fromClient, int number, byte[] datagram);
  }

  /** One side and what it has seen. */
  static final class Side implements DtlsEndpoint.Listener {
    @Nullable SrtpKeys keys;
    DtlsEndpoint.@Nullable Failure failure;
    String message = "";
    boolean closed;
    int sent;
    final List<byte[]> data = new ArrayList<>();

    @Override
    public void onDtlsConnected(SrtpKeys exported) {
      keys = exported;
    }

    @Override
    public void onDtlsFailed(DtlsEndpoint.Failure why, String text) {
      failure = why;
      message = text;
    }

    @Override
    public void onDtlsClosed() {
      closed = true;
    }

    @Override
    public void onDtlsData(byte[] b, int off, int len) {
      data.add(java.util.Arrays.copyOfRange(b, off, off + len));
    }

    boolean isOver() {
      return keys != null || failure != null;
    }
  }

  final LinkedBlockingQueue<Runnable> tasks;
  final Side clientSide = new Side();
  final Side serverSide = new Side();
  final DtlsEndpoint client;
  final DtlsEndpoint server;
  private final Loss loss;

  DtlsLink(
      HandshakeExecutor clients,
      HandshakeExecutor servers,
      DtlsIdentity clientIdentity,
      DtlsIdentity serverIdentity,
      Loss loss,
      LinkedBlockingQueue<Runnable> tasks) {
    this.loss = loss;
    this.tasks = tasks;
    client =
        endpoint(
            DtlsEndpoint.Role.CLIENT,
            clientIdentity,
            serverIdentity.sha256(),
            List.of(SrtpProfile.values()),
            clients,
            clientSide);
    server =
        endpoint(
            DtlsEndpoint.Role.SERVER,
            serverIdentity,
            clientIdentity.sha256(),
            List.of(SrtpProfile.values()),
            servers,
            serverSide);
  }

  DtlsLink(HandshakeExecutor executor, DtlsIdentity of, DtlsIdentity at, Loss loss) {
    this(
        executor,
        of,
        at,
        at.sha256(),
        of.sha256(),
        List.of(SrtpProfile.values()),
        List.of(SrtpProfile.values()),
        loss,
        new LinkedBlockingQueue<>());
  }

  DtlsLink(
      HandshakeExecutor executor,
      DtlsIdentity clientIdentity,
      DtlsIdentity serverIdentity,
      DtlsFingerprint clientExpects,
      DtlsFingerprint serverExpects,
      List<SrtpProfile> clientProfiles,
      List<SrtpProfile> serverProfiles,
      Loss loss,
      LinkedBlockingQueue<Runnable> tasks) {
    this.loss = loss;
    this.tasks = tasks;
    client =
        endpoint(
            DtlsEndpoint.Role.CLIENT,
            clientIdentity,
            clientExpects,
            clientProfiles,
            executor,
            clientSide);
    server =
        endpoint(
            DtlsEndpoint.Role.SERVER,
            serverIdentity,
            serverExpects,
            serverProfiles,
            executor,
            serverSide);
  }

  private DtlsEndpoint endpoint(
      DtlsEndpoint.Role role,
      DtlsIdentity identity,
      DtlsFingerprint expected,
      List<SrtpProfile> profiles,
      HandshakeExecutor executor,
      Side side) {
    boolean isClient = role == DtlsEndpoint.Role.CLIENT;
    return new DtlsEndpoint(
        role,
        identity,
        List.of(expected),
        profiles,
        tasks::add,
        executor,
        (b, off, len) -> carry(isClient, b, off, len),
        side);
  }

  private void carry(boolean fromClient, byte[] b, int off, int len) {
    Side from = fromClient ? clientSide : serverSide;
    byte[] datagram = java.util.Arrays.copyOfRange(b, off, off + len);
    if (!loss.drops(fromClient, from.sent++, datagram)) {
      (fromClient ? server : client).handle(datagram, 0, datagram.length);
    }
  }

  /** Runs the owner's tasks until something is so; fails after 20 s. */
  void runUntil(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Runnable task = tasks.poll(20, TimeUnit.SECONDS);
      if (task == null) {
        throw new AssertionError(
            "nothing happens; client " + clientSide.message + ", server " + serverSide.message);
      }
      task.run();
    }
  }

  void connect() throws InterruptedException {
    client.start();
    runUntil(() -> clientSide.isOver() && serverSide.isOver());
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
