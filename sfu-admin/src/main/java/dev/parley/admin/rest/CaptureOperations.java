package dev.parley.admin.rest;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.PacketCapture;
import dev.parley.signaling.Operator;
import dev.parley.signaling.room.OperatorRooms;
import dev.parley.signaling.room.Outcome;
import dev.parley.signaling.wire.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code …/participants/{participant}:capture}: what goes by for some seconds, as a file for packet
 * tools. The port's event loop.
 */
final class CaptureOperations {
  static final int MOST_AT_ONCE = 4;

  private static final int USUAL_SEC = 10;
  private static final int MOST_SEC = 50;
  private static final int MOST_BYTES = 16 << 20;
  private static final int MOST_PAYLOAD_BYTES = 1500;

  private final Operator operator;
  private final Vertx vertx;
  private int going;

  CaptureOperations(Operator operator, Vertx vertx) {
    this.operator = operator;
    this.vertx = vertx;
  }

  List<Operation> all() {
    // Not remembered: nobody wants ten seconds of another time again.
    return List.of(
        Operation.mint("/v1/rooms/{room}/participants/{participant}:capture", this::capture));
  }

  private Future<Answer> capture(Call call) {
    int sec = call.body().integer("sec", 1, MOST_SEC).orElse(USUAL_SEC);
    int payloadBytes = call.body().integer("payloadBytes", 0, MOST_PAYLOAD_BYTES).orElse(0);
    return call.checked(() -> {
      if (going >= MOST_AT_ONCE) {
        return Future.succeededFuture(
            Answer.problem(503, "server_full", "at most " + MOST_AT_ONCE + " captures at once")
                .with("Retry-After", Integer.toString(MOST_SEC)));
      }
      going++;
      Promise<Void> over = Promise.promise();
      call.http().addEndHandler(ended -> over.tryComplete());
      return begin(call, over, sec, new PacketCapture.Bounds(MOST_BYTES, payloadBytes))
          .onComplete(ended -> going--);
    });
  }

  private Future<Answer> begin(
      Call call, Promise<Void> over, int sec, PacketCapture.Bounds bounds) {
    String id = call.path("participant");
    return Answer.later(operator.rooms(rooms -> rooms.participant(call.path("room"), id)))
        .compose(outcome ->
            switch (outcome) {
              case Outcome.Refused<OperatorRooms.Visit>(Refusal refusal) ->
                  Future.succeededFuture(Answer.refused(refusal));
              case Outcome.Done<OperatorRooms.Visit>(OperatorRooms.Visit visit) ->
                  visit
                      .media()
                      .map(media -> capture(call, media, over, sec, bounds))
                      .orElseGet(() -> conflict("this participant has no media"));
            });
  }

  private Future<Answer> capture(
      Call call, MediaSession media, Promise<Void> over, int sec, PacketCapture.Bounds bounds) {
    return Answer.later(media.capture(bounds))
        .compose(capture -> until(over, capture, sec).compose(done -> Answer.later(capture.end())))
        .map(file -> send(call, file))
        .recover(failure ->
            failure instanceof MediaException refused
                ? conflict(refused.getMessage())
                : Future.failedFuture(failure));
  }

  private static Future<Answer> conflict(@Nullable String why) {
    return Future.succeededFuture(Answer.problem(409, "conflict", String.valueOf(why)));
  }

  /** Until the time is over, the file is full, or nobody waits for it any more. */
  private Future<Void> until(Promise<Void> over, PacketCapture capture, int sec) {
    long timer = vertx.setTimer(sec * 1000L, fired -> over.tryComplete());
    var unused = Answer.later(capture.full()).onComplete(full -> over.tryComplete());
    return over.future().onComplete(ended -> vertx.cancelTimer(timer));
  }

  private static Answer send(Call call, byte[] file) {
    HttpServerResponse response = call.http().response();
    if (!response.closed() && !response.ended()) {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, "application/vnd.tcpdump.pcap")
          .putHeader(
              "Content-Disposition",
              "attachment; filename=\"" + call.path("participant") + ".pcap\"")
          .end(Buffer.buffer(file));
    }
    return Answer.SENT;
  }
}
