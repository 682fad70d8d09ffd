package dev.parley.signaling;

import dev.parley.core.api.MediaException;
import dev.parley.core.api.MediaKind;
import dev.parley.core.api.MediaRoom;
import dev.parley.core.api.MediaServer;
import dev.parley.core.api.MediaSession;
import dev.parley.core.api.PacketCapture;
import dev.parley.core.api.RelayStreams;
import dev.parley.core.api.ViewWish;
import dev.parley.core.api.WorkerSample;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A media engine without media. Its offers are lines {@code m=audio …} with {@code a=mid:} and a
 * direction; an offer that holds {@code fail=CODE} is refused with that code.
 */
public final class FakeMediaServer implements MediaServer {
  public final List<FakeRoom> rooms = new CopyOnWriteArrayList<>();

  /** While true, joins stay unanswered until {@link FakeRoom#answerAll}. */
  public volatile boolean holdAnswers;

  /** While true, the worker has no time for newcomers. */
  public volatile boolean full;

  /** An offer of sections such as {@code audio:0:sendonly}. */
  public static String offer(String... sections) {
    StringBuilder sdp = new StringBuilder("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n");
    for (String section : sections) {
      String[] parts = section.split(":", -1);
      sdp.append("m=" + parts[0] + " 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:" + parts[1] + "\r\n");
      sdp.append("a=" + parts[2] + "\r\n");
    }
    return sdp.toString();
  }

  @Override
  public MediaRoom openRoom(String roomId, MediaRoom.Listener listener) {
    return open(roomId, listener, false);
  }

  @Override
  public MediaRoom openEchoRoom(String roomId, MediaRoom.Listener listener) {
    return open(roomId, listener, true);
  }

