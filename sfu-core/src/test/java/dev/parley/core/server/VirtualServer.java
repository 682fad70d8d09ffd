package dev.parley.core.server;

import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.ViewWish;
import dev.parley.core.bwe.Estimator;
import dev.parley.core.common.Counters;
import dev.parley.core.common.DatagramSink;
import dev.parley.core.common.PeerAddress;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.dtls.HandshakeExecutor;
import dev.parley.core.ice.IceLite;
import dev.parley.core.net.Demux;
import dev.parley.core.relay.RelayQueue;
import dev.parley.core.room.Participant;
import dev.parley.core.room.Room;
import dev.parley.core.room.RoomHost;
import dev.parley.core.room.Wing;
import dev.parley.core.rtp.RtpPacket;
import dev.parley.core.sdp.AnswerPolicy;
import dev.parley.core.sdp.Candidate;
import dev.parley.core.sdp.SdpAnswerer;
import dev.parley.core.subscriber.Shedding;
import dev.parley.core.subscriber.Slot;
import dev.parley.core.subscriber.SlotScratch;
import dev.parley.core.transport.Transport;
import dev.parley.core.transport.TransportParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A worker with one room, or several workers with a wing of it each, without thread, socket and
 * clock: what is real is everything from offers and datagrams inwards. Does by hand what {@link
 * Worker} and {@link ParticipantSession} do; it is the one place of the simulation that makes
 * objects of the engine.
 */
public final class VirtualServer implements RoomHost, DatagramSink, AutoCloseable {
  /** Where datagrams leave. */
  public interface Output {
    /** Borrows the bytes until it returns. */
    void send(byte[] bytes, int offset, int lengthBytes, PeerAddress to);
  }

  /** Somebody in the room. */
  public record Joined(Participant participant, String answerSdp, Transport transport) {}

  /** How often {@link #tick} is to be called; what a worker does. */
  public static final long TICK_NANOS = 10_000_000;

  private static final long KEY_FRAME_INTERVAL_NANOS = 500_000_000;
  private static final long SETTLE_INTERVAL_NANOS = 20_000_000;

  private static final long NEVER_NANOS = Long.MAX_VALUE / 4;

  /** Who is silent stays. */
  public static final IceLite.Settings PATIENT =
      new IceLite.Settings(NEVER_NANOS, NEVER_NANOS, NEVER_NANOS);

  private static final int DATAGRAM_BYTES = 2048;
  private static final int MAX_HANDSHAKES = 4;
  private static final int MAX_WAITING_HANDSHAKES = 1024;
  private static final DtlsIdentity IDENTITY = DtlsIdentity.generate();
  private static final List<Candidate> CANDIDATES =
      LocalCandidates.of(List.of(InetAddress.getLoopbackAddress()), 10_000, OptionalInt.empty());

  private final Output output;
  private final Executor owner;
  private final SplittableRandom random;
  private final HandshakeExecutor handshakes =
      new HandshakeExecutor(MAX_HANDSHAKES, MAX_WAITING_HANDSHAKES);
  private final ExecutorService negotiation = Executors.newVirtualThreadPerTaskExecutor();
  private final Counters counters = new Counters();
  private final Demux demux = new Demux(counters);
  private final SlotScratch scratch = new SlotScratch();
  private final byte[] outgoing = new byte[DATAGRAM_BYTES];
  private final MemorySegment slab = Arena.ofAuto().allocate(DATAGRAM_BYTES);
  private final Map<String, Participant> participants = new HashMap<>();
  private final Map<String, Negotiation> negotiations = new HashMap<>();
  private final SfuServer.Engine engine;
  private final List<Room> wings = new ArrayList<>();
  private final Map<String, Room> wingOf = new HashMap<>();
  private final Set<Room> unsettled = new LinkedHashSet<>();

  /** What a wing has for another one. */
  private final Deque<Runnable> crossing = new ArrayDeque<>();

  private long nowNanos;
  private int joins;
  private Shedding shedding = Shedding.NONE;

  /**
   * @param ice how long clients may be silent; they make no checks of themselves
   * @param owner runs tasks on the caller's thread, in order, and never inside {@code execute}
   * @param random for first sequence numbers and timestamps, so that runs repeat themselves
   * @param wingCount in how many wings the room is; who joins is in each in turn
   */
  public VirtualServer(
      MediaRoom.Listener listener,
      IceLite.Settings ice,
      int wingCount,
      Executor owner,
      SplittableRandom random,
      Output output) {
    this.owner = owner;
    this.random = random;
    this.output = output;
    this.engine =
        new SfuServer.Engine(
            IDENTITY,
            handshakes,
            new SdpAnswerer(AnswerPolicy.standard()),
            negotiation,
            ice,
            new Estimator.Settings(60_000, 1_000_000, 50_000_000),
            "parley");
    SharedRoster roster = new SharedRoster();
    for (int i = 0; i < wingCount; i++) {
      wings.add(
          new Room(
              "room",
              new Room.Settings(KEY_FRAME_INTERVAL_NANOS, SETTLE_INTERVAL_NANOS, "parley"),
              roster.part(),
              this,
              listener,
              new RtpPacket(),
              counters));
      for (int j = 0; j < i; j++) {
        see(wings.get(i), wings.get(j), j == 0);
        see(wings.get(j), wings.get(i), false);
      }
    }
    settle(0);
  }

  private void see(Room near, Room far, boolean decides) {
    RelayQueue lane =
        new RelayQueue(
            counters,
            crossing::add,
            queue -> {
              long unused = queue.drain(nowNanos);
            });
    near.connect(new Wing(far, crossing::add, crossing::add, lane, decides));
  }

