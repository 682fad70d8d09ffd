package dev.parley.admin.webhook;

import java.nio.ByteBuffer;
import java.util.Locale;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * How far an event has come on its way to one endpoint.
 *
 * @param attempts since it was queued, or queued again
 * @param queuedAtMs when that was, milliseconds since 1970
 * @param lastStatus of the last answer; 0: there was none
 * @param lastError what was wrong the last time; may be empty
 */
record Delivery(State state, int attempts, long queuedAtMs, int lastStatus, String lastError) {
  /** What becomes of it. The order is that of the stored numbers. */
  enum State {
    PENDING,
    DELIVERED,
    /** Given up; can be replayed. */
    FAILED;

    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final State[] STATES = State.values();

  static Delivery queued(long nowMs) {
    return new Delivery(State.PENDING, 0, nowMs, 0, "");
  }

  boolean pending() {
    return state == State.PENDING;
  }

  Delivery after(AttemptResult result) {
    return new Delivery(
        result.delivered() ? State.DELIVERED : State.PENDING,
        attempts + 1,
        queuedAtMs,
        result.status(),
        result.error());
  }

  Delivery givenUp() {
    return new Delivery(State.FAILED, attempts, queuedAtMs, lastStatus, lastError);
  }

  /** How it is stored. */
  static final class Stored extends BasicDataType<Delivery> {
    private static final int FIXED_BYTES = 64;

    @Override
    public int getMemory(Delivery delivery) {
      return FIXED_BYTES + 2 * delivery.lastError().length();
    }

    @Override
    public void write(WriteBuffer to, Delivery delivery) {
      to.putVarInt(delivery.state().ordinal());
      to.putVarInt(delivery.attempts());
      to.putVarLong(delivery.queuedAtMs());
      to.putVarInt(delivery.lastStatus());
      StringDataType.INSTANCE.write(to, delivery.lastError());
    }

    @Override
    public Delivery read(ByteBuffer from) {
      return new Delivery(
          STATES[DataUtils.readVarInt(from)],
          DataUtils.readVarInt(from),
          DataUtils.readVarLong(from),
          DataUtils.readVarInt(from),
          StringDataType.INSTANCE.read(from));
    }

    @Override
    public Delivery[] createStorage(int size) {
      return new Delivery[size];
    }
  }
}
