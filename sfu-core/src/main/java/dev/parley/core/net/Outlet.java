package dev.parley.core.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.common.PeerPath;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One worker's way out through one port: gathers datagrams and sends them together. Each worker has
 * one to its own port, and one to each port of another worker whose clients have moved here: a UDP
 * socket may be written to by several threads. Worker's thread only.
 */
public class Outlet implements DatagramSink {
  /** For the ports of others, whose traffic is the smaller part. */
  private static final int FOREIGN_CAPACITY = 256;

  private static final int LONG = 256;

  private final Arena arena = Arena.ofShared();
  private final SendBatch batch;
  private final BatchSender sender;
  private final Counters counters;

  /** A packet on its way to a path that takes arrays. */
  private final byte[] aside = new byte[SendBatch.STRIDE_BYTES];

  private boolean shut;

  Outlet(BatchSender sender, int capacity, Counters counters) {
    this.batch = new SendBatch(arena, capacity);
    this.sender = sender;
    this.counters = counters;
  }

  /** Out of another worker's port; {@code counters} of the worker that sends. */
  static Outlet foreign(BatchSocket port, Counters counters) {
    return new Outlet(port.newSender(FOREIGN_CAPACITY), FOREIGN_CAPACITY, counters);
  }

  @Override
  public void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to) {
    if (lengthBytes > SendBatch.STRIDE_BYTES) {
      counters.drop(DropReason.TOO_LARGE);
      return;
    }
    PeerPath path = to.path();
    if (path != null) {
      path.send(bytes, offset, lengthBytes);
      return;
    }
    int at = reserve();
    MemorySegment.copy(bytes, offset, batch.slab(), JAVA_BYTE, at, lengthBytes);
    commit(lengthBytes, to);
  }

  @Override
  @HotPath
  public int reserve() {
    if (batch.isFull()) {
      flush();
    }
    return batch.nextOffset();
  }

  @Override
  @HotPath
  public MemorySegment slab() {
    return batch.slab();
  }

  @Override
  @HotPath
  public void commit(int lengthBytes, PeerAddress to) {
    PeerPath path = to.path();
    if (path == null) {
      batch.add(lengthBytes, to);
      counters.add(Counter.BYTES_SENT, lengthBytes);
    } else {
      MemorySegment.copy(batch.slab(), JAVA_BYTE, batch.nextOffset(), aside, 0, lengthBytes);
      path.send(aside, 0, lengthBytes);
    }
  }

  @Override
  @HotPath
  public void commitVideo(int lengthBytes, PeerAddress to) {
    PeerPath path = to.path();
    if (path == null) {
      commit(lengthBytes, to);
    } else {
      MemorySegment.copy(batch.slab(), JAVA_BYTE, batch.nextOffset(), aside, 0, lengthBytes);
      path.sendVideo(aside, 0, lengthBytes);
    }
  }

  /** Stop 10: one system call for all that the batch has produced. */
  @HotPath
  public void flush() {
    if (batch.datagrams() > 0) {
      if (!shut) {
        counters.add(Counter.DATAGRAMS_SENT, batch.datagrams());
        sender.send(batch, counters);
      }
      batch.clear();
    }
  }

  /** The same when so much waits that it would leave the processor's cache before it is sent. */
  @HotPath
  public void flushLong() {
    if (batch.datagrams() >= LONG) {
      flush();
    }
  }

  /** Sends nothing more: the port is going to be closed. */
  public void shut() {
    flush();
    shut = true;
  }

  /** Frees the memory; the worker's thread has ended or uses this no more. */
  public void free() {
    sender.free();
    arena.close();
  }
}
