package dev.parley.core.room;

import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.MediaSession.SlotChange;
import dev.parley.core.api.MediaSession.SlotReason;
import dev.parley.core.api.MediaSession.SlotState;
import dev.parley.core.api.ViewWish;
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
import dev.parley.core.subscriber.Subscription;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One person's media in a room: what it sends, by section, and what its slots show. Worker's thread
 * only.
 */
public final class Participant implements Transport.Inbound, RtcpReader.Visitor {
  /** RFC 3550 section 6.2 allows five per cent of the bandwidth; a second is far below. */
  private static final long REPORT_NANOS = 1_000_000_000;

  /** Whom a participant's media belongs to, for events; implemented by {@code server}. */
  public interface Listener extends MediaSession.Listener {
    /** The transport is gone; the room has forgotten the participant. */
    void onClosed(String reason, @Nullable Throwable fault);
  }

  private final Room room;
  private final String id;
  private final int csrc;
  private final int rtcpSsrc;
  private final Listener listener;
  private final Counters counters;
  private final RtpPacket packet;
  private final RtcpWriter writer;
  private final SourceClock clock = new SourceClock();
  private final SsrcTable ssrcs = new SsrcTable();
  private List<SendSection> sections = List.of();
  private @Nullable Publication[] publications = {};
  private Shown[] audioSlots = {};
  private Shown[] videoSlots = {};
  private ViewWish wish = ViewWish.AUTO;
  private @Nullable Transport transport;
  private boolean connected;
  private boolean gone;
  private long nextReportNanos;
  private long lastSpokeNanos = Long.MIN_VALUE / 2;

  /** A slot and what it shows. */
  private static final class Shown {
    final Slot slot;
    @Nullable Publication publication;
    @Nullable Subscription subscription;
    SlotState told = SlotState.EMPTY;
    @Nullable Publication toldOf;

    Shown(Slot slot) {
      this.slot = slot;
    }
  }

  Participant(
      Room room,
      String id,
      int csrc,
      int rtcpSsrc,
      Listener listener,
      Counters counters,
      RtpPacket packet,
      RtcpWriter writer) {
    this.room = room;
    this.id = id;
    this.csrc = csrc;
    this.rtcpSsrc = rtcpSsrc;
    this.listener = listener;
    this.counters = counters;
    this.packet = packet;
    this.writer = writer;
  }

  /** Gives the participant its transport; once, before anything arrives. */
  public void transport(Transport newTransport) {
    transport = newTransport;
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
    audioSlots = append(audioSlots, newSlots, true);
    videoSlots = append(videoSlots, newSlots, false);
  }

  private static Shown[] append(Shown[] now, List<Slot> slots, boolean audio) {
    List<Shown> all = new ArrayList<>(List.of(now));
    for (Slot slot : slots) {
      if (slot.audio() == audio) {
        all.add(new Shown(slot));
      }
    }
    return all.toArray(new Shown[0]);
  }

