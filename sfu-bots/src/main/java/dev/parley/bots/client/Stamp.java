package dev.parley.bots.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The end of a synthetic payload: a key, the encoding's place, and when the packet was made by the
 * clock of this process. A receiver of the same run reads from it how long the packet took.
 */
public final class Stamp {
  /** What it takes of a payload's end. */
  public static final int BYTES = 16;

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Stamp() {}

  /**
   * Writes a stamp so that it ends at {@code end}.
   *
   * @param key of the run, so that nobody else's media is taken for its own
   * @param layer the encoding, the smallest picture is 0
   */
  public static void write(byte[] out, int end, int key, int layer, long nowNanos) {
    INT.set(out, end - BYTES, key);
    INT.set(out, end - BYTES + 4, layer);
    LONG.set(out, end - BYTES + 8, nowNanos);
  }

  /** Whether the bytes between end with a stamp of this run. */
  static boolean isAt(byte[] b, int begin, int end, int key) {
    return end - begin >= BYTES && (int) INT.get(b, end - BYTES) == key;
  }

  static int layer(byte[] b, int end) {
    return (int) INT.get(b, end - BYTES + 4);
  }

  static long nanos(byte[] b, int end) {
    return (long) LONG.get(b, end - BYTES + 8);
  }
}
