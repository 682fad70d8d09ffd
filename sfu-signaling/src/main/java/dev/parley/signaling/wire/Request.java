package dev.parley.signaling.wire;

import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a client asks for, checked field by field. */
public sealed interface Request {
  /** The {@code type} of the frame. */
  String type();

  /**
   * Opens the session.
   *
   * @param resume whether the client asks to continue an earlier session
   */
  record Hello(List<Integer> versions, Optional<String> token, ClientInfo client, boolean resume)
      implements Request {
    public static final String TYPE = "hello";

    public Hello {
      versions = List.copyOf(versions);
    }

    @Override
    public String type() {
      return TYPE;
    }

    @Override
    public String toString() {
      return "Hello[versions=" + versions + ", client=" + client + ", resume=" + resume + "]";
    }
  }

  /** What the client says about itself; empty strings where it says nothing. */
  record ClientInfo(String sdk, String version, String platform, boolean mobile) {}

  /** Liveness; {@code t} is the client's clock and comes back unchanged. */
  record Ping(double t) implements Request {
    @Override
    public String type() {
      return "ping";
    }
  }

  /** Enters a room; without SDP as a member that has no media. */
  record Join(
      String room,
      Optional<String> displayName,
      Map<String, String> attributes,
      Optional<String> sdp,
      List<TrackOffer> tracks)
      implements Request {
    public Join {
      attributes = Map.copyOf(attributes);
      tracks = List.copyOf(tracks);
    }

    @Override
    public String type() {
      return "join";
    }
  }

  /** A track published with the join. */
  record TrackOffer(String mid, TrackSource source, boolean muted, String label) {}

  /** Leaves the room and keeps the session. */
  record Leave() implements Request {
    @Override
    public String type() {
      return "leave";
    }
  }

  record View(ViewWish wish) implements Request {
    @Override
    public String type() {
      return "view";
    }
  }

  /** Turns a track on or off; an absent field means: as it is. */
  record TrackUpdate(
      String mid,
      Optional<Boolean> active,
      Optional<Boolean> muted,
      Optional<TrackSource> source,
      Optional<String> label,
      OptionalInt width,
      OptionalInt height)
      implements Request {
    @Override
    public String type() {
      return "track.update";
    }
  }

  /** An offer that grows the sections of the connection. */
  record Negotiate(int gen, String sdp) implements Request {
    @Override
    public String type() {
      return "negotiate";
    }
  }

  /** Ends the session; nothing is kept. */
  record Bye() implements Request {
    @Override
    public String type() {
      return "bye";
    }
  }
}
