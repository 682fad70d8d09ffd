package dev.parley.signaling.wire;

import dev.parley.core.api.TrackSource;
import dev.parley.core.api.ViewWish;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What a client asks for, checked field by field. */
public sealed interface Request
    permits Request.Hello,
        Request.Ping,
        Request.Join,
        Request.Leave,
        Request.SwitchRoom,
        Request.View,
        Request.TrackUpdate,
        Request.Negotiate,
        Request.IceRestart,
        Request.IceCandidates,
        Request.ParticipantUpdate,
        Request.ChatSend,
        Request.DataSend,
        Request.Stats,
        Request.TimerAsk,
        Request.Bye,
        Moderation,
        TimerControl {
  /** The {@code type} of the frame. */
  String type();

  /**
   * Opens the session.
   *
   * @param resume the earlier session that the client asks to continue
   */
  record Hello(
      List<Integer> versions, Optional<String> token, ClientInfo client, Optional<Resume> resume)
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

  /**
   * An earlier session.
   *
   * @param lastSeq the number of the last event that the client has; 0 when it has none
   */
  record Resume(String sessionId, String resumeToken, long lastSeq) {
    @Override
    public String toString() {
      return "Resume[sessionId=" + sessionId + ", lastSeq=" + lastSeq + "]";
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

  /**
   * Enters a room; without SDP as a member that has no media.
   *
   * @param admitToken what the queue gave to whoever was admitted
   */
  record Join(
      String room,
      Optional<String> displayName,
      Map<String, String> attributes,
      Optional<String> sdp,
      List<TrackOffer> tracks,
      Optional<String> password,
      Optional<String> admitToken)
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

  /** Enters another room with the same connection and slots. {@code join} has no SDP. */
  record SwitchRoom(Join join) implements Request {
    @Override
    public String type() {
      return "room.switch";
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

  /** New ICE credentials (RFC 8839, section 5.4) without an offer. */
  record IceRestart(int gen, String ufrag, String pwd) implements Request {
    @Override
    public String type() {
      return "ice.restart";
    }

    @Override
    public String toString() {
      return "IceRestart[gen=" + gen + "]";
    }
  }

  /** Candidates found after the offer; {@code end}: there are no more. */
  record IceCandidates(int gen, List<String> candidates, boolean end) implements Request {
    public IceCandidates {
      candidates = List.copyOf(candidates);
    }

    @Override
    public String type() {
      return "ice.candidates";
    }
  }

  /** A new name or new attributes; an attribute with an empty value is removed. */
  record ParticipantUpdate(Optional<String> displayName, Map<String, String> attributes)
      implements Request {
    public ParticipantUpdate {
      attributes = Map.copyOf(attributes);
    }

    @Override
    public String type() {
      return "participant.update";
    }
  }

  /**
   * Says something to all, or to one.
   *
   * @param clientMsgId the sender's own name of the message: said twice, it is one message
   */
  record ChatSend(String text, Optional<String> to, Optional<String> clientMsgId)
      implements Request {
    @Override
    public String type() {
      return "chat.send";
    }
  }

  /**
   * A message between programs, to all or to one.
   *
   * @param payload JSON text of any shape
   */
  record DataSend(Optional<String> to, Optional<String> topic, String payload) implements Request {
    @Override
    public String type() {
      return "data.send";
    }
  }

  /** What the client's {@code getStats()} says, as JSON text. */
  record Stats(String digest) implements Request {
    @Override
    public String type() {
      return "stats";
    }
  }

  /** Asks moderators for more time. */
  record TimerAsk(int sec, String text) implements Request {
    @Override
    public String type() {
      return "timer.ask";
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
