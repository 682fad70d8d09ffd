package dev.parley.signaling.wire;

import dev.parley.core.api.TrackSource;
import java.util.Optional;
import java.util.OptionalInt;

/** What only a moderator may ask for. */
public sealed interface Moderation extends Request {
  /** Mutes one participant, in one source or in all. Nobody can be un-muted by another. */
  record Mute(String participantId, Optional<TrackSource> source) implements Moderation {
    @Override
    public String type() {
      return "mod.mute";
    }
  }

  /** Mutes everybody who is no moderator. */
  record MuteAll(Optional<TrackSource> source) implements Moderation {
    @Override
    public String type() {
      return "mod.muteAll";
    }
  }

  /**
   * Removes a participant.
   *
   * @param banSec how long the identity may not come back; 0: it may at once
   */
  record Kick(String participantId, int banSec, String reason) implements Moderation {
    @Override
    public String type() {
      return "mod.kick";
    }
  }

  /** Keeps newcomers out, or lets them in again. */
  record Lock(boolean locked) implements Moderation {
    @Override
    public String type() {
      return "mod.lock";
    }
  }

  record ChangeRole(String participantId, Role role) implements Moderation {
    @Override
    public String type() {
      return "mod.role";
    }
  }

  /** Ends the room for everybody. */
  record End(String reason) implements Moderation {
    @Override
    public String type() {
      return "mod.end";
    }
  }

  /** Lets people in from the queue. */
  record Admit(Who who) implements Moderation {
    /** One ticket, so many from the head, or all. */
    public sealed interface Who {
      record Ticket(String ticketId) implements Who {}

      record Count(int count) implements Who {}

      record All() implements Who {}
    }

    @Override
    public String type() {
      return "mod.admit";
    }
  }

  record Deny(String ticketId, String text) implements Moderation {
    @Override
    public String type() {
      return "mod.deny";
    }
  }

  /** Keeps a ticket in its place without admitting it, or lets it go on. */
  record Hold(String ticketId, boolean held) implements Moderation {
    @Override
    public String type() {
      return "mod.hold";
    }
  }

  /** A new priority, or an explicit place: {@code position} counts from 1. */
  record Reorder(String ticketId, OptionalInt priority, OptionalInt position)
      implements Moderation {
    @Override
    public String type() {
      return "mod.priority";
    }
  }

  /** Sends a participant back to the queue, to its head or its tail. */
  record ToQueue(String participantId, boolean head) implements Moderation {
    @Override
    public String type() {
      return "mod.toQueue";
    }
  }
}
