package dev.parley.admin.rest;

import dev.parley.admin.event.EventJson;
import dev.parley.signaling.Operator;
import dev.parley.signaling.room.RoomEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/events}: what happens in rooms as server-sent events. A reader that does not keep up
 * is cut off, and nothing of the past is sent again: who comes back lists what it watches. The
 * port's event loop; events come from the room thread.
 */
final class EventFeed {
  static final int MOST_STREAMS = 32;

  private static final long COMMENT_EVERY_MS = 15_000;
  private static final int WAITING_BYTES = 256 << 10;

  private record Stream(HttpServerResponse response, Context context, Optional<String> room) {}

  private final List<Stream> streams = new CopyOnWriteArrayList<>();
  private final Vertx vertx;
  private final Runnable ending;
  private final long timer;

  EventFeed(Vertx vertx, Operator operator) {
    this.vertx = vertx;
    this.ending = operator.listen(this::heard);
    this.timer = vertx.setPeriodic(COMMENT_EVERY_MS, fired -> send(": still here\n\n"));
  }

  /** Ends every stream. */
  void close() {
    ending.run();
    vertx.cancelTimer(timer);
    for (Stream stream : streams) {
      stream.context().runOnContext(now -> end(stream));
    }
  }

  /** Begins a stream, or says why not. */
  Optional<Answer> open(Call call) {
    if (streams.size() >= MOST_STREAMS) {
      return Optional.of(
          Answer.problem(503, "server_full", "at most " + MOST_STREAMS + " readers at once")
              .with("Retry-After", "5"));
    }
    HttpServerResponse response = call.http().response();
    Stream stream =
        new Stream(response, call.http().vertx().getOrCreateContext(), call.query("room"));
    streams.add(stream);
    call.http().addEndHandler(gone -> streams.remove(stream));
    response
        .setChunked(true)
        .setWriteQueueMaxSize(WAITING_BYTES)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .write(": hello\n\n");
    return Optional.empty();
  }

  /** Room thread. */
  private void heard(RoomEvent event) {
    if (streams.isEmpty()) {
      return;
    }
    @Nullable String text = null;
    for (Stream stream : streams) {
      if (stream.room().filter(room -> !room.equals(event.room())).isEmpty()) {
        text = text == null ? text(event) : text;
        write(stream, text);
      }
    }
  }

  private void send(String text) {
    streams.forEach(stream -> write(stream, text));
  }

  private void write(Stream stream, String text) {
    stream
        .context()
        .runOnContext(now -> {
          if (stream.response().writeQueueFull()) {
            end(stream);
          } else if (!stream.response().ended() && !stream.response().closed()) {
            stream.response().write(text);
          }
        });
  }

  private void end(Stream stream) {
    streams.remove(stream);
    if (!stream.response().ended() && !stream.response().closed()) {
      stream.response().end();
    }
  }

  private static String text(RoomEvent event) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("type", event.type().wireName());
    data.put("at", EventJson.time(event.atMs()));
    data.putAll(EventJson.subject(event));
    return "event: " + event.type().wireName() + "\ndata: " + EventJson.write(data) + "\n\n";
  }
}
