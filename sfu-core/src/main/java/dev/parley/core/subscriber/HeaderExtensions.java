package dev.parley.core.subscriber;

import dev.parley.core.codec.VideoPayload;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the header extensions of one slot in the subscriber's own numbers (RFC 8285): always the
 * MID and room for the transport-wide sequence number, and what the source's packet carries of
 * audio level, video orientation and dependency descriptor. Takes the one-byte form where every id
 * and length of a packet fits it.
 */
final class HeaderExtensions {
  /** The ids the slot negotiated; 0 for what it did not. */
  record Ids(int mid, int audioLevel, int orientation, int transportWide, int descriptor) {
    int highest() {
      return Math.max(
          Math.max(mid, audioLevel), Math.max(Math.max(orientation, transportWide), descriptor));
    }
  }

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int ONE_BYTE_PROFILE = 0xbede_0000;
  private static final int TWO_BYTE_PROFILE = 0x1000_0000;
  private static final int PROFILE_BYTES = 4;
  private static final int LONGEST_SHORT = 16;

  private final Ids ids;
  private final boolean alwaysTwoByte;
  private final byte[] oneByteFixed;
  private final byte[] twoByteFixed;

  HeaderExtensions(String mid, Ids ids) {
    this.ids = ids;
    byte[] name = mid.getBytes(StandardCharsets.UTF_8);
    this.alwaysTwoByte = name.length > LONGEST_SHORT || name.length == 0 || ids.highest() > 14;
    this.oneByteFixed = alwaysTwoByte ? new byte[0] : fixed(name, false);
    this.twoByteFixed = fixed(name, true);
  }

  /** MID first, transport-wide number last. */
  private byte[] fixed(byte[] name, boolean twoByte) {
    byte[] all = new byte[2 + name.length + 4];
    int end = 0;
    if (ids.mid() != 0) {
      end = element(all, end, ids.mid(), name.length, twoByte);
      System.arraycopy(name, 0, all, end, name.length);
      end += name.length;
    }
    if (ids.transportWide() != 0) {
      end = element(all, end, ids.transportWide(), 2, twoByte) + 2;
    }
    return java.util.Arrays.copyOf(all, end);
  }

  @HotPath
  private static int element(byte[] out, int at, int id, int lengthBytes, boolean twoByte) {
    if (twoByte) {
      out[at] = (byte) id;
      out[at + 1] = (byte) lengthBytes;
      return at + 2;
    }
    out[at] = (byte) (id << 4 | lengthBytes - 1);
    return at + 1;
  }

  /** As {@link Subscription#warm}. */
  @HotPath
  int warm() {
    byte[] fixed = alwaysTwoByte ? twoByteFixed : oneByteFixed;
    return ids.transportWide() + (fixed.length > 0 ? fixed[0] : 0);
  }

  /**
   * Writes the whole extension block at {@code at}.
   *
   * @param source the packet whose extensions are carried on, null for padding
   * @param video the reader that has just read it; null for audio and padding
   * @param layout takes where the transport-wide number is to be written
   * @return the position behind it; {@code at} when there is nothing to write
   */
  @HotPath
  int write(
      byte[] out,
      int at,
      PublishedTrack.Format format,
      @Nullable RtpPacket source,
      @Nullable VideoPayload video,
      Rewrite rewrite,
      PacketLayout layout) {
    int descriptorBytes =
        video == null || ids.descriptor() == 0
            ? 0
            : video.descriptorBytes(rewrite.spatial, rewrite.temporal, rewrite.limited);
    boolean twoByte = alwaysTwoByte || descriptorBytes > LONGEST_SHORT;
    byte[] fixed = twoByte ? twoByteFixed : oneByteFixed;
    int begin = at + PROFILE_BYTES;
    int end = begin + fixed.length;
    System.arraycopy(fixed, 0, out, begin, fixed.length);
    layout.transportWideAt = ids.transportWide() == 0 ? -1 : end - 2;
    if (source != null) {
      if (ids.audioLevel() != 0) {
        int level = source.extension(format.audioLevelId());
        end = copyByte(out, end, ids.audioLevel(), source, level, twoByte);
      }
      if (ids.orientation() != 0) {
        int orientation = source.extension(format.orientationId());
        end = copyByte(out, end, ids.orientation(), source, orientation, twoByte);
      }
      if (video != null && descriptorBytes > 0) {
        end = element(out, end, ids.descriptor(), descriptorBytes, twoByte);
        video.writeDescriptor(
            out, end, rewrite.pictureId, rewrite.spatial, rewrite.temporal, rewrite.limited);
        end += descriptorBytes;
      }
    }
    if (end == begin) {
      return at;
    }
    while ((end - begin & 3) != 0) {
      out[end++] = 0;
    }
    INT.set(out, at, (twoByte ? TWO_BYTE_PROFILE : ONE_BYTE_PROFILE) | (end - begin) / 4);
    return end;
  }

  @HotPath
  private static int copyByte(
      byte[] out, int at, int id, RtpPacket source, int found, boolean twoByte) {
    if (found < 0 || (found & 0xff) != 1) {
      return at;
    }
    int end = element(out, at, id, 1, twoByte);
    out[end] = source.bytes()[found >>> 8];
    return end + 1;
  }
}
