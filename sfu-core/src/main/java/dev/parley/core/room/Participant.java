package dev.parley.core.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.bwe.ArrivalRecorder;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.HotPath;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.publisher.SourceClock;
import dev.parley.core.rtp.NtpTime;
import dev.parley.core.rtp.RtcpReader;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import dev.parley.core.subscriber.Subscription;
import dev.parley.core.transport.Inbound;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One person's media in a room: what it sends, by section, and what its slots show. Worker's thread
 * only.
 */
public final class Participant extends Owner implements Inbound, RtcpReader.Visitor {
  /** Whom a participant's media belongs to, for events; implemented by {@code server}. */
  public interface Listener extends MediaSession.Listener {
    /** The transport is gone; the room has forgotten the participant. */
    void onClosed(String reason, @Nullable Throwable fault);

    /** Media takes a pair with this address from now on. */
    default void onSelected(PeerAddress address) {}
  }

  /** Until the first measurement. */
  private static final long DEFAULT_ROUND_TRIP_NANOS = 100_000_000;

  private final Room room;
  private final Listener listener;
  private final Counters counters;
  private final RtpPacket packet;
  private final Deadlines.Turn turn = new Deadlines.Turn(this);
  private final SlotBoard slots;
  private final Reports reports;
  private final Bandwidth bandwidth;
  private final ConnectionQuality quality = new ConnectionQuality();
  private ArrivalRecorder arrivals = new ArrivalRecorder();
  private SourceClock clock = new SourceClock();
  private SsrcTable ssrcs = new SsrcTable();
  private List<SendSection> sections = List.of();
  private @Nullable Publication[] publications = {};
  private @Nullable Transport transport;
  private boolean connected;
  private boolean gone;
  private long roundTripNanos = DEFAULT_ROUND_TRIP_NANOS;
  private int transportWideId;
  private final AudioJitter audioJitter = new AudioJitter();

  /** The sections whose sender was told which encodings may rest; it keeps to that. */
  private Set<String> toldLayers = new HashSet<>();

  private int lastSsrc;

  Participant(
      Room room,
      String id,
      int csrc,
      int rtcpSsrc,
      Listener listener,
      Counters counters,
      RtpPacket packet,
      RtcpWriter writer) {
    super(id, csrc);
    this.room = room;
    this.listener = listener;
    this.counters = counters;
    this.packet = packet;
    this.slots = new SlotBoard(room, this, counters);
    this.bandwidth = new Bandwidth(room, this);
    this.reports = new Reports(room, rtcpSsrc, writer);
  }

  /** Gives the participant its transport; once, before anything arrives. */
  public void transport(Transport newTransport) {
    transport = newTransport;
    room.deadlines().mark(turn);
  }

  /**
   * Takes the outcome of a negotiation: all send sections, and the slots that are new. Existing
   * slots stay as they are; what was published in a section that is gone ends.
   */
  public void sections(List<SendSection> sending, List<Slot> newSlots) {
    @Nullable Publication[] kept = new Publication[sending.size()];
    for (Publication p : publications) {
      int at = p == null ? -1 : indexOf(sending, p.mid());
      if (at >= 0) {
        kept[at] = p;
      } else if (p != null) {
        room.forget(p);
        room.unsettle();
      }
    }
    sections = List.copyOf(sending);
    publications = kept;
    ssrcs.sections(sections);
    transportWideId =
        sections.stream()
            .mapToInt(x -> x.ids().transportWide())
            .filter(x -> x != 0)
            .findFirst()
            .orElse(0);
    slots.add(newSlots);
  }

  /**
   * Leaves the room with transport and slots, for {@link #takeOver} in another one. What the slots
   * still hold is sent; nobody is told that anything has closed.
   */
  public void leave(long nowNanos) {
    gone = true;
    slots.releaseAll(nowNanos);
    room.remove(this);
  }

