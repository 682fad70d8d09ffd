package dev.parley.signaling.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/** The text of the two kinds of reply. */
public final class ReplyFrame {
  private ReplyFrame() {}

  public static String ok(long id, ObjectNode data) {
    ObjectNode frame = WireJson.MAPPER.createObjectNode().put("type", "ok").put("id", id);
    frame.set("data", data);
    return WireJson.write(frame);
  }

  /** Without an id where the frame that failed had none. */
  public static String error(OptionalLong id, Refusal refusal) {
    ObjectNode frame = WireJson.MAPPER.createObjectNode().put("type", "error");
    id.ifPresent(known -> frame.put("id", known));
    ObjectNode error =
        frame
            .putObject("error")
            .put("code", refusal.code().wireName())
            .put("message", refusal.message())
            .put("retryable", refusal.code().retryable());
    refusal.retryAfterMs().ifPresent(ms -> error.put("retryAfterMs", ms));
    ObjectNode details = error.putObject("details");
    refusal.details().forEach(details::put);
    return WireJson.write(frame);
  }
}