  private FakeRoom open(String roomId, MediaRoom.Listener listener, boolean echo) {
    FakeRoom room = new FakeRoom(roomId, listener, echo);
    rooms.add(room);
    return room;
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric("packets_in", "Packets received", false, 7),
        new Metric("replayed", "Packets seen before", true, 3));
  }

  @Override
  public CompletionStage<List<WorkerSample>> samples() {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<Map<String, Object>> snapshot() {
    return CompletableFuture.completedFuture(Map.of("workers", List.of(Map.of("rooms", 1))));
  }

  /** What the relay heard of its last connection. */
  public final FakeRelay relay = new FakeRelay();

  @Override
  public Optional<RelayStreams> relayStreams() {
    return Optional.of(relay);
  }

  /** A relay of one connection, that answers the first message of 20 bytes. */
  public static final class FakeRelay implements RelayStreams {
    public volatile byte[] reply = {};
    public volatile InetSocketAddress client = new InetSocketAddress(0);
    public volatile boolean closed;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

    public byte[] received() {
      synchronized (heard) {
        return heard.toByteArray();
      }
    }

    @Override
    public Stream open(InetSocketAddress from, Output output) {
      client = from;
      return new Stream() {
        @Override
        public void receive(byte[] bytes) {
          synchronized (heard) {
            heard.writeBytes(bytes);
            if (heard.size() == 20) {
              output.send(reply);
            }
          }
        }

        @Override
        public void closed() {
          closed = true;
        }
      };
    }
  }

  @Override
  public List<AnnouncedAddress> announcedAddresses() {
    return List.of(new AnnouncedAddress(Transport.UDP, "192.0.2.1:10000"));
  }

  @Override
  public void close() {
    rooms.forEach(FakeRoom::close);
  }

  public FakeRoom lastRoom() {
    return rooms.get(rooms.size() - 1);
  }

  public final class FakeRoom implements MediaRoom {
    public final List<FakeSession> sessions = new CopyOnWriteArrayList<>();
    public final MediaRoom.Listener listener;
    public volatile boolean closed;
    public final boolean echo;
    private final String id;
    private final List<Runnable> held = new ArrayList<>();

    FakeRoom(String id, MediaRoom.Listener listener, boolean echo) {
      this.id = id;
      this.listener = listener;
      this.echo = echo;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public Optional<MediaException> full() {
      return full
          ? Optional.of(new MediaException(MediaException.Code.SERVER_FULL, "no time is left"))
          : Optional.empty();
    }

    @Override
    public synchronized CompletionStage<MediaSession> join(
        JoinOffer offer, MediaSession.Listener sessionListener) {
      CompletableFuture<MediaSession> answer = new CompletableFuture<>();
      Optional<MediaException> refusal = refusal(offer.sdp());
      if (refusal.isPresent()) {
        answer.completeExceptionally(refusal.get());
        return answer;
      }
      FakeSession session = new FakeSession(offer, sessions.size() + 1, sessionListener);
      sessions.add(session);
      if (holdAnswers) {
        held.add(() -> answer.complete(session));
      } else {
        answer.complete(session);
      }
      return answer;
    }

    /** An id that begins with {@code refuse} is refused; else the session is a new, equal one. */
    @Override
    public synchronized CompletionStage<MediaSession> adopt(
        MediaSession session,
        String participantId,
        List<TrackPublication> tracks,
        MediaSession.Listener sessionListener) {
      if (closed || participantId.startsWith("refuse")) {
        return CompletableFuture.failedFuture(
            new MediaException(
                closed ? MediaException.Code.ROOM_ENDED : MediaException.Code.BAD_REQUEST,
                "refused: " + participantId));
      }
      FakeSession before = (FakeSession) session;
      if (before.closed || before.adopted) {
        return CompletableFuture.failedFuture(
            new MediaException(
                MediaException.Code.NOT_IN_ROOM, before.participantId() + " is closed"));
      }
      before.adopted = true;
      FakeSession next =
          new FakeSession(
              new JoinOffer(participantId, before.offer.sdp(), tracks),
              sessions.size() + 1,
              sessionListener);
      next.answer = before.answer;
      sessions.add(next);
      return CompletableFuture.completedFuture(next);
    }

    public synchronized void answerAll() {
      held.forEach(Runnable::run);
      held.clear();
    }

    public FakeSession lastSession() {
      return sessions.get(sessions.size() - 1);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  static Optional<MediaException> refusal(String sdp) {
    int at = sdp.indexOf("fail=");
    if (at < 0) {
      return Optional.empty();
    }
    String code = sdp.substring(at + "fail=".length()).lines().findFirst().orElse("").strip();
    return Optional.of(new MediaException(MediaException.Code.valueOf(code), "refused: " + code));
  }

  /** Remembers what it was told. */
  public static final class FakeSession implements MediaSession {
    public final MediaRoom.JoinOffer offer;
    public final MediaSession.Listener listener;
    public final List<MediaRoom.TrackPublication> published = new CopyOnWriteArrayList<>();
    public final List<String> unpublished = new CopyOnWriteArrayList<>();
    public final List<String> muted = new CopyOnWriteArrayList<>();
    public final List<ViewWish> views = new CopyOnWriteArrayList<>();
    public final List<String> restarts = new CopyOnWriteArrayList<>();
    public final List<String> remoteCandidates = new CopyOnWriteArrayList<>();
    public volatile boolean closed;

    /** Another room has taken it over. */
    public volatile boolean adopted;

    private final int csrc;
    private volatile Answer answer;

    FakeSession(MediaRoom.JoinOffer offer, int csrc, MediaSession.Listener listener) {
      this.offer = offer;
      this.csrc = csrc;
      this.listener = listener;
      this.answer = new Answer("answer to " + offer.sdp().length(), 1, sections(offer.sdp()));
    }

    private static List<Section> sections(String sdp) {
      List<Section> sections = new ArrayList<>();
      String[] parts = sdp.split("\r\nm=", -1);
      for (int i = 1; i < parts.length; i++) {
        String mid = parts[i].split("a=mid:", -1)[1].lines().findFirst().orElse("");
        sections.add(
            new Section(
                mid,
                parts[i].startsWith("audio") ? MediaKind.AUDIO : MediaKind.VIDEO,
                parts[i].contains("recvonly")
                    ? Direction.RECEIVE
                    : parts[i].contains("inactive") ? Direction.REJECTED : Direction.SEND));
      }
      return sections;
    }

    @Override
    public String participantId() {
      return offer.participantId();
    }

    @Override
    public int csrc() {
      return csrc;
    }

    @Override
    public Answer answer() {
      return answer;
    }

    @Override
    public CompletionStage<Answer> negotiate(int gen, String sdp) {
      if (gen != answer.gen()) {
        return CompletableFuture.failedFuture(stale(gen));
      }
      answer = new Answer("answer", gen + 1, sections(sdp));
      return CompletableFuture.completedFuture(answer);
    }

    private MediaException stale(int gen) {
      return new MediaException(
          MediaException.Code.STALE_GENERATION, "built on " + gen + " while at " + answer.gen());
    }

    @Override
    public CompletionStage<LocalIce> restartIce(int gen, String ufrag, String pwd) {
      if (gen != answer.gen()) {
        return CompletableFuture.failedFuture(stale(gen));
      }
      if (ufrag.length() < 4 || pwd.length() < 22) {
        return CompletableFuture.failedFuture(
            new MediaException(MediaException.Code.BAD_REQUEST, "malformed credentials"));
      }
      restarts.add(ufrag + " " + pwd);
      answer = new Answer(answer.sdp(), gen + 1, answer.sections());
      return CompletableFuture.completedFuture(
          new LocalIce(
              gen + 1,
              "server" + (gen + 1),
              "passwordOfTheFakeServer" + (gen + 1),
              List.of("candidate:1 1 udp 2130706431 192.0.2.1 10000 typ host")));
    }

    @Override
    public CompletionStage<Void> remoteCandidates(int gen, List<String> candidates) {
      if (gen != answer.gen()) {
        return CompletableFuture.failedFuture(stale(gen));
      }
      if (!candidates.stream().allMatch(c -> c.isEmpty() || c.startsWith("candidate:"))) {
        return CompletableFuture.failedFuture(
            new MediaException(MediaException.Code.BAD_REQUEST, "no candidate"));
      }
      remoteCandidates.addAll(candidates);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> publish(MediaRoom.TrackPublication track) {
      boolean sends =
          answer.sections().stream()
              .anyMatch(section ->
                  section.mid().equals(track.mid())
                      && section.direction() == Direction.SEND
                      && section.kind() == track.source().kind());
      if (!sends) {
        return CompletableFuture.failedFuture(
            new MediaException(
                MediaException.Code.BAD_REQUEST, "no sending section " + track.mid()));
      }
      published.add(track);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void mute(String trackId, boolean on) {
      muted.add(trackId + "=" + on);
    }

    @Override
    public void unpublish(String trackId) {
      unpublished.add(trackId);
    }

    @Override
    public void view(ViewWish wish) {
      views.add(wish);
    }

    @Override
    public CompletionStage<PacketCapture> capture(PacketCapture.Bounds bounds) {
      // As the engine before DTLS is done: there are no packets in the clear.
      return CompletableFuture.failedFuture(
          new MediaException(MediaException.Code.BAD_REQUEST, "it is not connected"));
    }

    @Override
    public CompletionStage<Map<String, Object>> snapshot() {
      return CompletableFuture.completedFuture(Map.of());
    }

    /** What the engine reports of the connection. */
    public void report(State state) {
      listener.onState(state, new StateDetail("", Optional.empty()));
    }

    /** The first packet of the first track has come. */
    public void firstPacket() {
      listener.onFirstPacket(offer.tracks().getFirst().trackId());
    }

    /** What the engine reports when the media ends by itself. */
    public void end(String reason) {
      listener.onState(State.CLOSED, new StateDetail(reason, Optional.empty()));
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
