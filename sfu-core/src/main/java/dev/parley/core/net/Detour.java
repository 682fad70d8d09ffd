package dev.parley.core.net;

import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.transport.Routes;
import dev.parley.core.transport.Transport;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The way to a transport that lives on another worker than its port's. Its datagrams still arrive
 * at the port they were always sent to; that port's {@link Demux} hands them over to the worker
 * where the transport lives. To the transport it is the address table, which it changes by tasks
 * for the port's worker.
 */
public final class Detour implements Routes {
  private final Demux origin;
  private final Executor originThread;
  private final Transport transport;

  /** Where the transport lives; null: on its port's own worker. */
  private volatile @Nullable Handover to;

  Detour(Demux origin, Executor originThread, Transport transport) {
    this.origin = origin;
    this.originThread = originThread;
    this.transport = transport;
  }

  /**
   * The transport lives there from now on; called last, on the thread that it leaves, which uses it
   * no more.
   *
   * @param next null: on the worker of its port
   */
  public void leadTo(@Nullable Handover next) {
    to = next;
  }

  /** The origin's thread. Borrows the bytes. */
  @HotPath
  void route(byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    Handover queue = to;
    if (queue == null) {
      transport.handleDatagram(bytes, offset, lengthBytes, from, nowNanos);
    } else {
      queue.offer(this, bytes, offset, lengthBytes, from);
    }
  }

  /** Certain on the thread that takes from the queue: the transport leaves on its own thread. */
  @HotPath
  boolean leadsTo(Handover queue) {
    return to == queue;
  }

  /** The path behind an address has closed: tells the transport, on its own thread. */
  void pathClosed(PeerAddress address) {
    Handover queue = to;
    Executor thread = queue == null ? originThread : queue.taker();
    try {
      thread.execute(() -> {
        if (to == queue) {
          transport.pathClosed(address);
        } else {
          pathClosed(address);
        }
      });
    } catch (RejectedExecutionException e) {
      // The worker has stopped, and its transports are closed.
      return;
    }
  }

  Transport transport() {
    return transport;
  }

  @Override
  public void bind(PeerAddress address, Transport owner) {
    originThread.execute(() -> origin.bind(address, this));
  }

  @Override
  public void unbind(PeerAddress address, Transport owner) {
    originThread.execute(() -> origin.unbind(address, this));
  }

  @Override
  public void name(String ufrag, Transport owner) {
    originThread.execute(() -> origin.name(ufrag, this));
  }

  @Override
  public void unname(String ufrag, Transport owner) {
    originThread.execute(() -> origin.unname(ufrag, this));
  }

  @Override
  public void release(Transport owner) {
    originThread.execute(() -> origin.release(this));
  }
}
