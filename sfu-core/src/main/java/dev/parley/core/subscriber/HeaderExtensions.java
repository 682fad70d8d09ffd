package dev.parley.core.subscriber;

import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtpPacket;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the header extensions of one slot in the subscriber's own numbers (RFC 8285): always the
 * MID, and what the source's packet carries of audio level and video orientation. Takes the
 * one-byte form where every id and length fits it.
 */
final class HeaderExtensions {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final int ONE_BYTE_PROFILE = 0xbede_0000;
  private static final int TWO_BYTE_PROFILE = 0x1000_0000;

  private final int audioLevelId;
  private final int orientationId;
  private final boolean twoByte;
  private final byte[] fixed;

  /** Ids are 0 where the slot did not negotiate the extension. */
  HeaderExtensions(String mid, int midId, int audioLevelId, int orientationId) {
    this.audioLevelId = audioLevelId;
    this.orientationId = orientationId;
    byte[] name = mid.getBytes(StandardCharsets.UTF_8);
    this.twoByte =
        name.length > 16
            || name.length == 0
            || Math.max(midId, Math.max(audioLevelId, orientationId)) > 14;
    if (midId == 0) {
      fixed = new byte[0];
    } else if (twoByte) {
      fixed = new byte[2 + name.length];
      fixed[0] = (byte) midId;
      fixed[1] = (byte) name.length;
      System.arraycopy(name, 0, fixed, 2, name.length);
    } else {
      fixed = new byte[1 + name.length];
      fixed[0] = (byte) (midId << 4 | name.length - 1);
      System.arraycopy(name, 0, fixed, 1, name.length);
    }
  }

  /**
   * Writes the whole extension block at {@code at}.
   *
   * @return the position behind it; {@code at} when there is nothing to write
   */
  @HotPath
  int write(byte[] out, int at, PublishedTrack.Format format, RtpPacket packet) {
    int begin = at + 4;
    int end = begin;
    System.arraycopy(fixed, 0, out, end, fixed.length);
    end += fixed.length;
    if (audioLevelId != 0) {
      end = copyByte(out, end, audioLevelId, packet, format.audioLevelId());
    }
    if (orientationId != 0) {
      end = copyByte(out, end, orientationId, packet, format.orientationId());
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
  private int copyByte(byte[] out, int at, int id, RtpPacket packet, int sourceId) {
    int found = packet.extension(sourceId);
    if (found < 0 || (found & 0xff) != 1) {
      return at;
    }
    byte value = packet.bytes()[found >>> 8];
    if (twoByte) {
      out[at] = (byte) id;
      out[at + 1] = 1;
      out[at + 2] = value;
      return at + 3;
    }
    out[at] = (byte) (id << 4);
    out[at + 1] = value;
    return at + 2;
  }
}
