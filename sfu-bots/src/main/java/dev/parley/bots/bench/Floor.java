package dev.parley.bots.bench;

import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.srtp.SrtpProfile;
import dev.parley.core.srtp.SrtpSender;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The least that a forwarded packet can cost: the same bytes are encrypted by the same {@link
 * SrtpSender} under as many keys, and handed to the system in batches of the same size, to the same
 * receivers, by a thread of the same process. Nothing is received, routed or rewritten.
 */
final class Floor {
  /**
   * What to imitate.
   *
   * @param packetsPerSecond before the fan-out
   * @param packetsPerFlush likewise; the mean, so not whole
   * @param rtpBytes of each packet before protection
   * @param segmented whether packets to one receiver leave as one segmented send (UDP GSO)
   * @param ports of the receivers on loopback
   */
  record Plan(
      int millis,
      double packetsPerSecond,
      double packetsPerFlush,
      int rtpBytes,
      boolean segmented,
      SrtpProfile profile,
      int sendBufferBytes,
      @SuppressWarnings("ArrayRecordComponent") int[] ports) {}

  /** What it took; {@code packets} are those the system accepted, after the fan-out. */
  record Run(
      long packets,
      long messages,
      long calls,
      long refused,
      long cpuNanos,
      long processCpuNanos,
      long allocatedBytes) {
    double cpuNanosPerPacket() {
      return (double) cpuNanos / packets;
    }

    double processCpuNanosPerPacket() {
      return (double) processCpuNanos / packets;
    }
  }

  private static final int STRIDE_BYTES = 1536;
  private static final int MOST_PER_FLUSH = 40;

  /** What is encrypted before it is sent: more would leave the cache in between. */
  private static final int MOST_IN_SLAB = 1024;

  private static final long MOST_BEHIND_NANOS = 50_000_000;
  private static final int HEADER_BYTES = 24;
  private static final int SSRC = 0x5afe_5afe;
  private static final int PAYLOAD_TYPE = 96;

  private final Plan plan;
  private final Arena arena;
  private final LinuxUdp socket;
  private final MemorySegment slab;
  private final SrtpSender[] senders;
  private final byte[] packet;
  private final int segmentBytes;

  /** Receivers whose packets are in the slab at a time. */
  private final int groupSize;

  private long packets;
  private long messages;
  private long calls;
  private long refused;

  private Floor(Plan plan, Arena arena, LinuxUdp socket) {
    this.plan = plan;
    this.arena = arena;
    this.socket = socket;
    int receivers = plan.ports().length;
    this.groupSize = Math.min(receivers, Math.max(1, MOST_IN_SLAB / (batch() + 1)));
    this.slab = arena.allocate((long) groupSize * (batch() + 1) * STRIDE_BYTES, 64);
    this.senders = new SrtpSender[receivers];
    for (int i = 0; i < receivers; i++) {
      byte[] key = new byte[plan.profile().keyLength()];
      key[0] = (byte) i;
      key[1] = (byte) (i >> 8);
      senders[i] = new SrtpSender(plan.profile(), key, new byte[plan.profile().saltLength()]);
    }
    this.packet = new byte[plan.rtpBytes()];
    this.segmentBytes = plan.rtpBytes() + plan.profile().rtpOverhead();
  }

  /** The smaller of the two batch sizes whose mixture has the mean of the plan. */
  private int batch() {
    return (int) Math.clamp(Math.floor(plan.packetsPerFlush()), 1, MOST_PER_FLUSH);
  }

  /**
   * Runs on the caller's thread.
   *
   * @throws IOException when no socket can be opened
   */
  static Run run(Plan plan) throws IOException {
    try (Arena arena = Arena.ofConfined();
        LinuxUdp socket = new LinuxUdp(plan.sendBufferBytes())) {
      Floor floor = new Floor(plan, arena, socket);
      try {
        return floor.measure();
      } finally {
        for (SrtpSender sender : floor.senders) {
          sender.close();
        }
      }
    }
  }

