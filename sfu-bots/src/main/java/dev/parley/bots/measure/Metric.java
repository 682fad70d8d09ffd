package dev.parley.bots.measure;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be measured, and what a threshold can name. */
public enum Metric {
  JOIN_CONNECT("join.connect", "from the first packet to an open WebSocket"),
  JOIN_HELLO("join.hello", "from the open WebSocket to the reply to hello"),
  JOIN_ANSWER("join.answer", "from the offer to its answer"),
  JOIN_ICE("join.ice", "from the answer to the first answered connectivity check"),
  JOIN_DTLS("join.dtls", "from that to encrypted media both ways"),
  JOIN_FIRST_PACKET("join.firstPacket", "from that to the first packet, where others publish"),
  JOIN_FIRST_PICTURE("join.firstPicture", "from that to the first whole key frame"),
  JOIN_TOTAL("join.total", "from the beginning to media both ways, without the wait in line"),
  QUEUE_WAIT("queue.wait", "from the ticket to the admission"),
  RECONNECT("reconnect.time", "from a lost WebSocket to the resumed session"),
  ICE_RESTART("iceRestart.time", "from the request of an ICE restart to its reply"),
  LATENCY_AUDIO("latency.audio", "of a packet of sound, from publisher to receiver"),
  LATENCY_VIDEO("latency.video", "of a packet of a picture, repairs included"),
  JITTER_AUDIO("jitter.audio", "interarrival jitter (RFC 3550), of each stream once a second"),
  JITTER_VIDEO("jitter.video", "the same of pictures"),
  FREEZE("freeze.time", "how long a picture stood still, as webrtc-stats counts freezes"),
  PICTURE_WAIT("picture.wait", "from the first packet without a picture to a whole key frame"),
  TIMER_ERROR("bots.timerError", "how late the bots' own timers were"),

  BOTS_STARTED(Kind.COUNT, "bots.started", "bots that set out"),
  BOTS_JOINED(Kind.COUNT, "bots.joined", "bots that had media both ways"),
  BOTS_LOST(Kind.COUNT, "bots.lost", "bots that were in and ended against their will"),
  ARRIVALS_DROPPED(Kind.COUNT, "arrivals.dropped", "arrivals left out, as maxBots were there"),
  JOIN_FAILED(Kind.COUNT, "join.failed", "bots that did not come in"),
  QUEUED(Kind.COUNT, "queue.tickets", "bots that had to wait in line"),
  QUEUE_LEFT(Kind.COUNT, "queue.left", "bots that gave up waiting, as told"),
  QUEUE_OUT_OF_ORDER(Kind.COUNT, "queue.outOfOrder", "admissions of somebody who came later"),
  SOCKETS_LOST(Kind.COUNT, "reconnect.count", "WebSockets lost, on purpose or not"),
  PACKETS_SENT(Kind.COUNT, "packets.sent", "media packets sent by bots, repetitions included"),
  REPEATS_SENT(Kind.COUNT, "packets.repeated", "of them sent again on request"),
  PACKETS_RECEIVED(Kind.COUNT, "packets.received", "media packets received by bots"),
  BYTES_RECEIVED(Kind.COUNT, "bytes.received", "bytes of them, encrypted"),
  PACKETS_EXPECTED(
      Kind.COUNT, "packets.expected", "packets that should have come, by their numbers"),
  PACKETS_MISSED(Kind.COUNT, "packets.missed", "of them not come by themselves"),
  PACKETS_LOST(Kind.COUNT, "packets.lost", "of them not come at all"),
  PACKETS_DECRYPTED(Kind.COUNT, "packets.decrypted", "received packets that were decrypted"),
  PACKETS_UNDECRYPTABLE(Kind.COUNT, "packets.undecryptable", "received packets that did not open"),
  PACKETS_UNKNOWN_SSRC(Kind.COUNT, "packets.unknownSsrc", "packets of no slot in the answer"),
  PACKETS_OTHER(Kind.COUNT, "packets.other", "repetitions and probes received"),
  NACKS(Kind.COUNT, "nacks", "packets asked for again"),
  KEY_FRAMES_ASKED(Kind.COUNT, "keyFrames.asked", "key frames that receiving bots asked for"),
  KEY_FRAME_REQUESTS(Kind.COUNT, "keyFrames.requested", "requests that publishing bots heard"),
  PICTURES(Kind.COUNT, "pictures", "whole pictures in their order"),
  NEVER_A_PICTURE(
      Kind.COUNT, "pictures.never", "bots that saw no picture, though one was due for 2 s"),
  LAYER_SWITCHES(Kind.COUNT, "layerSwitches", "changes of quality, in the decrypted sample"),
  PACKETS_DROPPED_UP(
      Kind.COUNT, "packets.droppedUp", "packets lost in the modelled networks towards the server"),
  SERVER_EXPECTED(
      Kind.COUNT, "server.expected", "packets sent that no modelled network lost, once it is over"),
  SERVER_MISSED(Kind.COUNT, "server.missed", "of them not counted by the server"),
  TRACK_SECONDS_EXPECTED(Kind.COUNT, "tracks.expected", "video tracks due to bots, times seconds"),
  TRACK_SECONDS_MISSING(Kind.COUNT, "tracks.missed", "of them without packets"),

  JOIN_FAILURES("join.failures", "bots that did not come in", JOIN_FAILED, BOTS_STARTED),
  LOSS_BEFORE_REPAIR("loss.beforeRepair", "packets missed", PACKETS_MISSED, PACKETS_EXPECTED),
  LOSS_AFTER_REPAIR("loss.afterRepair", "packets lost for good", PACKETS_LOST, PACKETS_EXPECTED),
  SERVER_MISSING(
      "server.missing", "packets that the server did not get", SERVER_MISSED, SERVER_EXPECTED),
  TRACKS_MISSING(
      "tracks.missing",
      "video tracks due to bots that did not come",
      TRACK_SECONDS_MISSING,
      TRACK_SECONDS_EXPECTED);

  /** What its values are. */
  public enum Kind {
    /** Durations, in a histogram. */
    TIME,
    /** A total. */
    COUNT,
    /** A part of a total, from 0 to 1. */
    SHARE
  }

  private final Kind kind;
  private final String id;
  private final String sentence;
  private final @Nullable Metric part;
  private final @Nullable Metric whole;

  Metric(String id, String sentence) {
    this(Kind.TIME, id, sentence);
  }

  Metric(Kind kind, String id, String sentence) {
    this.kind = kind;
    this.id = id;
    this.sentence = sentence;
    this.part = null;
    this.whole = null;
  }

  Metric(String id, String sentence, Metric part, Metric whole) {
    this.kind = Kind.SHARE;
    this.id = id;
    this.sentence = sentence;
    this.part = part;
    this.whole = whole;
  }

  public Kind kind() {
    return kind;
  }

  /** The name in scenarios and reports. */
  public String id() {
    return id;
  }

  public String sentence() {
    return sentence;
  }

  /** Of a share: the count above the line. */
  Metric part() {
    return require(part);
  }

  /** Of a share: the count below the line. */
  Metric whole() {
    return require(whole);
  }

  private Metric require(@Nullable Metric count) {
    if (count == null) {
      throw new IllegalStateException(id + " is no share");
    }
    return count;
  }

  public static Optional<Metric> of(String id) {
    return Arrays.stream(values()).filter(m -> m.id.equals(id)).findFirst();
  }
}
