package dev.parley.bots.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A line from {@link BenchServer}, as JSON. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Reply.Joined.class, name = "joined"),
  @JsonSubTypes.Type(value = Reply.Left.class, name = "left"),
  @JsonSubTypes.Type(value = Reply.Sampled.class, name = "sampled"),
  @JsonSubTypes.Type(value = Reply.FloorDone.class, name = "floorDone"),
  @JsonSubTypes.Type(value = Reply.Held.class, name = "held"),
  @JsonSubTypes.Type(value = Reply.RelayOpen.class, name = "relay"),
  @JsonSubTypes.Type(value = Reply.Refused.class, name = "refused")
})
sealed interface Reply {
  long id();

  record Joined(long id, String answerSdp) implements Reply {}

  record Left(long id) implements Reply {}

  record Sampled(long id, ServerSample sample) implements Reply {}

  record FloorDone(long id, Floor.Run run) implements Reply {}

  record Held(long id, MemorySample sample) implements Reply {}

  record RelayOpen(long id, int port, String username, String password) implements Reply {}

  record Refused(long id, String reason) implements Reply {}
}
