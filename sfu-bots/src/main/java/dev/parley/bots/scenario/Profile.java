package dev.parley.bots.scenario;

import dev.parley.bots.client.VideoFormat;
import dev.parley.bots.media.Clip;
import dev.parley.bots.media.Encoding;
import dev.parley.bots.media.VoiceSource;
import dev.parley.bots.network.LinkConditions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a bot sends and receives.
 *
 * @param transport of the media
 * @param ice how the way to the server is found
 */
public record Profile(
    String name,
    Optional<Microphone> microphone,
    Optional<Video> camera,
    Optional<Video> screen,
    Receive receive,
    Transport transport,
    Ice ice,
    Network network,
    Signaling signaling) {
  /** By what media goes to the server. */
  public enum Transport {
    UDP("udp"),
    TCP("tcp"),
    /** Through the server's relay, which is reached by TCP. */
    TURN_TCP("turn-tcp"),
    /** The same by TLS. */
    TURN_TLS("turn-tls");

    private final String id;

    Transport(String id) {
      this.id = id;
    }

    static Transport of(String id) {
      return Arrays.stream(values()).filter(t -> t.id.equals(id)).findFirst().orElseThrow();
    }

    public boolean relayed() {
      return this == TURN_TCP || this == TURN_TLS;
    }

    /** As it is written in scenarios and on the command line. */
    @Override
    public String toString() {
      return id;
    }
  }

  /** How the way to the server is found. */
  public enum Ice {
    /** One path is checked, as the server is the only peer. */
    LIGHT,
    /** All of the machine's candidates with all of the server's (RFC 8445), as browsers do. */
    FAITHFUL
  }

  /** How a bot comes in. */
  public enum Signaling {
    /** {@code sfu.v1} over a WebSocket. */
    SFU,
    /** To publish, by HTTP (RFC 9725). */
    WHIP,
    /** To watch, by HTTP. */
    WHEP
  }

  /** What lies between the bot and the server. */
  public record Network(LinkConditions up, LinkConditions down) {
    public static final Network NONE = new Network(LinkConditions.IDEAL, LinkConditions.IDEAL);
  }

  /** Of the camera or the screen; one of them decides for both. */
  public VideoFormat videoFormat() {
    return camera.or(() -> screen).map(Video::format).orElse(VideoFormat.VP8);
  }

  /** A voice, or what a file has instead; {@code muted}: off at first. */
  public record Microphone(VoiceSource.Talk talk, boolean muted, Optional<Clip> clip) {}

  /**
   * A camera or a screen.
   *
   * @param encodings the smallest first; one: no simulcast
   * @param muted off at first
   * @param clip played instead of them
   */
  public record Video(
      VideoFormat format, List<Encoding> encodings, boolean muted, Optional<Clip> clip) {
    public Video {
      encodings = List.copyOf(encodings);
    }
  }

  /**
   * What is received.
   *
   * @param height in lines, asked for of each picture
   * @param decryptOneIn of the packets
   */
  public record Receive(int audio, int video, OptionalInt height, int decryptOneIn) {}
}
