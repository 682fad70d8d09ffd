package dev.parley.core.room;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSample;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counter;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DropReason;
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
 * The media of one room, or one wing of it: of a room that is too large for one worker each lives
 * on a worker of its own. Its participants and everything below them are confined to that worker's
 * thread; there are no locks. What is published in other wings is shown by copies ({@link Import}).
 *
 * <p>Changes of who is in and what is published only mark the room; {@link #settle} then assigns
 * the slots once for all of them, so a storm of joins costs one assignment and not one each. What
 * concerns one viewer alone, as its own wish does, marks that one.
 */
public final class Room implements PublishedTrack.Listener, Subscription.Listener {
  private static final @Nullable Publication[] NONE = new Publication[0];

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
  private final RoomHost host;
  private final MediaRoom.Listener listener;
  private final Counters counters;
  private final RtpPacket packet;
  private final RtcpWriter writer = new RtcpWriter();
  private final Roster roster;
  private final Map<String, Participant> participants = new LinkedHashMap<>();
  private final List<Publication> videos = new ArrayList<>();
  private final Speakers speakers = new Speakers();
  private final Wings wings = new Wings(this, speakers);
  private @Nullable Publication[] byIndex = NONE;
  private int audioPlaces;
  private final Deadlines deadlines = new Deadlines();
  private final Settling settling;
  private final Dispatch dispatch;
  private boolean trainsWait;
  private boolean feedbackDue;
  private boolean queued;

  /** A room that has one wing. */
  public Room(
      String id,
      Settings settings,
      RoomHost host,
      MediaRoom.Listener listener,
      RtpPacket packet,
      Counters counters) {
    this(id, settings, new Roster.OfOneWing(), host, listener, packet, counters);
  }

  /**
   * One wing of a room.
   *
   * @param roster the same for all of them
   * @param packet and {@code counters}: the worker's
   */
  public Room(
      String id,
      Settings settings,
      Roster roster,
      RoomHost host,
      MediaRoom.Listener listener,
      RtpPacket packet,
      Counters counters) {
    this.roster = roster;
    this.id = id;
    this.settings = settings;
    this.host = host;
    this.listener = listener;
    this.packet = packet;
    this.counters = counters;
    this.dispatch = new Dispatch(counters, host, this::closeSubscriber);
    this.settling = new Settling(settings.settleIntervalNanos());
  }

  /**
   * Takes a participant in. It shows and is shown nothing before it has sections and a transport.
   *
   * @param rtcpSsrc the SSRC that the server's reports and requests to it carry
   * @throws MediaException {@code BAD_REQUEST} when the id is taken
   */
  public Participant add(
      String participantId, int rtcpSsrc, Participant.Listener participantListener) {
    if (participants.containsKey(participantId) || !roster.enter(participantId)) {
      throw new MediaException(
          MediaException.Code.BAD_REQUEST, "participant " + participantId + " is already in " + id);
    }
    Participant participant =
        new Participant(
            this,
            participantId,
            roster.nextCsrc(),
            rtcpSsrc,
            participantListener,
            counters,
            packet,
            writer);
    participants.put(participantId, participant);
    deadlines.add(participant.turn());
    return participant;
  }

  /** Called when the participant's transport has closed. */
  void remove(Participant participant) {
    if (participants.remove(participant.id()) == null) {
      return;
    }
    deadlines.remove(participant.turn());
    settling.forget(participant);
    roster.leave(participant.id());
    participant.slots().detachAll();
    List<Publication> published = participant.published();
    published.forEach(this::forget);
    if (!crowded() || !published.isEmpty() || audioPlaces != places()) {
      unsettle();
    } else {
      // What it was shown may be shown to nobody now.
      queue();
    }
  }

  /**
   * Makes another wing of this room known. It does the same with this one.
   *
   * <p>A wing that is not the first one is connected before anybody joins it.
   */
  public void connect(Wing other) {
    List<Publication> published = new ArrayList<>();
    for (Publication p : byIndex) {
      if (p != null && !p.copy()) {
        published.add(p);
      }
    }
    wings.connect(other, published);
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
                roster.nextSerial(),
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
    owner.publication(at, made);
    add(made);
    wings.announce(made);
  }

  private void add(Publication made) {
    byIndex[made.track().index()] = made;
    if (made.audio()) {
      speakers.add(made);
    } else {
      videos.add(placeOf(made), made);
    }
    unsettle();
  }

  /** In the order of publication, which is the same in all wings. */
  private int placeOf(Publication made) {
    int at = videos.size();
    while (at > 0 && videos.get(at - 1).track().serial() > made.track().serial()) {
      at--;
    }
    return at;
  }

  /** Shows a track of another wing; null when this one has closed. */
  @Nullable Publication bring(Import track) {
    if (wings.closed()) {
      return null;
    }
    Publication made = track.newCopy(wings.admit(track), freeIndex());
    add(made);
    return made;
  }

  /** What came from another wing has ended there. */
  void dismiss(Import track, Publication shown) {
    forget(shown);
    wings.dismiss(track, shown.owner());
    unsettle();
  }

  Wings wings() {
    return wings;
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
        p.mute(muted);
        unsettle();
      }
    }
  }

  public void view(Participant viewer, ViewWish wish) {
    viewer.slots().wish(wish);
    unsettle(viewer);
  }

  /** Ends a publication; its owner has let go of it. */
  void forget(Publication p) {
    byIndex[p.track().index()] = null;
    videos.remove(p);
    speakers.remove(p);
    p.subscriptions = new Subscription[0];
    p.withdraw();
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

  /** Stop 7: other wings go first, as their threads work beside this one; then the fan-out. */
  @Override
  @HotPath
  public void onRtp(Layer layer, RtpPacket p, long sequence, long nowNanos) {
    Publication publication = byIndex[layer.track().index()];
    if (publication == null) {
      counters.drop(DropReason.RTP_NOT_PUBLISHED);
      return;
    }
    boolean spare = publication.audio() && publication.listen(layer, p, nowNanos);
    if (spare) {
      counters.increment(Counter.SILENCE_SPARED);
    }
    publication.relay(layer, p, sequence, spare, nowNanos);
    if (dispatch.gather(publication, layer, p, sequence, nowNanos)) {
      trainsWait = true;
      queue();
    } else {
      dispatch.send(publication, layer, p, sequence, spare, nowNanos);
    }
  }

  @HotPath
  private void departAll() {
    trainsWait = false;
    for (int i = 0; i < byIndex.length; i++) {
      dispatch.depart(byIndex[i]);
    }
  }

  @Override
  @HotPath
  public void onRenewal(PublishedTrack track) {
    dispatch.depart(byIndex[track.index()]);
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
    if (publication != null) {
      publication.owner().onFirstPacket(track.trackId());
    }
  }

  @Override
  @HotPath
  public void onKeyFrameNeeded(Layer layer, KeyFrameNeed need) {
    layer.track().askKeyFrame(layer, need);
  }

  @Override
  @HotPath
  public void onFeedbackDue(PublishedTrack track) {
    Publication publication = byIndex[track.index()];
    if (publication == null || !publication.copy()) {
      feedbackDue = true;
    }
    queue();
  }

  /** Marks that slots may have to change: at the end of the batch they are assigned anew. */
  public void unsettle() {
    settling.everybody();
    queue();
  }

  /** The same for what one participant is shown, where nothing has changed for the others. */
  public void unsettle(Participant viewer) {
    if (crowded()) {
      settling.only(viewer);
    } else {
      settling.everybody();
    }
    queue();
  }

  /** Somebody can be shown what there is from now on. */
  void arrived(Participant participant) {
    deadlines.mark(participant.turn());
    if (participant.slots().audioSlots() > audioPlaces) {
      unsettle();
    } else {
      unsettle(participant);
    }
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
    if (trainsWait) {
      departAll();
    }
    assign(settling.take(participants.values(), nowNanos), nowNanos);
    if (feedbackDue) {
      feedbackDue = false;
      sendFeedback(nowNanos);
    }
    wings.settle(nowNanos);
  }

  private void assign(List<Participant> viewers, long nowNanos) {
    if (viewers.size() == participants.size()) {
      audioPlaces = places();
    }
    if (viewers.isEmpty()) {
      return;
    }
    List<Publication> few = speakers.byActivity();
    each(
        viewers,
        viewer -> {
          boolean all = viewer.slots().audioSlots() == audioPlaces;
          viewer.assign(videos, all ? speakers.order() : few, nowNanos);
        });
    wings.tellNeeded();
  }

  /** Sends the key-frame and repeat requests that are due. */
  private void sendFeedback(long nowNanos) {
    for (Publication p : byIndex) {
      if (p != null
          && p.owner() instanceof Participant owner
          && owner.connected()
          && p.track().nextTimeoutNanos(owner.roundTripNanos()) <= nowNanos) {
        guarded(owner, participant -> participant.sendFeedback(nowNanos));
      }
    }
  }

  /** The most audio slots that anybody in the room has. */
  private int places() {
    int most = 0;
    for (Participant participant : participants.values()) {
      most = Math.max(most, participant.slots().audioSlots());
    }
    wings.tellPlaces(most);
    return Math.max(most, wings.placesElsewhere());
  }

  public long nextTimeoutNanos() {
    long next = Math.min(speakers.nextTimeoutNanos(), wings.nextTimeoutNanos());
    next = Math.min(next, Math.min(deadlines.firstNanos(), settling.nextTimeoutNanos()));
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
    if (!wings.none()) {
      wings.tell(speakers.floor(audioPlaces));
      wings.handleTimeout(videos, nowNanos);
    }
    for (Publication p : videos) {
      List<String> active = p.copy() ? null : p.newLayers(nowNanos);
      if (active != null) {
        p.owner().tellLayers(p.mid(), active);
      }
    }
    each(deadlines.takeDue(nowNanos), participant -> participant.handleTimeout(nowNanos));
    sendFeedback(nowNanos);
    settle(nowNanos);
  }

  private static void each(List<Participant> all, Consumer<Participant> step) {
    for (Participant participant : all) {
      guarded(participant, step);
    }
  }

  /** A fault in one participant's part closes that one, and the others get theirs. */
  private static void guarded(Participant participant, Consumer<Participant> step) {
    try {
      step.accept(participant);
    } catch (RuntimeException fault) {
      participant.fail(fault);
    }
  }

  /** Closes every participant's transport, and leaves the other wings. */
  public void close() {
    for (Participant participant : List.copyOf(participants.values())) {
      participant.transport().ifPresent((Transport t) -> t.close("room_ended"));
    }
    wings.close();
  }

  /** Whether participants have their turns one by one, and not together. */
  boolean crowded() {
    return participants.size() > Deadlines.FEW;
  }

  @HotPath
  Deadlines deadlines() {
    return deadlines;
  }

  String cname() {
    return settings.cname();
  }

  RtpPacket packet() {
    return packet;
  }

  Counters counters() {
    return counters;
  }

  /** Whether the viewer may be shown what the owner publishes. */
  boolean shows(Owner owner, Participant viewer) {
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
    if (!wings.none()) {
      state.put("wings", wings.snapshot());
    }
    return state;
  }
}
