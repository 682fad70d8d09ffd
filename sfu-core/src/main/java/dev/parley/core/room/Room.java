package dev.parley.core.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
import dev.parley.core.common.FanOut;
import dev.parley.core.common.HotPath;
import dev.parley.core.publisher.KeyFrameNeed;
import dev.parley.core.publisher.Layer;
import dev.parley.core.publisher.PublishedTrack;
import dev.parley.core.rtp.RtcpWriter;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.subscriber.Shedding;
import dev.parley.core.subscriber.Subscription;
import dev.parley.core.transport.Transport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The media of one room. Its participants and everything below them are confined to one worker's
 * thread; there are no locks.
 *
 * <p>Changes of who is in and what is published only mark the room; {@link #settle} then assigns
 * the slots once for all of them, so a storm of joins costs one assignment and not one each.
 */
public final class Room implements PublishedTrack.Listener, Subscription.Listener {
  private static final @Nullable Publication[] NONE = new Publication[0];

  /** What a room shares with the others of its worker. */
  public interface Host {
    /** Asks for {@link #settle} at the end of the batch. */
    void unsettled(Room room);

    /** The wall clock that belongs to a monotonic time, in nanoseconds since 1970. */
    long unixNanos(long nowNanos);

    /** What a viewer is not given since there is no time for it. */
    default Shedding shedding(int viewer) {
      return Shedding.NONE;
    }
  }

  /**
   * What a room is made with.
   *
   * @param keyFrameIntervalNanos the least time between two key-frame requests to one track
   * @param settleIntervalNanos the least time between two assignments of all slots
   * @param cname the CNAME of everything the server sends
   * @param echo shows each participant its own tracks, and nobody else's
   */
  public record Settings(
      long keyFrameIntervalNanos, long settleIntervalNanos, String cname, boolean echo) {
    /** Of a room that shows the others. */
    public Settings(long keyFrameIntervalNanos, long settleIntervalNanos, String cname) {
      this(keyFrameIntervalNanos, settleIntervalNanos, cname, false);
    }

    public Settings asEcho() {
      return new Settings(keyFrameIntervalNanos, settleIntervalNanos, cname, true);
    }
  }

  private final String id;
  private final Settings settings;
  private final Host host;
  private final MediaRoom.Listener listener;
  private final Counters counters;
  private final RtpPacket packet;
  private final RtcpWriter writer = new RtcpWriter();
  private final Map<String, Participant> participants = new LinkedHashMap<>();
  private final List<Publication> videos = new ArrayList<>();
  private final Speakers speakers = new Speakers();
  private @Nullable Publication[] byIndex = NONE;
  private int audioPlaces;
  private int lastCsrc;
  private int lastSerial;
  private boolean unsettled;
  private boolean feedbackDue;
  private boolean queued;
  private long settledNanos = Long.MIN_VALUE / 2;

  public Room(
      String id,
      Settings settings,
      Host host,
      MediaRoom.Listener listener,
      RtpPacket packet,
      Counters counters) {
    this.id = id;
    this.settings = settings;
    this.host = host;
    this.listener = listener;
    this.packet = packet;
    this.counters = counters;
  }

  /**
   * Takes a participant in. It shows and is shown nothing before it has sections and a transport.
   *
   * @param rtcpSsrc the SSRC that the server's reports and requests to it carry
   * @throws MediaException {@code BAD_REQUEST} when the id is taken
   */
  public Participant add(
      String participantId, int rtcpSsrc, Participant.Listener participantListener) {
    if (participants.containsKey(participantId)) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST, "participant " + participantId + " is already in " + id);
    }
    lastCsrc++;
    Participant participant =
        new Participant(
            this, participantId, lastCsrc, rtcpSsrc, participantListener, counters, packet, writer);
    participants.put(participantId, participant);
    return participant;
  }

  /** Called when the participant's transport has closed. */
  void remove(Participant participant) {
    if (participants.remove(participant.id()) == null) {
      return;
    }
    participant.slots().detachAll();
    for (Publication p : participant.published()) {
      forget(p);
    }
    unsettle();
  }

  /**
   * Publishes a track, or replaces what its section carried.
   *
   * @throws MediaException {@code BAD_REQUEST} when no section fits
   */
  public void publish(Participant owner, MediaRoom.TrackPublication publication) {
    int at = owner.sectionFor(publication);
    SendSection section = owner.section(at);
    Publication before = owner.publication(at);
    if (before != null) {
      owner.publication(at, null);
      forget(before);
    }
    int index = freeIndex();
    PublishedTrack track =
        new PublishedTrack(
            new PublishedTrack.Settings(
                publication.trackId(),
                ++lastSerial,
                owner.csrc(),
                section.layers(),
                settings.keyFrameIntervalNanos()),
            section.formats().toArray(new PublishedTrack.Format[0]),
            owner.clock(),
            index,
            counters,
            this);
    track.mute(publication.muted());
    Publication made =
        new Publication(
            owner, publication.mid(), publication.source(), track, section.layerNames());
    if (owner.toldLayers(publication.mid())) {
      made.tellLayers();
    }
    byIndex[index] = made;
    owner.publication(at, made);
    if (made.audio()) {
      speakers.add(made);
    } else {
      videos.add(made);
    }
    unsettle();
  }

  public void unpublish(Participant owner, String trackId) {
    for (Publication p : owner.published()) {
      if (p.track().trackId().equals(trackId)) {
        owner.publication(owner.sectionOf(p.mid()), null);
        forget(p);
        unsettle();
      }
    }
  }

  public void mute(Participant owner, String trackId, boolean muted) {
    for (Publication p : owner.published()) {
      if (p.track().trackId().equals(trackId) && p.track().muted() != muted) {
        p.track().mute(muted);
        unsettle();
      }
    }
  }

  public void view(Participant viewer, ViewWish wish) {
    viewer.slots().wish(wish);
    unsettle();
  }

  /** Ends a publication; its owner has let go of it. */
  void forget(Publication p) {
    byIndex[p.track().index()] = null;
    videos.remove(p);
    speakers.remove(p);
    p.subscriptions = new Subscription[0];
  }

  private int freeIndex() {
    for (int i = 0; i < byIndex.length; i++) {
      if (byIndex[i] == null) {
        return i;
      }
    }
    byIndex = java.util.Arrays.copyOf(byIndex, byIndex.length * 2 + 4);
    return freeIndex();
  }

  boolean has(Publication publication) {
    return byIndex[publication.track().index()] == publication;
  }

  /** Stop 7: the one fan-out loop. */
  @Override
  @HotPath
  public void onRtp(Layer layer, RtpPacket p, long sequence, long nowNanos) {
    Publication publication = byIndex[layer.track().index()];
    if (publication == null) {
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
      return;
    }
    boolean spare = publication.audio() && listen(publication, layer, p, nowNanos);
    Subscription[] subscriptions = publication.subscriptions;
    counters.increment(Counter.RTP_ROUTED);
    counters.add(Counter.RTP_OFFERED, subscriptions.length);
    for (int i = 0; i < subscriptions.length; i++) {
      Subscription subscription = subscriptions[i];
      try {
        if (spare) {
          subscription.omit(layer, sequence);
          counters.fannedOut(FanOut.SILENCE);
        } else {
          counters.fannedOut(subscription.forward(layer, p, sequence, nowNanos));
        }
      } catch (RuntimeException fault) {
        counters.fannedOut(FanOut.FAULT);
        closeSubscriber(subscription, fault);
      }
    }
  }

  /** Takes the packet's level in; whether the packet need not be sent on. */
  @HotPath
  private boolean listen(Publication publication, Layer layer, RtpPacket p, long nowNanos) {
    Loudness loudness = publication.loudness();
    int levelId = layer.format().audioLevelId();
    int level = p.extension(levelId);
    if (level >= 0 && (level & 0xff) > 0) {
      loudness.onLevel(p.bytes()[level >>> 8] & 0x7f, nowNanos);
    } else if (levelId == 0) {
      loudness.onUnknownLevel(p.payloadBytes(), nowNanos);
    } else {
      return false;
    }
    boolean spare = loudness.spare(nowNanos);
    if (spare) {
      counters.increment(Counter.SILENCE_SPARED);
    }
    return spare;
  }

  /** What goes wrong for one viewer is not the publisher's fault. */
  private void closeSubscriber(Subscription subscription, RuntimeException fault) {
    for (Participant participant : List.copyOf(participants.values())) {
      if (participant.slots().subscription(subscription.slot().ssrc()) == subscription) {
        participant.fail(fault);
      }
    }
  }

  @Override
  public void onFirstPacket(PublishedTrack track) {
    Publication publication = byIndex[track.index()];
    if (publication == null) {
      return;
    }
    publication.owner().listener().onFirstPacket(track.trackId());
  }

  @Override
  @HotPath
  public void onKeyFrameNeeded(Layer layer, KeyFrameNeed need) {
    layer.track().askKeyFrame(layer, need);
  }

  @Override
  @HotPath
  public void onFeedbackDue(PublishedTrack track) {
    feedbackDue = true;
    queue();
  }

  /** Marks that slots may have to change: at the end of the batch they are assigned anew. */
  public void unsettle() {
    unsettled = true;
    queue();
  }

  @HotPath
  private void queue() {
    if (!queued) {
      queued = true;
      host.unsettled(this);
    }
  }

  /**
   * Carries out what was only marked during the batch: slots first, then key-frame and repeat
   * requests.
   */
  public void settle(long nowNanos) {
    queued = false;
    if (unsettled && nowNanos - settledNanos >= settings.settleIntervalNanos()) {
      unsettled = false;
      settledNanos = nowNanos;
      audioPlaces = 0;
      for (Participant participant : participants.values()) {
        audioPlaces = Math.max(audioPlaces, participant.slots().audioSlots());
      }
      List<Publication> few = speakers.byActivity();
      each(participant -> {
        boolean all = participant.slots().audioSlots() == audioPlaces;
        participant.assign(videos, all ? speakers.order() : few, nowNanos);
      });
    }
    if (feedbackDue) {
      feedbackDue = false;
      each(participant -> participant.sendFeedback(nowNanos));
    }
  }

  public long nextTimeoutNanos() {
    long next = speakers.nextTimeoutNanos();
    if (unsettled) {
      next = Math.min(next, settledNanos + settings.settleIntervalNanos());
    }
    for (Participant participant : participants.values()) {
      next = Math.min(next, participant.nextTimeoutNanos());
    }
    for (Publication p : byIndex) {
      if (p != null && p.owner().connected()) {
        next = Math.min(next, p.track().nextTimeoutNanos(p.owner().roundTripNanos()));
      }
    }
    return next;
  }

  public void handleTimeout(long nowNanos) {
    if (speakers.update(Math.min(audioPlaces, speakers.order().size()), nowNanos)) {
      unsettle();
    }
    List<MediaRoom.SpeakerLevel> news = speakers.news(nowNanos);
    if (news != null) {
      listener.onSpeakers(news);
    }
    for (Publication p : videos) {
      List<String> active = p.newLayers(nowNanos);
      if (active != null) {
        p.owner().tellLayers(p.mid(), active);
      }
    }
    each(participant -> {
      participant.handleTimeout(nowNanos);
      participant.sendFeedback(nowNanos);
    });
    settle(nowNanos);
  }

  /** A fault in one participant's part closes that one, and the others get theirs. */
  private void each(Consumer<Participant> step) {
    for (Participant participant : List.copyOf(participants.values())) {
      try {
        step.accept(participant);
      } catch (RuntimeException fault) {
        participant.fail(fault);
      }
    }
  }

  /** Closes every participant's transport. */
  public void close() {
    for (Participant participant : List.copyOf(participants.values())) {
      participant.transport().ifPresent((Transport t) -> t.close("room_ended"));
    }
  }

  String cname() {
    return settings.cname();
  }

  /** Whether the viewer may be shown what the owner publishes. */
  boolean shows(Participant owner, Participant viewer) {
    return (owner == viewer) == settings.echo();
  }

  long unixNanos(long nowNanos) {
    return host.unixNanos(nowNanos);
  }

  Shedding shedding(Participant viewer) {
    return host.shedding(id.hashCode() + viewer.csrc());
  }

  public String id() {
    return id;
  }

  public int size() {
    return participants.size();
  }

  public @Nullable Participant participant(String participantId) {
    return participants.get(participantId);
  }

  /** What is measured of everybody who has a transport. */
  public Stream<MediaSample> samples(long nowNanos) {
    return participants.values().stream().flatMap(p -> p.sample(nowNanos).stream());
  }

  public Map<String, Object> snapshot(long nowNanos) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("id", id);
    state.put(
        "participants", participants.values().stream().map(p -> p.snapshot(nowNanos)).toList());
    return state;
  }
}
