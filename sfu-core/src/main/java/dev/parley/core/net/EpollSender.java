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

  /** The kernel refuses segmented sends where a device cannot do checksums for it. */
  private boolean segmentation = true;

  EpollSender(int fd, boolean ipv6, int capacity) {
    this.fd = fd;
    this.callState = arena.allocate(LinuxSyscalls.callStateLayout());
    this.sending = new LinuxMessages(arena, capacity, capacity, ipv6);
  }

  @Override
  public void free() {
    arena.close();
  }

  @Override
  @HotPath
  public void send(SendBatch batch, Counters counters) {
    boolean segmented = segmentation;
    int messages = segmented ? prepareSegmented(batch, counters) : prepareSingly(batch, 0);
    int sent = 0;
    while (sent < messages) {
      int now = LinuxSyscalls.send(callState, fd, sending.address(sent), messages - sent);
      counters.increment(Counter.SEND_CALLS);
      if (now > 0) {
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
      if (segmented && batch.segments(sent) > 1 && isRefusal(errno)) {
        // EIO: the device cannot; EINVAL: segments too long for this path. Other messages may do.
        segmentation = errno != LinuxSyscalls.EIO;
        segmented = false;
        messages = prepareSingly(batch, sent);
        sent = 0;
        continue;
      }
      counters.drop(DropReason.SEND_ERROR, segmented ? batch.segments(sent) : 1);
      sent++;
    }
  }

  /** Whether the error says that segments, and not the destination, are the trouble. */
  private static boolean isRefusal(int errno) {
    return errno == LinuxSyscalls.EIO || errno == LinuxSyscalls.EINVAL;
  }

  @HotPath
  private int prepareSegmented(SendBatch batch, Counters counters) {
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
      if (segments > 1) {
        counters.increment(Counter.GSO_SENDS);
        counters.add(Counter.GSO_DATAGRAMS, segments);
      }
    }
    return messages;
  }

  /** Prepares the datagrams of the messages from {@code fromMessage} on, one message each. */
  private int prepareSingly(SendBatch batch, int fromMessage) {
    long slab = batch.slab().address();
    int prepared = 0;
    for (int m = fromMessage; m < batch.messages(); m++) {
      PeerAddress to = batch.destination(m);
      for (int d = batch.firstDatagram(m); d >= 0; d = batch.after(d)) {
        sending.vector(prepared, slab + SendBatch.offset(d), batch.lengthBytes(d));
        sending.vectors(prepared, prepared, 1);
        sending.destination(prepared, to);
        sending.control(prepared, to, 0);
        prepared++;
      }
    }
    return prepared;
  }
}