  /**
   * Goes on with what a participant that has left another room had: its transport, its slots, and
   * what was learnt of its streams, whose packets name themselves only in the beginning. The one
   * that has left may have lived on another worker; nobody uses it any more.
   *
   * @param scratch this worker's, as slots are made with
   */
  public void takeOver(Participant before, SlotScratch scratch) {
    transport = before.transport;
    before.transport = null;
    boolean silent = transport != null && transport.interrupted();
    connected = (connected || before.connected) && !silent;
    sections = before.sections;
    publications = new Publication[sections.size()];
    ssrcs = before.ssrcs;
    arrivals = before.arrivals;
    clock = before.clock;
    transportWideId = before.transportWideId;
    toldLayers = before.toldLayers;
    lastSsrc = before.lastSsrc;
    roundTripNanos = before.roundTripNanos;
    slots.takeOver(before.slots, scratch);
    room.deadlines().mark(turn);
    room.unsettle(this);
  }

  /** Stop 5: SSRC to section to published track. */
  @Override
  @HotPath
  public void onRtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (!packet.wrap(bytes, offset, lengthBytes)) {
      counters.drop(DropReason.RTP_MALFORMED);
      return;
    }
    int number = packet.extension(transportWideId);
    if (number >= 0 && (number & 0xff) == 2) {
      room.deadlines().mark(turn);
      arrivals.onPacket(packet.short16(number >>> 8), nowNanos);
    }
    int stream = ssrcs.stream(packet);
    if (stream == SsrcTable.UNKNOWN) {
      counters.drop(DropReason.RTP_UNKNOWN_SSRC);
      return;
    }
    Publication publication = publications[SsrcTable.section(stream)];
    if (publication == null) {
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
    } else if (SsrcTable.repeats(stream)) {
      publication.track().handleRtx(SsrcTable.layer(stream), packet, nowNanos);
    } else {
      lastSsrc = packet.ssrc();
      publication.track().handleRtp(SsrcTable.layer(stream), packet, nowNanos);
    }
  }

  @Override
  public void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    room.deadlines().mark(turn);
    if (!RtcpReader.read(bytes, offset, lengthBytes, this, nowNanos)) {
      counters.drop(DropReason.RTCP_MALFORMED);
    }
    // In a crowd what one of them knows has left the processor's cache by the next tick.
    if (room.crowded() && nextTimeoutNanos() <= nowNanos) {
      handleTimeout(nowNanos);
    }
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    for (Publication p : publications) {
      if (p != null) {
        p.track().onSenderReport(ssrc, ntp, rtpTimestamp, nowNanos);
      }
    }
  }

  @Override
  public void onReportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int highestSequence,
      int jitter,
      int lastSr,
      int delaySinceLastSr,
      long nowNanos) {
    Slot slot = slots.slot(ssrc);
    if (slot != null) {
      long measured =
          slot.onReportBlock(fractionLost, lastSr, delaySinceLastSr, middleNtp(nowNanos));
      if (measured >= 0) {
        onRoundTrip(measured);
      }
      Subscription shown = slots.subscription(ssrc);
      if (slot.audio() && shown != null) {
        audioJitter.onReport(jitter * 1000.0 / shown.track().codec().clockRate(), nowNanos);
      }
      Transport open = transport;
      if (open != null) {
        open.estimator().onReceiverReport(fractionLost, roundTripNanos, nowNanos);
      }
    }
  }

  private int middleNtp(long nowNanos) {
    return NtpTime.middle(NtpTime.ofUnixNanos(room.unixNanos(nowNanos)));
  }

  private void onRoundTrip(long measuredNanos) {
    roundTripNanos = roundTripNanos - roundTripNanos / 4 + measuredNanos / 4;
  }

  @Override
  public void onDelaySinceReferenceTime(int lastReferenceTime, int delay, long nowNanos) {
    int units = middleNtp(nowNanos) - lastReferenceTime - delay;
    if (lastReferenceTime != 0 && units >= 0) {
      onRoundTrip(NtpTime.nanosOfShort(units));
    }
  }

  @Override
  public void onNack(int mediaSsrc, int sequence16, int followingMask, long nowNanos) {
    Slot slot = slots.slot(mediaSsrc);
    if (slot != null) {
      slot.onNack(sequence16, followingMask, roundTripNanos, nowNanos);
    }
  }

  @Override
  public void onRemb(long bitsPerSecond, long nowNanos) {
    Transport open = transport;
    if (open != null) {
      open.estimator().onRemb(bitsPerSecond, nowNanos);
    }
  }

  @Override
  public void onTransportFeedback(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    Transport open = transport;
    if (open != null && !open.estimator().onFeedback(bytes, offset, lengthBytes, nowNanos)) {
      counters.drop(DropReason.RTCP_MALFORMED);
    }
  }

  @Override
  public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
    Subscription subscription = slots.subscription(mediaSsrc);
    if (subscription != null) {
      subscription.askKeyFrame();
    }
  }

  @Override
  @HotPath
  public void onWaiting() {
    room.deadlines().mark(turn);
  }

  @Override
  public void onIceConnected(PeerAddress address) {
    room.deadlines().mark(turn);
    listener.onState(
        MediaSession.State.ICE_CONNECTED,
        new MediaSession.StateDetail("", Optional.of(address.toString())));
  }

  @Override
  public void onSelected(PeerAddress address) {
    listener.onSelected(address);
  }

  @Override
  public void onConnected() {
    connected = true;
    room.arrived(this);
    Transport open = transport;
    PeerAddress remote = open == null ? null : open.remote();
    listener.onState(
        MediaSession.State.CONNECTED,
        new MediaSession.StateDetail("", Optional.ofNullable(remote).map(PeerAddress::toString)));
  }

  @Override
  public void onInterrupted() {
    connected = false;
    room.deadlines().mark(turn);
    slots.rest();
    if (quality.lost()) {
      listener.onQuality(quality.level());
    }
    listener.onState(
        MediaSession.State.INTERRUPTED, new MediaSession.StateDetail("", Optional.empty()));
  }

  @Override
  public void onRecovered() {
    slots.resume();
    onConnected();
  }

  @Override
  public void onClosed(String reason, @Nullable Throwable fault) {
    if (gone) {
      return;
    }
    gone = true;
    connected = false;
    room.remove(this);
    listener.onClosed(reason, fault);
  }

  /** Puts what is wanted into the slots and tells what has changed. */
  void assign(List<Publication> cameras, List<Publication> speakers, long nowNanos) {
    Transport open = transport;
    if (connected && open != null) {
      slots.assign(cameras, speakers);
      bandwidth.allocate(open, slots, nowNanos);
      tellSlots();
    }
  }

  private void tellSlots() {
    List<SlotChange> changes = slots.news();
    if (!changes.isEmpty()) {
      listener.onSlots(changes);
    }
  }

  long nextTimeoutNanos() {
    Transport open = transport;
    if (open == null) {
      return Long.MAX_VALUE;
    }
    long next = open.nextTimeoutNanos();
    if (connected) {
      boolean probes = room.crowded() && open.estimator().probing();
      next = Math.min(next, probes ? Long.MIN_VALUE : reports.nextTimeoutNanos());
      next = Math.min(next, Math.min(bandwidth.nextTimeoutNanos(), arrivals.nextTimeoutNanos()));
    }
    return next;
  }

  void handleTimeout(long nowNanos) {
    Transport open = transport;
    if (open == null) {
      return;
    }
    open.handleTimeout(nowNanos);
    if (connected) {
      reports.sendDue(open, slots, published(), nowNanos);
      reports.sendArrivals(open, arrivals, lastSsrc, nowNanos);
      bandwidth.update(open, slots, nowNanos);
      open.probe(slots::probe, nowNanos);
      tellSlots();
      if (quality.isDue(nowNanos)) {
        measure(open, nowNanos);
      }
    }
  }

  private void measure(Transport open, long nowNanos) {
    long received = 0;
    long lost = 0;
    for (Publication p : publications) {
      if (p != null) {
        received += p.track().packetsReceived();
        lost += p.track().packetsLost();
      }
    }
    double down = open.estimator().loss();
    if (quality.update(received, lost, down, roundTripNanos, bandwidth.usedShare(), nowNanos)) {
      listener.onQuality(quality.level());
    }
  }

  /** Sends the key-frame and repeat requests that are due for what this participant publishes. */
  void sendFeedback(long nowNanos) {
    Transport open = transport;
    if (open != null && connected) {
      reports.sendFeedback(open, published(), roundTripNanos, nowNanos);
    }
  }

  @Override
  long roundTripNanos() {
    return roundTripNanos;
  }

  @Override
  void tellLayers(String mid, List<String> active) {
    toldLayers.add(mid);
    listener.onLayers(mid, active);
  }

  /** Whether it has been told of this section, by this room or one before. */
  boolean toldLayers(String mid) {
    return toldLayers.contains(mid);
  }

  @Override
  boolean connected() {
    return connected;
  }

  /**
   * The index of the section that can carry the track.
   *
   * @throws MediaException {@code BAD_REQUEST} when none can
   */
  public int sectionFor(MediaRoom.TrackPublication publication) {
    int at = sectionOf(publication.mid());
    if (at < 0) {
      String message = "no section that sends has the MID '" + publication.mid() + "'";
      throw new MediaException(MediaException.Code.BAD_REQUEST, message);
    }
    if (sections.get(at).kind() != publication.source().kind()) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST,
          "the section '"
              + publication.mid()
              + "' cannot carry the source "
              + publication.source().wireName());
    }
    return at;
  }

  /** The index of the section with this MID, or -1. */
  int sectionOf(String mid) {
    return indexOf(sections, mid);
  }

  private static int indexOf(List<SendSection> all, String mid) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).mid().equals(mid)) {
        return i;
      }
    }
    return -1;
  }

  SendSection section(int index) {
    return sections.get(index);
  }

  @Nullable Publication publication(int section) {
    return publications[section];
  }

  void publication(int section, @Nullable Publication publication) {
    publications[section] = publication;
  }

  List<Publication> published() {
    List<Publication> all = new ArrayList<>();
    for (Publication p : publications) {
      if (p != null) {
        all.add(p);
      }
    }
    return all;
  }

  /** What this participant is shown. */
  SlotBoard slots() {
    return slots;
  }

  /** A broken invariant: closes this participant's transport alone. */
  void fail(RuntimeException fault) {
    Transport open = transport;
    if (open != null) {
      open.fail(fault);
    } else {
      onClosed("internal", fault);
    }
  }

  @HotPath
  Deadlines.Turn turn() {
    return turn;
  }

  SourceClock clock() {
    return clock;
  }

  @Override
  void onFirstPacket(String trackId) {
    listener.onFirstPacket(trackId);
  }

  public Optional<Transport> transport() {
    return Optional.ofNullable(transport);
  }

  /** What is measured of it now; empty before it has a transport. */
  Optional<MediaSample> sample(long nowNanos) {
    return transport()
        .map(open -> Sampling.of(this, open, nowNanos, room.unixNanos(nowNanos) / 1_000_000));
  }

  String roomId() {
    return room.id();
  }

  Bandwidth bandwidth() {
    return bandwidth;
  }

  int qualityLevel() {
    return quality.measured();
  }

  AudioJitter audioJitter() {
    return audioJitter;
  }

  public Map<String, Object> snapshot(long nowNanos) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("participantId", id());
    state.put("csrc", csrc());
    Transport open = transport;
    if (open != null) {
      state.put("transport", open.snapshot());
      state.put("bandwidth", bandwidth.snapshot(open));
    }
    List<Object> tracks = new ArrayList<>();
    for (Publication p : published()) {
      Map<String, Object> track = p.track().snapshot(nowNanos);
      track.put("mid", p.mid());
      track.put("source", p.source().wireName());
      track.put("subscribers", p.subscriptions.length);
      track.put("otherWings", p.wings());
      if (p.source().kind() == MediaKind.AUDIO) {
        track.put("level", p.loudness().level());
      }
      tracks.add(track);
    }
    state.put("tracks", tracks);
    state.put("slots", slots.snapshot());
    state.put("quality", quality.level());
    state.put("roundTripMs", roundTripNanos / 1e6);
    return state;
  }
}
