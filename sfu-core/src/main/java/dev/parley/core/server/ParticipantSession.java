package dev.parley.core.server;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaRoom.JoinOffer;
import dev.parley.core.api.MediaRoom.TrackPublication;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.PacketCapture;
import dev.parley.core.api.ViewWish;
import dev.parley.core.common.Counter;
import dev.parley.core.common.PairKind;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.room.Participant;
import dev.parley.core.room.Room;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.transport.Transport;
import dev.parley.core.transport.TransportParameters;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** One participant's session: commands go to the worker, events come from it. */
final class ParticipantSession implements MediaSession, Participant.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(ParticipantSession.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Home home;
  private final Room room;
  private final SfuServer.Engine engine;
  private final Negotiation negotiation;
  private final String participantId;
  private final Participant participant;
  private final Set<String> slotMids = new HashSet<>();
  private Listener listener;
  private boolean closed;

  /** Where the session lives on after it was adopted by another room. */
  private @Nullable ParticipantSession successor;

  private ParticipantSession(
      Home home,
      Room room,
      SfuServer.Engine engine,
      Negotiation negotiation,
      String participantId,
      Listener listener) {
    this.home = home;
    this.room = room;
    this.engine = engine;
    this.negotiation = negotiation;
    this.participantId = participantId;
    this.listener = listener;
    this.participant = room.add(participantId, negotiation.rtcpSsrc(), this);
  }

  /**
   * On the worker's thread: takes the participant in, opens its transport, publishes its tracks.
   */
  static ParticipantSession open(
      Worker worker,
      Room room,
      SfuServer.Engine engine,
      Negotiation negotiation,
      JoinOffer offer,
      Listener listener) {
    Negotiation.Ice ice = negotiation.ice();
    if (worker.demux().knows(ice.local().ufrag())) {
      throw new IllegalStateException("two sessions drew the same ufrag");
    }
    Home home = new Home(worker);
    ParticipantSession session =
        new ParticipantSession(home, room, engine, negotiation, offer.participantId(), listener);
    Transport transport =
        new Transport(
            new TransportParameters(
                ice.local(),
                ice.remote(),
                negotiation.remoteFingerprints(),
                engine.identity(),
                negotiation.srtpProfiles(),
                engine.ice(),
                engine.bandwidth()),
            worker.sink(),
            worker.demux(),
            home,
            engine.handshakes(),
            worker.counters(),
            session.participant,
            System.nanoTime());
    session.participant.transport(transport);
    worker.demux().register(transport);
    worker.load().incrementAndGet();
    try {
      session.applySections(transport);
      for (TrackPublication track : offer.tracks()) {
        room.publish(session.participant, track);
      }
    } catch (MediaException e) {
      transport.close("closed");
      throw e;
    }
    return session;
  }

  /**
   * On the new room's worker: a place for this session there, that nobody sees before {@link
   * #arrive}. Until then this session's listener hears what happens.
   *
   * @throws MediaException {@code BAD_REQUEST} when the id is taken
   */
  ParticipantSession reserve(Room next, String nextParticipantId) {
    return new ParticipantSession(home, next, engine, negotiation, nextParticipantId, listener);
  }

  /**
   * On this session's worker: leaves the room for {@code next}, or changes nothing.
   *
   * @throws MediaException {@code NOT_IN_ROOM}, or {@code BAD_REQUEST} when a track fits no section
   */
  void departFor(ParticipantSession next, List<TrackPublication> tracks, Place place) {
    Transport moving = participant.transport().orElse(null);
    if (closed || moving == null) {
      throw notInRoom();
    }
    tracks.forEach(participant::sectionFor);
    closed = true;
    successor = next;
    participant.leave(System.nanoTime());
    moving.inbound(next.participant);
    if (!home.isAt(place.worker())) {
      // What was sent here leaves before what is going to be sent there.
      home.worker().flush();
      home.worker().counters().increment(Counter.WORKER_MOVES);
      home.move(moving, place.worker(), place.out());
    }
  }

  /**
   * On the new room's worker: begins there with what {@code before} had.
   *
   * @throws MediaException {@code NOT_IN_ROOM} when the transport has closed on the way
   */
  void arrive(ParticipantSession before, List<TrackPublication> tracks, Listener newListener) {
    Transport moved = moved(before);
    if (closed) {
      throw notInRoom();
    }
    listener = newListener;
    slotMids.addAll(before.slotMids);
    try {
      // Another answer or restart may have come while the session was on its way.
      applySections(moved);
      applyIce();
      for (TrackPublication track : tracks) {
        room.publish(participant, track);
      }
    } catch (RuntimeException fault) {
      moved.fail(fault);
      throw fault;
    }
    home.worker().counters().increment(Counter.ROOM_SWITCHES);
    event(Level.DEBUG, "room_switched").addKeyValue("from", before.room.id()).log();
  }

  /** On the new room's worker, when that room has ended meanwhile. */
  void turnAway(ParticipantSession before) {
    moved(before).close("room_ended");
  }

  private Transport moved(ParticipantSession before) {
    participant.takeOver(before.participant, home.worker().scratch());
    Transport moved = participant.transport().orElseThrow();
    home.moved(moved);
    return moved;
  }

  /** On the new room's worker: gives a reserved place up. */
  void giveUp() {
    closed = true;
    participant.leave(System.nanoTime());
  }

  boolean isOf(SfuServer.Engine other) {
    return engine.equals(other);
  }

  Home home() {
    return home;
  }

  private void applySections(Transport transport) {
    Worker worker = home.worker();
    List<Slot> slots = new ArrayList<>();
    for (Slot.Settings plan : negotiation.slots()) {
      if (slotMids.add(plan.mid())) {
        slots.add(
            new Slot(
                plan,
                RANDOM.nextInt(1 << 15),
                RANDOM.nextInt(),
                transport,
                worker.scratch(),
                worker.counters()));
      }
    }
    participant.sections(negotiation.sendSections(), slots);
  }

  @Override
  public String participantId() {
    return participantId;
  }

  @Override
  public int csrc() {
    return participant.csrc();
  }

  @Override
  public Answer answer() {
    return negotiation.answer();
  }

  @Override
  public CompletionStage<Answer> negotiate(int gen, String sdp) {
    return CompletableFuture.supplyAsync(
            () -> {
              negotiation.answer(gen, sdp);
              return negotiation.answer();
            },
            engine.negotiation())
        .thenCompose(answer ->
            home.call(() -> {
              latest().takeAnswer();
              return answer;
            }))
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(WorkerRoom.typed(e)));
  }

  private ParticipantSession latest() {
    ParticipantSession latest = this;
    for (ParticipantSession next = successor; next != null; next = latest.successor) {
      latest = next;
    }
    return latest;
  }

  private void takeAnswer() {
    if (closed) {
      throw notInRoom();
    }
    participant.transport().ifPresent(this::applySections);
    applyIce();
    room.unsettle();
  }

  private MediaException notInRoom() {
    return new MediaException(
        MediaException.Code.NOT_IN_ROOM, "the session of " + participantId + " is closed");
  }

  @Override
  public CompletionStage<LocalIce> restartIce(int gen, String ufrag, String pwd) {
    return CompletableFuture.supplyAsync(
            () -> negotiation.restart(gen, ufrag, pwd), engine.negotiation())
        .thenCompose(local ->
            home.call(() -> {
              latest().takeAnswer();
              return local;
            }))
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(WorkerRoom.typed(e)));
  }

  @Override
  public CompletionStage<Void> remoteCandidates(int gen, List<String> candidates) {
    List<String> copy = List.copyOf(candidates);
    return CompletableFuture.runAsync(
            () -> negotiation.remoteCandidates(gen, copy), engine.negotiation())
        .thenCompose(done -> onWorker(() -> true))
        .<Void>thenApply(done -> null)
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(WorkerRoom.typed(e)));
  }

  /** The latest credentials, whichever command brought them: commands may overtake each other. */
  private void applyIce() {
    Negotiation.Ice ice = negotiation.ice();
    participant
        .transport()
        .ifPresent(t -> t.restartIce(ice.local(), ice.remote(), System.nanoTime()));
  }

  @Override
  public CompletionStage<Void> publish(TrackPublication track) {
    return onWorker(
            () -> {
              room.publish(participant, track);
              return true;
            })
        .<Void>thenApply(done -> null)
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(WorkerRoom.typed(e)));
  }

  private <T> CompletableFuture<T> onWorker(java.util.function.Supplier<T> command) {
    return home.call(() -> {
      if (closed) {
        throw notInRoom();
      }
      return command.get();
    });
  }

  private void execute(Runnable command) {
    try {
      home.execute(() -> {
        if (!closed) {
          command.run();
        }
      });
    } catch (RejectedExecutionException ended) {
      // The server has closed, and every session with it: there is nothing left to command.
    }
  }

  @Override
  public void mute(String trackId, boolean muted) {
    execute(() -> room.mute(participant, trackId, muted));
  }

  @Override
  public void unpublish(String trackId) {
    execute(() -> room.unpublish(participant, trackId));
  }

  @Override
  public void view(ViewWish wish) {
    execute(() -> room.view(participant, wish));
  }

  @Override
  public CompletionStage<Map<String, Object>> snapshot() {
    return onWorker(() -> {
      Map<String, Object> state = participant.snapshot(System.nanoTime());
      state.put("generation", negotiation.ice().gen());
      return state;
    });
  }

  @Override
  public CompletionStage<PacketCapture> capture(PacketCapture.Bounds bounds) {
    return this.<PacketCapture>onWorker(
            () -> {
              Transport open = participant.transport().orElseThrow(this::notInRoom);
              Capture capture = new Capture(bounds, home.worker()::unixNanos);
              if (!open.tap(capture)) {
                throw new MediaException(
                    MediaException.Code.BAD_REQUEST,
                    "it is not connected, or a capture of it is going on");
              }
              return new Capturing(open, capture);
            })
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(WorkerRoom.typed(e)));
  }

  /** The file is put together where the worker's packets do not wait for it. */
  private final class Capturing implements PacketCapture {
    private final Transport transport;
    private final Capture capture;

    Capturing(Transport transport, Capture capture) {
      this.transport = transport;
      this.capture = capture;
    }

    @Override
    public CompletionStage<Void> full() {
      return capture.full();
    }

    @Override
    public CompletionStage<byte[]> end() {
      return home.call(
              () -> {
                var unused = transport.tap(null);
                return capture;
              })
          .thenApplyAsync(Capture::file);
    }
  }

  @Override
  public void close() {
    execute(() -> participant.transport().ifPresent(t -> t.close("closed")));
  }

  @Override
  public void onSlots(List<SlotChange> changes) {
    listener.onSlots(changes);
  }

  @Override
  public void onLayers(String mid, List<String> active) {
    listener.onLayers(mid, active);
  }

  @Override
  public void onState(State state, StateDetail detail) {
    event(Level.DEBUG, state.name().toLowerCase(Locale.ROOT))
        .addKeyValue("remote", detail.remoteAddress().orElse("-"))
        .log();
    listener.onState(state, detail);
  }

  @Override
  public void onSelected(PeerAddress address) {
    PairKind pair = negotiation.kindOf(address);
    home.worker().counters().selected(pair);
    event(Level.DEBUG, "pair").addKeyValue("pair", pair).addKeyValue("remote", address).log();
    onPair(
        new Pair(
            pair.type().name().toLowerCase(Locale.ROOT),
            pair.way().id(),
            pair.family(),
            address.toString()));
  }

  @Override
  public void onPair(Pair pair) {
    listener.onPair(pair);
  }

  @Override
  public void onQuality(int level) {
    listener.onQuality(level);
  }

  @Override
  public void onFirstPacket(String trackId) {
    event(Level.DEBUG, "first_packet").addKeyValue("track", trackId).log();
    listener.onFirstPacket(trackId);
  }

  @Override
  public void onClosed(String reason, @Nullable Throwable fault) {
    closed = true;
    home.worker().load().decrementAndGet();
    event(fault == null ? Level.DEBUG : Level.ERROR, "closed")
        .addKeyValue("reason", reason)
        .setCause(fault)
        .log();
    listener.onState(State.CLOSED, new StateDetail(reason, Optional.empty()));
  }

  private LoggingEventBuilder event(Level level, String what) {
    return LOG.atLevel(level)
        .addKeyValue("event", "media." + what)
        .addKeyValue("room", room.id())
        .addKeyValue("participant", participantId);
  }
}
