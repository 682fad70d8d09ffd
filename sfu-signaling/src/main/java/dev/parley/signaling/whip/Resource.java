package dev.parley.signaling.whip;

import dev.parley.core.api.MediaSession;
import dev.parley.signaling.room.Member;
import dev.parley.signaling.room.Rooms;
import dev.parley.signaling.room.Visitor;
import dev.parley.signaling.wire.CloseCode;
import dev.parley.signaling.wire.EventFrame;
import dev.parley.signaling.wire.LeaveReason;
import java.util.List;
import java.util.function.Consumer;

/**
 * One WHIP or WHEP session: a member of a room that hears no events. Room thread, except the fields
 * that do not change.
 */
final class Resource implements Member {
  final String id;
  final String room;
  final String identity;
  private final Visitor visitor;
  private final Consumer<Resource> onRemoved;
  private List<MediaSession.Section> sections = List.of();
  private String clientUfrag = "";
  private volatile Ice ice;

  /** A generation of ICE credentials, and the entity tag that stands for it. */
  record Ice(int gen, String etag) {}

  /**
   * @param onRemoved told when the participant went without being asked
   */
  Resource(
      Rooms rooms,
      String id,
      String room,
      String identity,
      String etag,
      Consumer<Resource> onRemoved) {
    this.id = id;
    this.room = room;
    this.identity = identity;
    this.ice = new Ice(0, etag);
    this.visitor = new Visitor(rooms, this);
    this.onRemoved = onRemoved;
  }

  /** The offer was answered. */
  void answered(String offer, MediaSession.Answer answer) {
    sections = answer.sections();
    clientUfrag = SdpFragment.ufragOf(offer).orElse("");
    ice = new Ice(answer.gen(), ice.etag());
  }

  /** ICE was restarted by the client with this ufrag. */
  void restarted(int gen, String etag, String ufrag) {
    clientUfrag = ufrag;
    ice = new Ice(gen, etag);
  }

  /** Any thread. */
  Ice ice() {
    return ice;
  }

  /** Whether the ufrag is another than the client's last one, where that is known. */
  boolean isNewUfrag(String ufrag) {
    return !clientUfrag.isEmpty() && !clientUfrag.equals(ufrag);
  }

  List<MediaSession.Section> sections() {
    return sections;
  }

  Visitor visitor() {
    return visitor;
  }

  @Override
  public void deliver(EventFrame event) {
    // Nobody to tell: these protocols have no events.
  }

  @Override
  public void end(CloseCode code, LeaveReason reason, String words) {
    visitor.leave(reason);
    onRemoved.accept(this);
  }
}