  private Run measure() {
    int small = batch();
    LinuxUdp.Messages[][] prepared = {messages(small), messages(small + 1)};
    long thread = Thread.currentThread().threadId();
    long startCpu = ThreadUse.cpuNanos(thread);
    long startProcess = ThreadUse.processCpuNanos();
    long startAllocated = ThreadUse.allocatedBytes(thread);
    long due = System.nanoTime();
    long end = due + plan.millis() * 1_000_000L;
    double owed = 0;
    int sequence = 0;
    for (long now = due; now < end; now = System.nanoTime()) {
      if (now < due) {
        LockSupport.parkNanos(due - now);
        continue;
      }
      owed += Math.min(plan.packetsPerFlush(), MOST_PER_FLUSH);
      int size = owed >= small + 1 ? small + 1 : small;
      owed -= size;
      LinuxUdp.Messages[] groups = prepared[size - small];
      for (int group = 0; group < groups.length; group++) {
        encrypt(group * groupSize, size, sequence);
        send(groups[group], plan.segmented() ? size : 1);
      }
      sequence += size;
      due = Math.max(due + (long) (size / plan.packetsPerSecond() * 1e9), now - MOST_BEHIND_NANOS);
    }
    return new Run(
        packets,
        messages,
        calls,
        refused,
        ThreadUse.cpuNanos(thread) - startCpu,
        ThreadUse.processCpuNanos() - startProcess,
        ThreadUse.allocatedBytes(thread) - startAllocated);
  }

  private void send(LinuxUdp.Messages batch, int datagrams) {
    int sent = 0;
    while (sent < batch.count()) {
      int taken = socket.send(batch, sent);
      calls++;
      if (taken <= 0) {
        refused += (long) (batch.count() - sent) * datagrams;
        break;
      }
      sent += taken;
    }
    messages += sent;
    packets += (long) sent * datagrams;
  }

  /** Packets for a group of receivers, in the order in which the server's loop has them. */
  private void encrypt(int firstReceiver, int size, int sequence) {
    int receivers = Math.min(groupSize, senders.length - firstReceiver);
    for (int p = 0; p < size; p++) {
      int number = sequence + p;
      RtpPacket.writeFixedHeader(packet, 0, true, 1, true, PAYLOAD_TYPE, number, number, SSRC);
      // One CSRC, then an extension of one word, as the server's slots write them.
      packet[16] = (byte) 0xbe;
      packet[17] = (byte) 0xde;
      packet[19] = (HEADER_BYTES - 20) / 4;
      for (int r = 0; r < receivers; r++) {
        long at = ((long) p * receivers + r) * STRIDE_BYTES;
        int sealed = senders[firstReceiver + r].protect(packet, 0, packet.length, slab, at);
        if (sealed != segmentBytes) {
          throw new IllegalStateException("the packet was not protected: " + sealed);
        }
      }
    }
  }

  private LinuxUdp.Messages[] messages(int size) {
    List<LinuxUdp.Messages> groups = new ArrayList<>();
    for (int from = 0; from < senders.length; from += groupSize) {
      int to = Math.min(from + groupSize, senders.length);
      groups.add(messages(Arrays.copyOfRange(plan.ports(), from, to), size));
    }
    return groups.toArray(LinuxUdp.Messages[]::new);
  }

  private LinuxUdp.Messages messages(int[] ports, int size) {
    int receivers = ports.length;
    long[] offsets = new long[receivers * size];
    int[] destinations = plan.segmented() ? ports : new int[receivers * size];
    for (int r = 0; r < receivers; r++) {
      for (int p = 0; p < size; p++) {
        int message = plan.segmented() ? r * size + p : p * receivers + r;
        offsets[message] = ((long) p * receivers + r) * STRIDE_BYTES;
        if (!plan.segmented()) {
          destinations[message] = ports[r];
        }
      }
    }
    return LinuxUdp.prepare(
        arena, slab, offsets, segmentBytes, destinations, plan.segmented() ? size : 1);
  }
}
