package dev.parley.micro;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1) on 100
 * packets that left 0.5 ms apart and all arrived, a little early or late. One thread.
 */
final class SyntheticFeedback {
  static final int PACKETS = 100;
  static final long STEP_NANOS = 500_000;

  private static final long TICK_NANOS = 250_000;
  private static final int REFERENCE_TICKS = 256;
  private static final int FIRST_DELTA_AT = 22;
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes = new byte[(FIRST_DELTA_AT + PACKETS + 3) & ~3];
  private int reports;

  SyntheticFeedback(long seed) {
    bytes[0] = (byte) 0x8f;
    bytes[1] = (byte) 205;
    SHORT.set(bytes, 2, (short) (bytes.length / 4 - 1));
    INT.set(bytes, 4, 1);
    INT.set(bytes, 8, 2);
    SHORT.set(bytes, 14, (short) PACKETS);
    // A run of small deltas.
    SHORT.set(bytes, 20, (short) (0x2000 | PACKETS));
    SplittableRandom random = new SplittableRandom(seed);
    int step = (int) (STEP_NANOS / TICK_NANOS);
    int late = 0;
    for (int i = 1; i < PACKETS; i++) {
      int now = random.nextInt(3);
      bytes[FIRST_DELTA_AT + i] = (byte) (step + now - late);
      late = now;
    }
  }

  /** The whole RTCP packet; the next {@link #about} writes into it. */
  byte[] bytes() {
    return bytes;
  }

  /** Makes it the feedback on the packets from {@code first16} on, by the receiver's clock. */
  void about(int first16, long arrivalNanos) {
    long ticks = arrivalNanos / TICK_NANOS;
    SHORT.set(bytes, 12, (short) first16);
    INT.set(bytes, 16, (int) (ticks / REFERENCE_TICKS) << 8 | reports++ & 0xff);
    bytes[FIRST_DELTA_AT] = (byte) (ticks % REFERENCE_TICKS);
  }
}
