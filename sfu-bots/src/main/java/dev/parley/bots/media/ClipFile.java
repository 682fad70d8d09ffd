package dev.parley.bots.media;

import dev.parley.bots.client.RtpHeader;
import dev.parley.bots.client.VideoFormat;
import dev.parley.core.codec.Codec;
import dev.parley.core.codec.VideoPayload;
import dev.parley.core.rtp.RtpPacket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads media from files: IVF (VP8, VP9), Ogg (Opus, RFC 7845) and rtpdump (rtptools). Which it is
 * the first bytes say. Any thread.
 */
public final class ClipFile {
  private static final long MOST_BYTES = 64L << 20;
  private static final int CHUNK_BYTES = 1_100;
  private static final long MILLI = 1_000_000;
  private static final String RTPDUMP = "#!rtpplay1.0 ";
  private static final int IVF_HEADER_BYTES = 32;
  private static final int OGG_HEADER_BYTES = 27;
  private static final int RTPDUMP_HEADER_BYTES = 16;

  private ClipFile() {}

  /**
   * Reads a file whole.
   *
   * @param pictures whether it is to hold pictures; else sound
   * @throws IOException when it cannot be read, or holds something else; the message says what
   */
  public static Clip read(Path file, boolean pictures) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MB");
    }
    byte[] bytes = Files.readAllBytes(file);
    try {
      return parse(bytes, pictures);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException("it ends in the middle of something", e);
    }
  }

  private static Clip parse(byte[] bytes, boolean pictures) throws IOException {
    String start = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1);
    Clip clip;
    if (start.startsWith("DKIF")) {
      clip = ivf(bytes);
    } else if (start.startsWith("OggS")) {
      clip = ogg(bytes);
    } else if (start.startsWith(RTPDUMP)) {
      clip = rtpDump(bytes, pictures);
    } else {
      throw new IOException("it is neither IVF nor Ogg nor rtpdump");
    }
    if (clip.format().isPresent() != pictures) {
      throw new IOException(pictures ? "it has sound, not pictures" : "it has pictures, not sound");
    }
    if (clip.packets().isEmpty() || clip.durationNanos() <= 0) {
      throw new IOException(
          pictures ? "it has no key frame to begin with" : "there is no sound in it");
    }
    return clip;
  }

  /** A header of 32 bytes, then frames behind 12 bytes each; little endian. */
  private static Clip ivf(byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String fourCc = new String(bytes, 8, 4, StandardCharsets.ISO_8859_1);
    VideoFormat format =
        switch (fourCc) {
          case "VP80" -> VideoFormat.VP8;
          case "VP90" -> VideoFormat.VP9;
          default -> throw new IOException("its codec is " + fourCc + "; use VP8 or VP9");
        };
    int width = in.getShort(12) & 0xffff;
    int height = in.getShort(14) & 0xffff;
    long rate = in.getInt(16) & 0xffff_ffffL;
    long scale = in.getInt(20) & 0xffff_ffffL;
    if (rate == 0 || scale == 0) {
      throw new IOException("its time base is " + scale + "/" + rate);
    }
    List<Clip.Packet> packets = new ArrayList<>();
    PayloadWriter writer = PayloadWriter.of(format);
    in.position(IVF_HEADER_BYTES);
    long first = -1;
    long at = 0;
    int frames = 0;
    while (in.remaining() >= 12) {
      byte[] frame = new byte[Math.max(0, in.getInt())];
      long pts = in.getLong();
      in.get(frame);
      boolean key = frame.length > 0 && isKey(format, frame[0]);
      if (first < 0 && !key) {
        continue;
      }
      first = first < 0 ? pts : first;
      at = Math.max(at, (pts - first) * 1_000_000_000L / rate * scale);
      frames++;
      cut(frame, key, at, new int[] {width, height}, writer, packets);
    }
    if (in.hasRemaining()) {
      throw new BufferUnderflowException();
    }
    long frameNanos = frames > 1 ? at / (frames - 1) : 40 * MILLI;
    return new Clip(Optional.of(format), packets, at + frameNanos, true);
  }

  /** RFC 6386 section 9.1; VP9 Bitstream section 6.2, profiles 0 to 2. */
  private static boolean isKey(VideoFormat format, byte first) {
    return switch (format) {
      case VP8 -> (first & 1) == 0;
      case VP9 -> (first & 0x0c) == 0;
    };
  }

  private static void cut(
      byte[] frame,
      boolean key,
      long atNanos,
      int[] size,
      PayloadWriter writer,
      List<Clip.Packet> packets) {
    int chunks = Math.max(1, (frame.length + CHUNK_BYTES - 1) / CHUNK_BYTES);
    for (int i = 0; i < chunks; i++) {
      int from = frame.length * i / chunks;
      int to = frame.length * (i + 1) / chunks;
      boolean begins = i == 0;
      boolean ends = i == chunks - 1;
      PayloadWriter.Frame described =
          new PayloadWriter.Frame(begins, ends, key, 0, 0, 0, false, size[0], size[1]);
      byte[] head = new byte[writer.mostBytes()];
      writer.write(head, described);
      int headBytes = writer.descriptorBytes(described);
      byte[] payload = new byte[headBytes + to - from];
      System.arraycopy(head, 0, payload, 0, headBytes);
      System.arraycopy(frame, from, payload, headBytes, to - from);
      packets.add(new Clip.Packet(payload, ends, key && begins, atNanos));
    }
  }

  /** Pages of one logical stream; packets may go over several. */
  private static Clip ogg(byte[] bytes) throws IOException {
    List<byte[]> all = new ArrayList<>();
    ByteArrayOutputStream open = new ByteArrayOutputStream();
    int at = 0;
    while (at + OGG_HEADER_BYTES <= bytes.length) {
      if (bytes[at] != 'O'
          || bytes[at + 1] != 'g'
          || bytes[at + 2] != 'g'
          || bytes[at + 3] != 'S') {
        throw new IOException("its pages do not follow each other");
      }
      int segments = bytes[at + 26] & 0xff;
      int data = at + OGG_HEADER_BYTES + segments;
      for (int i = 0; i < segments; i++) {
        int length = bytes[at + OGG_HEADER_BYTES + i] & 0xff;
        open.write(bytes, data, length);
        data += length;
        if (length < 255) {
          all.add(open.toByteArray());
          open.reset();
        }
      }
      at = data;
    }
    if (all.isEmpty()
        || !new String(all.getFirst(), StandardCharsets.ISO_8859_1).startsWith("OpusHead")) {
      throw new IOException("its sound is not Opus");
    }
    List<Clip.Packet> packets = new ArrayList<>();
    long nanos = 0;
    // OpusHead and OpusTags come first.
    for (byte[] packet : all.subList(Math.min(2, all.size()), all.size())) {
      if (packet.length > 0) {
        packets.add(new Clip.Packet(packet, packets.isEmpty(), true, nanos));
        nanos += opusNanos(packet);
      }
    }
    return new Clip(Optional.empty(), packets, nanos, false);
  }

  /** The length of a packet's sound (RFC 6716 section 3.1). */
  static long opusNanos(byte[] packet) {
    int toc = packet[0] & 0xff;
    int config = toc >> 3;
    long frame =
        config < 12
            ? new long[] {10, 20, 40, 60}[config & 3] * MILLI
            : config < 16
                ? new long[] {10, 20}[config & 1] * MILLI
                : new long[] {2_500_000, 5 * MILLI, 10 * MILLI, 20 * MILLI}[config & 3];
    int frames =
        switch (toc & 3) {
          case 0 -> 1;
          case 1, 2 -> 2;
          default -> packet.length > 1 ? packet[1] & 0x3f : 1;
        };
    return frame * frames;
  }

  /** A line of text, 16 bytes, then packets behind 8 bytes each. The first SSRC counts. */
  private static Clip rtpDump(byte[] bytes, boolean pictures) throws IOException {
    int line = 0;
    while (bytes[line] != '\n') {
      line++;
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.position(line + 1 + RTPDUMP_HEADER_BYTES);
    List<Clip.Packet> packets = new ArrayList<>();
    RtpPacket packet = new RtpPacket();
    Optional<VideoFormat> format = Optional.empty();
    Optional<VideoPayload> reader = Optional.empty();
    int ssrc = 0;
    long first = -1;
    long last = 0;
    while (in.remaining() >= 8) {
      int length = (in.getShort() & 0xffff) - 8;
      int plain = in.getShort() & 0xffff;
      long at = (in.getInt() & 0xffff_ffffL) * MILLI;
      byte[] datagram = new byte[length];
      in.get(datagram);
      if (plain == 0 || !packet.wrap(datagram, 0, length) || packet.payloadBytes() == 0) {
        continue;
      }
      if (first < 0) {
        ssrc = packet.ssrc();
        if (pictures) {
          VideoFormat found =
              packet.payloadType() == RtpHeader.VP9 ? VideoFormat.VP9 : VideoFormat.VP8;
          format = Optional.of(found);
          reader =
              Optional.of(VideoPayload.of(found == VideoFormat.VP9 ? Codec.VP9 : Codec.VP8, 0));
        }
      }
      boolean key = reader.map(r -> r.read(packet) && r.keyFrameStart()).orElse(true);
      if (packet.ssrc() != ssrc || first < 0 && !key) {
        continue;
      }
      first = first < 0 ? at : first;
      last = Math.max(last, at - first);
      byte[] payload =
          java.util.Arrays.copyOfRange(
              datagram, packet.payloadOffset(), packet.payloadOffset() + packet.payloadBytes());
      packets.add(new Clip.Packet(payload, packet.marker(), key, last));
    }
    return new Clip(format, packets, last + 20 * MILLI, false);
  }
}
