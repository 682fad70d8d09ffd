package dev.parley.admin.webhook;

import dev.parley.admin.event.EventJson;
import dev.parley.signaling.room.RoomEvent;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * An event as it is kept and sent.
 *
 * @param id the {@code webhook-id}; in the order of the numbers
 * @param atMs when it happened, milliseconds since 1970
 * @param body JSON
 */
record OutboxEvent(String id, String type, String room, long atMs, String body) {
  private static final Pattern ID = Pattern.compile("msg_([0-9a-f]{12})[0-9a-f]{16}");

  /**
   * The event as the specification has it: {@code {type, timestamp, data}}.
   *
   * @param number of the event in the outbox
   * @param salt makes the id another one than that of the same number in another outbox
   */
  static OutboxEvent of(long number, long salt, RoomEvent event) {
    return new OutboxEvent(
        id(number, salt),
        event.type().wireName(),
        event.room(),
        event.atMs(),
        body(event.type().wireName(), event.atMs(), EventJson.subject(event)));
  }

  static String id(long number, long salt) {
    return "msg_%012x%016x".formatted(number, salt);
  }

  static String body(String type, long atMs, Map<String, Object> data) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("timestamp", EventJson.time(atMs));
    fields.put("data", data);
    return EventJson.write(fields);
  }

  /** The number in an id; empty for what is none. */
  static OptionalLong number(String id) {
    return ID.matcher(id).matches()
        ? OptionalLong.of(Long.parseLong(id.substring(4, 16), 16))
        : OptionalLong.empty();
  }

  /** How it is stored. */
  static final class Stored extends BasicDataType<OutboxEvent> {
    private static final int FIXED_BYTES = 96;

    @Override
    public int getMemory(OutboxEvent event) {
      return FIXED_BYTES + 2 * (event.body().length() + event.room().length());
    }

    @Override
    public void write(WriteBuffer to, OutboxEvent event) {
      StringDataType.INSTANCE.write(to, event.id());
      StringDataType.INSTANCE.write(to, event.type());
      StringDataType.INSTANCE.write(to, event.room());
      to.putVarLong(event.atMs());
      StringDataType.INSTANCE.write(to, event.body());
    }

    @Override
    public OutboxEvent read(ByteBuffer from) {
      return new OutboxEvent(
          StringDataType.INSTANCE.read(from),
          StringDataType.INSTANCE.read(from),
          StringDataType.INSTANCE.read(from),
          DataUtils.readVarLong(from),
          StringDataType.INSTANCE.read(from));
    }

    @Override
    public OutboxEvent[] createStorage(int size) {
      return new OutboxEvent[size];
    }
  }
}
