package dev.parley.core.net;

import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Linux: {@code sendmmsg} and UDP GSO. One thread's. */
final class EpollSender implements BatchSender {
  private final Arena arena = Arena.ofShared();
  private final int fd;
  private final MemorySegment callState;
  private final LinuxMessages sending;

  /** The datagrams of one message whose segments were refused. */
  private final LinuxMessages alone;

  /** The kernel refuses segmented sends where a device cannot do checksums for it. */
  private boolean segmentation = true;

  EpollSender(int fd, boolean ipv6, int capacity) {
    this.fd = fd;
    this.callState = arena.allocate(LinuxSyscalls.callStateLayout());
    this.sending = new LinuxMessages(arena, capacity, capacity, ipv6);
    this.alone = new LinuxMessages(arena, SendBatch.MAX_SEGMENTS, SendBatch.MAX_SEGMENTS, ipv6);
  }

  @Override
  public void free() {
    arena.close();
  }

  @Override
  @HotPath
  public void send(SendBatch batch, Counters counters) {
    boolean segmented = segmentation;
    int messages = segmented ? prepareSegmented(batch) : prepareSingly(batch, 0);
    int sent = 0;
    while (sent < messages) {
      int now = LinuxSyscalls.send(callState, fd, sending.address(sent), messages - sent);
      counters.increment(Counter.SEND_CALLS);
      if (now > 0) {
        if (segmented) {
          countSegmented(batch, sent, sent + now, counters);
        }
        sent += now;
        continue;
      }
      int errno = LinuxSyscalls.errno(callState);
      if (errno == LinuxSyscalls.EINTR) {
        continue;
      }
      if (errno == LinuxSyscalls.EAGAIN) {
        for (int m = sent; m < messages; m++) {
          counters.drop(DropReason.SEND_FULL, segmented ? batch.segments(m) : 1);
        }
        return;
      }
      boolean segments = segmented && batch.segments(sent) > 1;
      if (segments && errno == LinuxSyscalls.EIO) {
        // The device cannot, for nobody.
        segmentation = false;
        segmented = false;
        messages = prepareSingly(batch, sent);
        sent = 0;
        continue;
      }
      if (segments && errno == LinuxSyscalls.EINVAL) {
        // Too long for this path, or this machine has lost the address they shall leave from.
        sendAlone(batch, sent, counters);
      } else {
        counters.drop(DropReason.SEND_ERROR, segmented ? batch.segments(sent) : 1);
      }
      sent++;
    }
  }

  /** Sends the datagrams of one message one by one; what one of them meets, the rest would. */
  private void sendAlone(SendBatch batch, int message, Counters counters) {
    int datagrams = prepareSingly(alone, batch, message, 0);
    int sent = 0;
    while (sent < datagrams) {
      int now = LinuxSyscalls.send(callState, fd, alone.address(sent), datagrams - sent);
      counters.increment(Counter.SEND_CALLS);
      if (now > 0) {
        sent += now;
        continue;
      }
      int errno = LinuxSyscalls.errno(callState);
      if (errno != LinuxSyscalls.EINTR) {
        counters.drop(
            errno == LinuxSyscalls.EAGAIN ? DropReason.SEND_FULL : DropReason.SEND_ERROR,
            datagrams - sent);
        return;
      }
    }
  }

  @HotPath
  private static void countSegmented(SendBatch batch, int from, int to, Counters counters) {
    for (int m = from; m < to; m++) {
      int segments = batch.segments(m);
      if (segments > 1) {
        counters.increment(Counter.GSO_SENDS);
        counters.add(Counter.GSO_DATAGRAMS, segments);
      }
    }
  }

  @HotPath
  private int prepareSegmented(SendBatch batch) {
    int messages = batch.messages();
    long slab = batch.slab().address();
    int vector = 0;
    for (int m = 0; m < messages; m++) {
      int firstVector = vector;
      int first = batch.firstDatagram(m);
      for (int d = first; d >= 0; d = batch.after(d)) {
        sending.vector(vector++, slab + SendBatch.offset(d), batch.lengthBytes(d));
      }
      int segments = vector - firstVector;
      sending.vectors(m, firstVector, segments);
      PeerAddress to = batch.destination(m);
      sending.destination(m, to);
      sending.control(m, to, segments > 1 ? batch.lengthBytes(first) : 0);
    }
    return messages;
  }

  /** Prepares the datagrams of the messages from {@code fromMessage} on, one message each. */
  private int prepareSingly(SendBatch batch, int fromMessage) {
    int prepared = 0;
    for (int m = fromMessage; m < batch.messages(); m++) {
      prepared = prepareSingly(sending, batch, m, prepared);
    }
    return prepared;
  }

  /** The same for one of them, behind those prepared; returns how many are then. */
  private static int prepareSingly(LinuxMessages into, SendBatch batch, int message, int prepared) {
    long slab = batch.slab().address();
    PeerAddress to = batch.destination(message);
    int next = prepared;
    for (int d = batch.firstDatagram(message); d >= 0; d = batch.after(d)) {
      into.vector(next, slab + SendBatch.offset(d), batch.lengthBytes(d));
      into.vectors(next, next, 1);
      into.destination(next, to);
      into.control(next, to, 0);
      next++;
    }
    return next;
  }
}