  /** Answers an offer and opens the transport. */
  public Joined join(MediaRoom.JoinOffer offer, Participant.Listener listener, long nowNanos) {
    Negotiation negotiated = Negotiation.begin(offer.sdp(), engine, () -> CANDIDATES);
    Room room = wings.get(joins++ % wings.size());
    wingOf.put(offer.participantId(), room);
    Participant participant = room.add(offer.participantId(), negotiated.rtcpSsrc(), listener);
    Transport transport =
        new Transport(
            new TransportParameters(
                negotiated.ice().local(),
                negotiated.ice().remote(),
                negotiated.remoteFingerprints(),
                engine.identity(),
                negotiated.srtpProfiles(),
                engine.ice(),
                engine.bandwidth()),
            this,
            demux,
            owner,
            engine.handshakes(),
            counters,
            participant,
            nowNanos);
    participant.transport(transport);
    demux.register(transport);
    participant.sections(negotiated.sendSections(), slots(negotiated, transport));
    for (MediaRoom.TrackPublication track : offer.tracks()) {
      room.publish(participant, track);
    }
    participants.put(offer.participantId(), participant);
    negotiations.put(offer.participantId(), negotiated);
    settle(nowNanos);
    return new Joined(participant, negotiated.answer().sdp(), transport);
  }

  /** Restarts ICE as if the client knew the last generation. */
  public MediaSession.LocalIce restartIce(
      String participantId, String ufrag, String pwd, long nowNanos) {
    Negotiation negotiated = negotiations.get(participantId);
    Transport transport = participant(participantId).transport().orElseThrow();
    if (negotiated == null) {
      throw new IllegalArgumentException("nobody called '" + participantId + "' is in the room");
    }
    MediaSession.LocalIce local = negotiated.restart(negotiated.ice().gen(), ufrag, pwd);
    transport.restartIce(negotiated.ice().local(), negotiated.ice().remote(), nowNanos);
    return local;
  }

  private List<Slot> slots(Negotiation negotiated, Transport transport) {
    List<Slot> slots = new ArrayList<>();
    for (Slot.Settings plan : negotiated.slots()) {
      slots.add(
          new Slot(plan, random.nextInt(1 << 15), random.nextInt(), transport, scratch, counters));
    }
    return slots;
  }

  /** A datagram from a client. May overwrite the bytes. */
  public void onDatagram(
      byte[] bytes, int offset, int lengthBytes, PeerAddress from, long nowNanos) {
    demux.route(bytes, offset, lengthBytes, from.high(), from.low(), from.port(), 0, 0, nowNanos);
    settle(nowNanos);
  }

  /** The workers' timers. */
  public void tick(long now) {
    nowNanos = now;
    for (Room room : wings) {
      if (room.nextTimeoutNanos() <= now) {
        room.handleTimeout(now);
      }
    }
    settle(now);
  }

  private void settle(long now) {
    nowNanos = now;
    while (!unsettled.isEmpty() || !crossing.isEmpty()) {
      List<Room> marked = List.copyOf(unsettled);
      unsettled.clear();
      marked.forEach(room -> room.settle(now));
      Runnable task = crossing.poll();
      if (task != null) {
        task.run();
      }
    }
  }

  private Room wingOf(String participantId) {
    Room wing = wingOf.get(participantId);
    if (wing == null) {
      throw new IllegalArgumentException("nobody called '" + participantId + "' was in the room");
    }
    return wing;
  }

  public void view(String participantId, ViewWish wish, long nowNanos) {
    wingOf(participantId).view(participant(participantId), wish);
    settle(nowNanos);
  }

  public void mute(String participantId, String trackId, boolean muted, long nowNanos) {
    wingOf(participantId).mute(participant(participantId), trackId, muted);
    settle(nowNanos);
  }

  public void leave(String participantId) {
    participant(participantId).transport().ifPresent(t -> t.close("closed"));
    participants.remove(participantId);
  }

  public Participant participant(String participantId) {
    Participant participant = participants.get(participantId);
    if (participant == null) {
      throw new IllegalArgumentException("nobody called '" + participantId + "' is in the room");
    }
    return participant;
  }

  /** The first wing, or the whole room. */
  public Room room() {
    return wings.getFirst();
  }

  /** Who is reached by which ufrag and address. */
  public Demux demux() {
    return demux;
  }

  public Counters counters() {
    return counters;
  }

  /** What the server is to leave out for everybody from now on. */
  public void shed(Shedding level) {
    shedding = level;
  }

  @Override
  public Shedding shedding(int viewer) {
    return shedding;
  }

  @Override
  public void unsettled(Room changed) {
    unsettled.add(changed);
  }

  @Override
  public long unixNanos(long nowNanos) {
    return 1_700_000_000_000_000_000L + nowNanos;
  }

  @Override
  public void send(byte[] bytes, int offset, int length, PeerAddress to) {
    output.send(bytes, offset, length, to);
  }

  @Override
  public int reserve() {
    return 0;
  }

  @Override
  public MemorySegment slab() {
    return slab;
  }

  @Override
  public void commit(int length, PeerAddress to) {
    MemorySegment.copy(slab, ValueLayout.JAVA_BYTE, 0, outgoing, 0, length);
    output.send(outgoing, 0, length, to);
  }

  /** Ends the handshakes' threads; the room is simply forgotten. */
  @Override
  public void close() {
    wings.forEach(Room::close);
    handshakes.close();
    negotiation.shutdownNow();
  }
}
