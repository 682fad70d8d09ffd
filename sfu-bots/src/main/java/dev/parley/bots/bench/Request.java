package dev.parley.bots.bench;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.parley.core.api.MediaRoom.JoinOffer;

/** A line to {@link BenchServer}, as JSON. Each gets one {@link Reply} with its id. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Request.Join.class, name = "join"),
  @JsonSubTypes.Type(value = Request.Leave.class, name = "leave"),
  @JsonSubTypes.Type(value = Request.Sample.class, name = "sample"),
  @JsonSubTypes.Type(value = Request.RunFloor.class, name = "floor"),
  @JsonSubTypes.Type(value = Request.Memory.class, name = "memory"),
  @JsonSubTypes.Type(value = Request.OpenRelay.class, name = "relay")
})
sealed interface Request {
  long id();

  /** Into a room, which is opened for its first participant. */
  record Join(long id, String room, JoinOffer offer) implements Request {}

  record Leave(long id, String participantId) implements Request {}

  record Sample(long id) implements Request {}

  record RunFloor(long id, Floor.Plan plan) implements Request {}

  record Memory(long id) implements Request {}

  record OpenRelay(long id, String owner, boolean tls) implements Request {}
}
