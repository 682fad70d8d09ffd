package dev.parley.core.srtp;

import dev.parley.core.common.HotPath;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The few fields of RTP and RTCP headers that SRTP itself needs (RFC 3550 sections 5.1, 6.4.1). */
final class RtpBounds {
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

  private RtpBounds() {}

  /**
   * Bytes before the payload: fixed header, CSRCs, extension; what RFC 7714 authenticates but does
   * not encrypt. Negative if {@code len} bytes do not hold it.
   */
  @HotPath
  static int headerLength(byte[] b, int off, int len) {
    if (len < 12 || (b[off] & 0xc0) != 0x80) {
      return -1;
    }
    int header = 12 + 4 * (b[off] & 0x0f);
    if ((b[off] & 0x10) != 0) {
      header += 4;
      if (header > len) {
        return -1;
      }
      header += 4 * ((short) SHORT.get(b, off + header - 2) & 0xffff);
    }
    return header > len ? -1 : header;
  }

  @HotPath
  static int seq16(byte[] b, int off) {
    return (short) SHORT.get(b, off + 2) & 0xffff;
  }

  @HotPath
  static int int32(byte[] b, int off) {
    return (int) INT.get(b, off);
  }
}