  /** Stop 5: SSRC to section to published track. */
  @Override
  @HotPath
  public void onRtp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (!packet.wrap(bytes, offset, lengthBytes)) {
      counters.drop(DropReason.RTP_MALFORMED);
      return;
    }
    int section = ssrcs.section(packet);
    if (section < 0) {
      counters.drop(DropReason.RTP_UNKNOWN_SSRC);
      return;
    }
    Publication publication = publications[section];
    if (publication == null) {
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
      return;
    }
    publication.track().handleRtp(packet, nowNanos);
  }

  @Override
  public void onRtcp(byte[] bytes, int offset, int lengthBytes, long nowNanos) {
    if (!RtcpReader.read(bytes, offset, lengthBytes, this, nowNanos)) {
      counters.drop(DropReason.RTCP_MALFORMED);
    }
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpTimestamp, long nowNanos) {
    for (Publication p : publications) {
      if (p != null && p.track().ssrc() == ssrc) {
        p.track().onSenderReport(ntp, rtpTimestamp, nowNanos);
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
    Shown shown = slotOf(ssrc);
    if (shown != null) {
      int middle = NtpTime.middle(NtpTime.ofUnixNanos(room.unixNanos(nowNanos)));
      shown.slot.onReportBlock(fractionLost, lastSr, delaySinceLastSr, middle);
    }
  }

  @Override
  public void onKeyFrameRequest(int mediaSsrc, long nowNanos) {
    Shown shown = slotOf(mediaSsrc);
    if (shown != null && shown.subscription != null) {
      shown.subscription.askKeyFrame(nowNanos);
    }
  }

  private @Nullable Shown slotOf(int ssrc) {
    for (Shown shown : videoSlots) {
      if (shown.slot.ssrc() == ssrc) {
        return shown;
      }
    }
    for (Shown shown : audioSlots) {
      if (shown.slot.ssrc() == ssrc) {
        return shown;
      }
    }
    return null;
  }

  @Override
  public void onIceConnected(PeerAddress address) {
    listener.onState(
        MediaSession.State.ICE_CONNECTED,
        new MediaSession.StateDetail("", Optional.of(address.toString())));
  }

  @Override
  public void onConnected() {
    connected = true;
    room.unsettle();
    Transport open = transport;
    PeerAddress remote = open == null ? null : open.remote();
    listener.onState(
        MediaSession.State.CONNECTED,
        new MediaSession.StateDetail("", Optional.ofNullable(remote).map(PeerAddress::toString)));
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
  void assign(List<Publication> cameras, List<Publication> speakers) {
    if (!connected) {
      return;
    }
    List<Publication> others = new ArrayList<>(cameras.size());
    for (Publication p : cameras) {
      if (p.owner() != this) {
        others.add(p);
      }
    }
    List<SlotChange> changes = new ArrayList<>();
    show(
        videoSlots,
        SlotAssignment.wantedVideo(wish, others, videoSlots.length),
        SlotReason.VIEW,
        changes);
    show(
        audioSlots,
        SlotAssignment.wantedAudio(wish, this, speakers, audioSlots.length),
        SlotReason.SPEAKER,
        changes);
    if (!changes.isEmpty()) {
      listener.onSlots(changes);
    }
  }

  private void show(
      Shown[] slots, List<Publication> wanted, SlotReason reason, List<SlotChange> changes) {
    @Nullable Publication[] now = new Publication[slots.length];
    for (int i = 0; i < slots.length; i++) {
      now[i] = slots[i].publication;
    }
    @Nullable Publication[] next = SlotAssignment.place(now, wanted);
    for (int i = 0; i < slots.length; i++) {
      Shown shown = slots[i];
      Publication source = next[i];
      if (source != shown.publication) {
        boolean left = shown.publication != null && !room.has(shown.publication);
        detach(shown);
        if (source != null) {
          attach(shown, source);
        }
        tell(shown, left && source == null ? SlotReason.LEFT : reason, changes);
      } else {
        tell(shown, SlotReason.MUTED, changes);
      }
    }
  }

  private void attach(Shown shown, Publication source) {
    Subscription subscription = new Subscription(shown.slot, source.track(), room, counters);
    shown.publication = source;
    shown.subscription = subscription;
    source.add(subscription);
    subscription.start();
  }

  private static void detach(Shown shown) {
    if (shown.publication != null && shown.subscription != null) {
      shown.publication.remove(shown.subscription);
    }
    shown.publication = null;
    shown.subscription = null;
  }

  private static void tell(Shown shown, SlotReason reason, List<SlotChange> changes) {
    Publication source = shown.publication;
    SlotState state =
        source == null
            ? SlotState.EMPTY
            : source.track().muted() ? SlotState.PAUSED : SlotState.LIVE;
    if (state == shown.told && source == shown.toldOf) {
      return;
    }
    shown.told = state;
    shown.toldOf = source;
    changes.add(
        new SlotChange(
            shown.slot.mid(),
            state,
            Optional.ofNullable(source).map(p -> p.owner().id()),
            Optional.ofNullable(source).map(p -> p.track().trackId()),
            Optional.ofNullable(source).map(Publication::source),
            source == null ? 0 : source.owner().csrc(),
            state == SlotState.PAUSED ? SlotReason.MUTED : reason));
  }

  /** Frees every slot; the participant is leaving. */
  void detachAll() {
    for (Shown shown : videoSlots) {
      detach(shown);
    }
    for (Shown shown : audioSlots) {
      detach(shown);
    }
  }

  long nextTimeoutNanos() {
    Transport open = transport;
    if (open == null) {
      return Long.MAX_VALUE;
    }
    return connected ? Math.min(nextReportNanos, open.nextTimeoutNanos()) : open.nextTimeoutNanos();
  }

  void handleTimeout(long nowNanos) {
    Transport open = transport;
    if (open == null) {
      return;
    }
    open.handleTimeout(nowNanos);
    if (connected && nowNanos >= nextReportNanos) {
      nextReportNanos = nowNanos + REPORT_NANOS;
      sendReports(open, nowNanos);
    }
  }

  private void sendReports(Transport open, long nowNanos) {
    long unixNanos = room.unixNanos(nowNanos);
    writer.clear();
    for (Shown shown : audioSlots) {
      addSenderReport(open, shown, unixNanos, nowNanos);
    }
    for (Shown shown : videoSlots) {
      addSenderReport(open, shown, unixNanos, nowNanos);
    }
    send(open);
    boolean begun = false;
    for (Publication p : publications) {
      if (p == null) {
        continue;
      }
      if (!begun) {
        begun = writer.addReceiverReport(rtcpSsrc);
      }
      if (!p.track().addReportBlock(writer, nowNanos)) {
        send(open);
        writer.addReceiverReport(rtcpSsrc);
        p.track().addReportBlock(writer, nowNanos);
      }
    }
    send(open);
  }

  private void addSenderReport(Transport open, Shown shown, long unixNanos, long nowNanos) {
    Subscription subscription = shown.subscription;
    if (subscription != null && !subscription.addSenderReport(writer, unixNanos, nowNanos)) {
      send(open);
      subscription.addSenderReport(writer, unixNanos, nowNanos);
    }
  }

  private void send(Transport open) {
    if (writer.length() > 0) {
      writer.addCname(rtcpSsrc, room.cname());
      open.sendRtcp(writer);
    }
    writer.clear();
  }

  /** Sends the key-frame requests that are due for what this participant publishes. */
  void sendKeyFrameRequests(long nowNanos) {
    Transport open = transport;
    if (open == null || !connected) {
      return;
    }
    writer.clear();
    for (Publication p : publications) {
      if (p != null && p.track().nextTimeoutNanos() <= nowNanos) {
        if (writer.length() == 0) {
          writer.addReceiverReport(rtcpSsrc);
          writer.addCname(rtcpSsrc, room.cname());
        }
        p.track().addKeyFrameRequest(writer, rtcpSsrc, nowNanos);
      }
    }
    if (writer.length() > 0) {
      open.sendRtcp(writer);
    }
    writer.clear();
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

  boolean has(Subscription subscription) {
    Shown shown = slotOf(subscription.slot().ssrc());
    return shown != null && shown.subscription == subscription;
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

  int audioSlots() {
    return audioSlots.length;
  }

  SourceClock clock() {
    return clock;
  }

  void wish(ViewWish newWish) {
    wish = newWish;
  }

  void spoke(long nowNanos) {
    lastSpokeNanos = nowNanos;
  }

  long lastSpokeNanos() {
    return lastSpokeNanos;
  }

  Listener listener() {
    return listener;
  }

  public String id() {
    return id;
  }

  public int csrc() {
    return csrc;
  }

  public Optional<Transport> transport() {
    return Optional.ofNullable(transport);
  }

  public Map<String, Object> snapshot() {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("participantId", id);
    state.put("csrc", csrc);
    Transport open = transport;
    if (open != null) {
      state.put("transport", open.snapshot());
    }
    List<Object> tracks = new ArrayList<>();
    for (Publication p : published()) {
      Map<String, Object> track = p.track().snapshot();
      track.put("mid", p.mid());
      track.put("source", p.source().wireName());
      track.put("subscribers", p.subscriptions.length);
      if (p.source().kind() == MediaKind.AUDIO) {
        track.put("level", p.loudness().level());
      }
      tracks.add(track);
    }
    state.put("tracks", tracks);
    List<Object> slots = new ArrayList<>();
    for (Shown[] group : List.of(audioSlots, videoSlots)) {
      for (Shown shown : group) {
        Map<String, Object> slot = shown.slot.snapshot();
        Publication source = shown.publication;
        slot.put("state", shown.told.name().toLowerCase(java.util.Locale.ROOT));
        if (source != null) {
          slot.put("trackId", source.track().trackId());
          slot.put("source", source.source().wireName());
        }
        slots.add(slot);
      }
    }
    state.put("slots", slots);
    return state;
  }
}
