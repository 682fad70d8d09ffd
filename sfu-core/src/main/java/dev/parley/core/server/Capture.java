package dev.parley.core.server;

import dev.parley.core.api.PacketCapture;
import dev.parley.core.transport.PacketTap;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongUnaryOperator;

/**
 * Writes packets into a pcap file in memory, with made-up addresses so that tools know what is RTP
 * and nobody's address is told. Worker's thread.
 */
final class Capture implements PacketTap {
  /** With times in nanoseconds. */
  private static final int MAGIC = 0xa1b23c4d;

  /** The link is IP itself. */
  private static final int LINKTYPE_RAW = 101;

  private static final int SERVER = 0xc0000201;
  private static final int PARTICIPANT = 0xc0000202;
  private static final short PORT = 5004;
  private static final int FILE_HEADER_BYTES = 24;

  /** Holds the largest packet. */
  private static final int PIECE_BYTES = 1 << 17;

  private static final int IP_BYTES = 20;
  private static final int UDP_BYTES = 8;
  private static final int RECORD_BYTES = 16;
  private static final int LARGEST = 65_535;
  private static final int RTP_BYTES = 12;
  private static final long NANOS_A_SECOND = 1_000_000_000;

  private final PacketCapture.Bounds bounds;
  private final LongUnaryOperator unixNanos;
  private final CompletableFuture<Void> full = new CompletableFuture<>();

  /** Pieces, so that a packet never waits until what came before is copied. */
  private final List<ByteBuffer> pieces = new ArrayList<>();

  private ByteBuffer file;
  private int fileBytes;

  /**
   * @param unixNanos nanoseconds since 1970 of a time of the worker's clock
   */
  Capture(PacketCapture.Bounds bounds, LongUnaryOperator unixNanos) {
    this.bounds = bounds;
    this.unixNanos = unixNanos;
    this.file = ByteBuffer.allocate(PIECE_BYTES);
    this.fileBytes = FILE_HEADER_BYTES;
    pieces.add(file);
    file.putInt(MAGIC).putShort((short) 2).putShort((short) 4).putInt(0).putInt(0);
    file.putInt(LARGEST).putInt(LINKTYPE_RAW);
  }

  @Override
  public void onPacket(boolean sent, byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    int kept = kept(bytes, offset, lengthBytes);
    int needed = RECORD_BYTES + IP_BYTES + UDP_BYTES + kept;
    if (full.isDone()) {
      return;
    }
    if (fileBytes + needed > bounds.mostBytes()) {
      full.complete(null);
      return;
    }
    fileBytes += needed;
    if (needed > file.remaining()) {
      file = ByteBuffer.allocate(PIECE_BYTES);
      pieces.add(file);
    }
    long time = unixNanos.applyAsLong(nowNanos);
    int headers = IP_BYTES + UDP_BYTES;
    file.putInt((int) (time / NANOS_A_SECOND)).putInt((int) (time % NANOS_A_SECOND));
    file.putInt(headers + kept).putInt(headers + lengthBytes);
    int ip = file.position();
    file.put((byte) 0x45).put((byte) 0).putShort((short) (headers + lengthBytes));
    file.putInt(0).put((byte) 64).put((byte) 17).putShort((short) 0);
    file.putInt(sent ? SERVER : PARTICIPANT).putInt(sent ? PARTICIPANT : SERVER);
    file.putShort(ip + 10, checksum(ip));
    file.putShort(PORT).putShort(PORT).putShort((short) (UDP_BYTES + lengthBytes));
    // RFC 768: no checksum.
    file.putShort((short) 0);
    file.put(bytes, offset, kept);
  }

  /** Of the IPv4 header at this place (RFC 1071). */
  private short checksum(int at) {
    int sum = 0;
    for (int i = 0; i < IP_BYTES; i += 2) {
      sum += file.getShort(at + i) & 0xffff;
    }
    sum = (sum >>> 16) + (sum & 0xffff);
    return (short) ~(sum + (sum >>> 16));
  }

  /** RTCP whole, of RTP the header and what of the payload is wanted. */
  private int kept(byte[] bytes, int offset, int lengthBytes) {
    int type = bytes[offset + 1] & 0xff;
    if (type >= 192 && type <= 223) {
      return lengthBytes;
    }
    int header = RTP_BYTES + 4 * (bytes[offset] & 0x0f);
    if ((bytes[offset] & 0x10) != 0 && header + 4 <= lengthBytes) {
      int words = (bytes[offset + header + 2] & 0xff) << 8 | bytes[offset + header + 3] & 0xff;
      header += 4 + 4 * words;
    }
    return Math.min(lengthBytes, header + bounds.payloadBytes());
  }

  /** Completes when there is no room for more; any thread. */
  CompletableFuture<Void> full() {
    return full;
  }

  /** When nothing is added any more; any thread. */
  byte[] file() {
    ByteBuffer whole = ByteBuffer.allocate(fileBytes);
    pieces.forEach(piece -> whole.put(piece.duplicate().flip()));
    return whole.array();
  }
}
