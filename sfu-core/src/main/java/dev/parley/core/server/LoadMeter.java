package dev.parley.core.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Measures how the thread that calls it spends its time. The worker's thread only, but for the
 * constructor.
 */
final class LoadMeter implements Overload.Meter {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Linux: nanoseconds on a processor, nanoseconds in the queue for one, and turns. */
  private static final Path SCHEDULER = Path.of("/proc/thread-self/schedstat");

  /** Linux: many lines, one of which counts how often the thread gave the processor back. */
  private static final Path STATUS = Path.of("/proc/thread-self/status");

  private static final byte[] SLEEPS =
      "\nvoluntary_ctxt_switches:\t".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SPACE = {' '};
  private static final int TEXT_BYTES = 8192;

  private final LongSupplier overflows;
  private final long tickNanos;
  private final ByteBuffer text = ByteBuffer.allocate(TEXT_BYTES);
  private @Nullable FileChannel scheduler;
  private @Nullable FileChannel status;
  private boolean begun;
  private long lastTurnNanos;
  private long mostLateNanos;
  private long readNanos;
  private long busyBefore;
  private long waitingBefore;
  private long sleepsBefore;
  private long overflowsBefore;

  /**
   * For one thread.
   *
   * @param overflows datagrams that its socket has lost since start
   * @param tickNanos from one of its turns to the next when nothing is in the way
   */
  LoadMeter(LongSupplier overflows, long tickNanos) {
    this.overflows = overflows;
    this.tickNanos = tickNanos;
  }

  @Override
  public void turn(long nowNanos) {
    if (begun) {
      mostLateNanos = Math.max(mostLateNanos, nowNanos - lastTurnNanos - tickNanos);
    } else {
      begin(nowNanos);
    }
    lastTurnNanos = nowNanos;
  }

  private void begin(long nowNanos) {
    begun = true;
    scheduler = open(SCHEDULER);
    status = open(STATUS);
    var unused = read(nowNanos);
  }

  /** Files that tell of the thread that opens them; null: this system has none. */
  private static @Nullable FileChannel open(Path file) {
    try {
      return FileChannel.open(file);
    } catch (IOException | UnsupportedOperationException notLinux) {
      return null;
    }
  }

  @Override
  public LoadReading read(long nowNanos) {
    long busy = THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : 0;
    long waiting = read(scheduler) ? numberBehind(text, SPACE) : 0;
    long sleeps = read(status) ? numberBehind(text, SLEEPS) : LoadReading.MANY;
    long lost = overflows.getAsLong();
    double elapsed = Math.max(1, nowNanos - readNanos);
    LoadReading reading =
        new LoadReading(
            share(busy - busyBefore, elapsed),
            share(waiting - waitingBefore, elapsed),
            sleeps == LoadReading.MANY ? sleeps : sleeps - sleepsBefore,
            mostLateNanos,
            lost - overflowsBefore);
    readNanos = nowNanos;
    busyBefore = busy;
    waitingBefore = waiting;
    sleepsBefore = sleeps;
    overflowsBefore = lost;
    mostLateNanos = 0;
    return reading;
  }

  private static double share(long nanos, double elapsed) {
    return Math.clamp(nanos / elapsed, 0.0, 1.0);
  }

  /** Fills the text; false: the file does not say anything. */
  private boolean read(@Nullable FileChannel file) {
    text.clear();
    if (file == null) {
      return false;
    }
    try {
      boolean some = file.read(text, 0) > 0;
      text.flip();
      return some;
    } catch (IOException gone) {
      return false;
    }
  }

  /** The first number behind the first place where these bytes stand; 0: they do not. */
  static long numberBehind(ByteBuffer text, byte[] bytes) {
    int matched = 0;
    while (matched < bytes.length && text.hasRemaining()) {
      byte next = text.get();
      matched = next == bytes[matched] ? matched + 1 : next == bytes[0] ? 1 : 0;
    }
    long number = 0;
    while (text.hasRemaining()) {
      int digit = text.get() - '0';
      if (digit < 0 || digit > 9) {
        break;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  @Override
  public void close() {
    close(scheduler);
    close(status);
    scheduler = null;
    status = null;
  }

  private static void close(@Nullable FileChannel file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
