package dev.parley.core.dtls;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The library's socket. It has two lives. During the handshake the owner's thread puts datagrams
 * into a bounded queue and the handshake's thread waits for them; what that thread sends is
 * gathered until it waits again, so that a flight of five records leaves as one datagram and not
 * five. After {@link #handOver} the owner's thread gives one datagram at a time to the library and
 * takes what it answers; receiving from an empty hand raises {@link Drained} instead of waiting.
 */
final class HandshakeTransport implements DatagramTransport {
  /** RFC 8831 section 5 and browsers: what passes on every path with room for TURN. */
  private static final int SEND_LIMIT = 1200;

  private static final int RECEIVE_LIMIT = 2048;

  /** A handshake's longest flight is a handful of datagrams; more is a flood. */
  private static final int MAX_QUEUED = 32;

  /** How often a handshake that waits looks whether its place is wanted. */
  private static final long LOOK_NANOS = 250_000_000;

  /** Nothing left to receive. Carries no stack, as it is the usual way out. */
  static final class Drained extends InterruptedIOException {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  private final Drained drained = new Drained();
  private final Consumer<byte[]> output;
  private final LongPredicate placeWanted;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final ArrayDeque<byte[]> queue = new ArrayDeque<>(4);
  private boolean closed;

  // The handshake's thread, later the owner's: never both at once.
  private byte @Nullable [] gathered = new byte[SEND_LIMIT];
  private int gatheredLength;
  private byte @Nullable [] inHand;
  private long waitedNanos;

  /**
   * @param output is called on whichever thread uses the library, with bytes that it may keep
   * @param placeWanted told for how many nanoseconds the handshake has waited for its peer in all,
   *     says whether it has to end for another one
   */
  HandshakeTransport(Consumer<byte[]> output, LongPredicate placeWanted) {
    this.output = output;
    this.placeWanted = placeWanted;
  }

  /** Takes {@code datagram}; false if too many wait. The owner's thread. */
  boolean offer(byte[] datagram) {
    lock.lock();
    try {
      if (queue.size() == MAX_QUEUED) {
        return false;
      }
      queue.add(datagram);
      arrived.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Makes the handshake's thread give up. Any thread. */
  void abort() {
    lock.lock();
    try {
      closed = true;
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the handshake's life; returns what it did not read. The owner's thread. */
  byte[][] handOver() {
    gathered = null;
    lock.lock();
    try {
      byte[][] unread = queue.toArray(new byte[0][]);
      queue.clear();
      return unread;
    } finally {
      lock.unlock();
    }
  }

  /** Borrows a datagram for the library's next receive call; after {@link #handOver} only. */
  void give(byte[] datagram) {
    inHand = datagram;
  }

  @Override
  public int getReceiveLimit() {
    return RECEIVE_LIMIT;
  }

  @Override
  public int getSendLimit() {
    return SEND_LIMIT;
  }

  @Override
  public int receive(byte[] b, int off, int len, int waitMillis) throws IOException {
    byte[] datagram;
    if (gathered == null) {
      datagram = inHand;
      inHand = null;
      if (datagram == null) {
        throw drained;
      }
    } else {
      flush();
      datagram = await(waitMillis);
      if (datagram == null) {
        return -1;
      }
    }
    int length = Math.min(len, datagram.length);
    System.arraycopy(datagram, 0, b, off, length);
    return length;
  }

  private byte @Nullable [] await(int waitMillis) throws IOException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    try {
      lock.lockInterruptibly();
      try {
        while (true) {
          if (closed) {
            throw new IOException("the transport was closed during its handshake");
          }
          byte[] datagram = queue.poll();
          if (datagram != null || nanos <= 0) {
            return datagram;
          }
          if (placeWanted.test(waitedNanos)) {
            throw new TlsTimeoutException(
                "the peer was silent for %d ms while others wait for a handshake"
                    .formatted(TimeUnit.NANOSECONDS.toMillis(waitedNanos)));
          }
          long turn = Math.min(nanos, LOOK_NANOS);
          long spent = turn - arrived.awaitNanos(turn);
          waitedNanos += spent;
          nanos -= spent;
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is stopping", e);
    }
  }

  @Override
  public void send(byte[] b, int off, int len) {
    byte[] batch = gathered;
    if (batch == null) {
      output.accept(Arrays.copyOfRange(b, off, off + len));
      return;
    }
    if (gatheredLength + len > batch.length) {
      flush();
    }
    if (len > batch.length) {
      output.accept(Arrays.copyOfRange(b, off, off + len));
      return;
    }
    System.arraycopy(b, off, batch, gatheredLength, len);
    gatheredLength += len;
  }

  /** Sends what was gathered. The handshake's thread. */
  void flush() {
    byte[] batch = gathered;
    if (batch != null && gatheredLength > 0) {
      output.accept(Arrays.copyOf(batch, gatheredLength));
      gatheredLength = 0;
    }
  }

  /** The library closed: by itself after an alert, or because we asked it to. */
  @Override
  public void close() {
    // The endpoint learns of it from the peer's alert, or did it itself.
  }
}
